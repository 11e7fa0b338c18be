"""Step 10: the server is away, and comes back. Reading, searching, commenting and drafting go on; what waited passes the same fence."""

from collections.abc import Iterator

import pytest

from tests.line.seats import FOOTER_OF_COMPOSER, Mail, Pair, eventually

BACK_SECONDS = 90.0
"""The terminals try again by themselves, more and more slowly."""
AWAY = "Server away since"


@pytest.fixture
def pair(shared_pair: Pair) -> Iterator[Pair]:
    """At their lists, with the server up before and after."""
    shared_pair.at_the_lists()
    yield shared_pair
    if shared_pair.server_is_away:
        comes_back(shared_pair)


def goes_away(pair: Pair) -> None:
    """The server stops; both are told."""
    pair.house.stop_server()
    pair.server_is_away = True
    for seat in pair.seats:
        seat.sees(AWAY)


def comes_back(pair: Pair) -> None:
    """And both go on by themselves."""
    pair.house.start_server()
    pair.server_is_away = False
    for seat in pair.seats:
        seat.sees_no_more(AWAY, BACK_SECONDS)


def writes_away(pair: Pair, mail: Mail, text: str) -> None:
    """Written and handed over while nobody answers."""
    pair.sato.replies(mail.token)
    pair.sato.sees("Server away: nobody sees that you write")
    pair.sato.types(text)
    pair.sato.sees(text)
    pair.sato.presses("C-s")
    pair.sato.sees("the reply waits here")
    pair.sato.sees_no_more(FOOTER_OF_COMPOSER)


def test_work_goes_on_and_what_waited_leaves_once_when_the_server_is_back(pair: Pair) -> None:
    mail, other = pair.mail(body="本文に目印ABC987がある"), pair.mail()
    goes_away(pair)
    pair.sato.opens(mail.token)
    pair.sato.sees("目印ABC987")
    pair.tanaka.is_at_the_list()
    pair.tanaka.presses("/")
    pair.tanaka.sees("^/")
    pair.tanaka.types("ABC987")
    pair.tanaka.presses("Enter")
    pair.tanaka.row(mail.token)
    # New mail goes on coming: it needs the mailbox, not the team's server.
    late = pair.mail(shown=False)
    pair.sato.is_at_the_list()
    pair.sato.row(late.token)
    pair.sato.finds(other.token)
    pair.sato.presses("c")
    pair.sato.sees("^Comment:")
    pair.sato.types(f"{other.token} は保留で")
    pair.sato.presses("Enter")
    pair.sato.sees("queued")
    text = f"{mail.token} を承りました。"
    writes_away(pair, mail, text)
    pair.sato.is_at_the_list()
    pair.sato.sees("2 waiting to be sent")
    pair.sato.row(mail.token, "Queued")
    (waiting,) = pair.house.mado(pair.sato.agent.home, "outbox", expect=3)
    assert (waiting["state"], waiting["conversation_id"]) == ("local", pair.shown(pair.sato, mail.token)["id"])
    # A draft survives too.
    pair.sato.replies(late.token)
    pair.sato.types(f"{late.token} の下書き")
    pair.sato.sees(f"{late.token} の下書き")
    pair.sato.presses("Escape")
    pair.sato.sees("Kept as a draft")
    assert pair.received(mail.token) == []
    pair.sato.is_at_the_list()
    pair.sato.finds(mail.token)
    pair.sato.presses("*")
    pair.sato.sees("queued, and it will be asked on its return")
    comes_back(pair)
    # It stands there no longer than a sentence does anyway, and the server may be back sooner or later than that.
    pair.sato.sees_no_more("queued, and it will be asked on its return")
    pair.sato.sees_no_more("waiting to be sent")
    pair.tanaka.opens(other.token)
    pair.tanaka.sees(f"{other.token} は保留で")
    for seat in pair.seats:
        seat.finds(mail.token)
    pair.tanaka.row(mail.token, "^[ o] D")
    pair.sato.row(mail.token, "Done")
    eventually(lambda: bool(pair.received(mail.token) and pair.filed(mail.token)), "the mail and its copy")
    (got,), (_copy,) = pair.received(mail.token), pair.filed(mail.token)
    assert got["Message-ID"] == waiting["message_id"]
    assert got["In-Reply-To"] == mail.message_id
    assert text in got.get_body().get_content()
    assert [each["text"] for each in pair.shown(pair.tanaka, other.token)["comments"]] == [f"{other.token} は保留で"]
    pair.sato.replies(late.token)
    pair.sato.sees(f"{late.token} の下書き")
    pair.sato.presses("C-k")


def test_a_reply_that_waited_while_the_customer_wrote_stops_and_its_text_is_there(pair: Pair) -> None:
    mail = pair.mail()
    goes_away(pair)
    text = f"{mail.token} を承りました。"
    # Sato's machine must not know of the second mail: what its agent could have read stops nothing.
    writes_away(pair, mail, text)
    pair.house.customer_writes(f"Re: {mail.subject}", "やはり取り消します。", in_reply_to=mail.message_id)
    comes_back(pair)
    pair.sato.sees("Queued earlier, and refused: Something new came|held", BACK_SECONDS)
    pair.sato.finds(mail.token)
    assert pair.received(mail.token) == []
    pair.sato.row(mail.token, r"^[+*]")
    pair.sato.presses("r")
    if "edit the reply" in pair.sato.sees(rf"edit the reply|{FOOTER_OF_COMPOSER}"):
        # It was handed over before the server had looked at the mailbox: held, until its sender decides.
        pair.sato.presses("e")
        pair.sato.sees(FOOTER_OF_COMPOSER)
    pair.sato.sees(text)
    pair.sato.types("取り消しも承りました。")
    pair.sato.presses("C-s")
    pair.sato.sees("(is|are) new since you began to write|Leaves at|Your reply has left")
    if "new since you began to write" in pair.sato.screen:
        pair.sato.sees("やはり取り消します。")
        pair.sato.presses("s")
    pair.sato.sees("Leaves at|Your reply has left")
    eventually(lambda: bool(pair.received(mail.token) and pair.filed(mail.token)), "the mail and its copy")
    (got,) = pair.received(mail.token)
    assert "取り消しも承りました。" in got.get_body().get_content()
