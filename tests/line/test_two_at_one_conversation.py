"""Two at one conversation, played at real terminals: who writes, asking, taking over, and the customer who is quicker than the reply."""

from collections.abc import Iterator

import pytest

from tests.line.seats import FOOTER_OF_COMPOSER, HOLD_SECONDS, IS_READ, SOON, Mail, Pair, Seat, eventually

NEWS = "追伸：至急お願いします。"
UNTIL_THE_CUSTOMER_WROTE_SECONDS = 9.0
"""A hold in which a mail is sure to arrive. It is waited out."""


@pytest.fixture
def leader(pair: Pair) -> Iterator[Seat]:
    """Suzuki, who leads, at a terminal of their own for one test."""
    seat = Seat(pair.house, pair.house.joins("Suzuki", role="leader"), "Suzuki", columns=100, rows=30)
    seat.sees("^ Work tray")
    yield seat
    pair.house.leaves(seat.terminal)


def test_the_second_to_press_r_is_told_who_writes_and_can_comment_or_ask(pair: Pair) -> None:
    mail = pair.mail()
    writes(pair.sato, mail, "下書きの文です。")
    pair.tanaka.row(mail.token, "✎Sato", SOON)
    collides(pair.tanaka, mail)
    pair.tanaka.presses("c")
    pair.tanaka.sees("^Comment:")
    pair.tanaka.types(f"{mail.token} は私が電話します")
    pair.tanaka.presses("Enter")
    pair.sato.sees(f"Tanaka commented: {mail.token} は私が電話します", SOON)
    # What is said stands over the list's name until the next key: said after that key, it would hide what is looked for next.
    pair.tanaka.sees("Commented", SOON)
    collides(pair.tanaka, mail)
    pair.tanaka.presses("a")
    pair.tanaka.sees("Asked", SOON)
    pair.sato.sees("Tanaka would like to write here", SOON)
    # Typing, so an agent is not even offered to take over.
    collides(pair.tanaka, mail)
    assert "take over" not in pair.tanaka.screen
    pair.tanaka.presses("t")
    pair.tanaka.settles()
    assert "Taking over because" not in pair.tanaka.screen
    assert "Sato is writing here" in pair.tanaka.screen
    pair.tanaka.presses("r")
    pair.tanaka.sees(IS_READ)
    pair.tanaka.sees("Sato is writing since")
    # Whoever was asked lets go, and the one who asked can write.
    pair.sato.presses("C-k")
    pair.sato.sees_no_more(FOOTER_OF_COMPOSER)
    is_free(pair.tanaka, mail, "Sato")
    pair.tanaka.replies(mail.token)
    pair.sato.row(mail.token, "✎Tanaka", SOON)
    pair.tanaka.presses("C-k")
    pair.sato.row(mail.token, "New", SOON)


def is_free(seat: Seat, mail: Mail, no_more: str) -> None:
    """This seat has heard that the other writes there no more."""
    seat.finds(mail.token)
    seat.sees_no_more(f"{mail.token}.*✎{no_more}", SOON)


def collides(seat: Seat, mail: Mail) -> None:
    """`r` on a conversation in which Sato writes: who, and since when."""
    seat.finds(mail.token)
    seat.presses("r")
    seat.sees("Sato is writing here", SOON)
    seat.sees(r"since \d\d:\d\d \(.*\), typing", SOON)
    seat.sees("read on", SOON)


def writes(seat: Seat, mail: Mail, text: str) -> None:
    """In the composer, with this at the top of the text."""
    seat.replies(mail.token)
    seat.types(text)
    seat.sees(text)


def test_a_leader_takes_over_with_a_reason_and_the_other_keeps_the_text_and_can_not_send(pair: Pair, leader: Seat) -> None:
    mail = pair.mail()
    text = f"{mail.token} の途中の文"
    writes(pair.sato, mail, text)
    leader.finds(mail.token)
    leader.row(mail.token, "✎Sato", SOON)
    leader.presses("r")
    leader.sees("take over")
    leader.presses("t")
    leader.sees("^Taking over because:")
    leader.types("お客様がお急ぎです")
    leader.presses("Enter")
    leader.sees(FOOTER_OF_COMPOSER)
    pair.sato.sees("Suzuki has taken over|Your right to reply is gone", SOON)
    # Read-only: what is typed does not arrive, and ^S sends nothing.
    pair.sato.types("消えない")
    pair.sato.presses("C-s")
    pair.sato.settles()
    assert "消えない" not in pair.sato.screen
    assert "Leaves at" not in pair.sato.screen
    pair.sato.presses("Escape")
    pair.sato.sees_no_more(FOOTER_OF_COMPOSER)
    pair.sato.finds(mail.token)
    pair.sato.row(mail.token, "✎Suzuki")
    # The draft's mark.
    pair.sato.row(mail.token, r"^\+")
    leader.presses("C-k")
    leader.sees_no_more(FOOTER_OF_COMPOSER)
    whole = pair.shown(pair.sato, mail.token)
    assert whole["submissions"] == []
    (taken,) = [each for each in whole["timeline"] if each.get("broken_from")]
    assert (taken["by"], taken["broken_from"], taken["reason"]) == ("suzuki", "sato", "お客様がお急ぎです")
    # The text is still there to go on with.
    is_free(pair.sato, mail, "Suzuki")
    pair.sato.replies(mail.token)
    pair.sato.sees(text)
    pair.sato.presses("C-k")


def is_stopped(pair: Pair) -> tuple[Mail, str]:
    """Sato writes, the customer writes again, `^S` stops and shows what is new."""
    mail = pair.mail()
    text = f"{mail.token} にお答えします。"
    writes(pair.sato, mail, text)
    pair.house.customer_writes(f"Re: {mail.subject}", NEWS, in_reply_to=mail.message_id)
    pair.sato.sees("New mail from 山田花子", SOON + 1)
    pair.sato.presses("C-s")
    pair.sato.sees("1 thing is new since you began to write", SOON)
    for words in (NEWS, "edit the reply", "send it all the same", "keep it as a draft"):
        pair.sato.sees(words, SOON)
    return mail, text


def test_what_the_customer_wrote_meanwhile_stops_the_send_and_sato_edits(pair: Pair) -> None:
    mail, text = is_stopped(pair)
    pair.sato.presses("e")
    pair.sato.sees_no_more("edit the reply")
    pair.sato.sees(FOOTER_OF_COMPOSER)
    pair.sato.types("至急対応いたします。")
    pair.sato.sees(f"至急対応いたします。{text}|{text}至急対応いたします。")
    pair.sato.presses("C-s")
    pair.sato.sees("Leaves at|Your reply has left")
    leaves_once(pair, mail, "至急対応いたします。")


def test_what_the_customer_wrote_meanwhile_stops_the_send_and_sato_sends_all_the_same(pair: Pair) -> None:
    mail, text = is_stopped(pair)
    pair.sato.presses("s")
    pair.sato.sees("Leaves at|Your reply has left")
    leaves_once(pair, mail, text)


def test_what_the_customer_wrote_meanwhile_stops_the_send_and_sato_keeps_a_draft(pair: Pair) -> None:
    mail, text = is_stopped(pair)
    pair.sato.presses("k")
    pair.sato.sees("Kept as a draft")
    pair.sato.sees_no_more(FOOTER_OF_COMPOSER)
    pair.sato.is_at_the_list()
    pair.sato.row(mail.token, r"^\+")
    pair.tanaka.sees_no_more(f"{mail.token}.*✎Sato")
    assert pair.shown(pair.sato, mail.token)["submissions"] == []
    assert pair.received(mail.token) == []
    pair.sato.replies(mail.token)
    pair.sato.sees(text)
    pair.sato.presses("C-k")


def leaves_once(pair: Pair, mail: Mail, words: str) -> None:
    """The customer has it once, with these words; it is done at both."""
    for seat in pair.seats:
        seat.is_at_the_list()
        seat.finds(mail.token)
    pair.tanaka.row(mail.token, "^[ o] D")
    pair.sato.row(mail.token, "Done")
    eventually(lambda: bool(pair.received(mail.token) and pair.filed(mail.token)), "the mail and its copy")
    (got,), (copy,) = pair.received(mail.token), pair.filed(mail.token)
    assert got["Message-ID"] == copy["Message-ID"]
    assert words in got.get_body().get_content()


@pytest.mark.parametrize("decision", ["s", "e", "k"])
def test_what_the_customer_writes_during_the_hold_holds_the_reply_until_its_sender_decides(pair: Pair, decision: str) -> None:
    mail = pair.mail()
    text = f"{mail.token} にお答えします。"
    writes(pair.sato, mail, text)
    pair.sato.holds(UNTIL_THE_CUSTOMER_WROTE_SECONDS)
    pair.sato.presses("C-s")
    pair.sato.sees("Leaves at")
    pair.sato.holds(HOLD_SECONDS)
    pair.house.customer_writes(f"Re: {mail.subject}", NEWS, in_reply_to=mail.message_id)
    pair.sato.sees(r"Your reply in #\d+: held")
    pair.sato.finds(mail.token)
    pair.sato.row(mail.token, r"^\*")
    pair.sato.presses("r")
    pair.sato.sees(NEWS)
    pair.sato.presses(decision)
    if decision == "s":
        pair.sato.sees("sent after all")
        leaves_once(pair, mail, text)
        return
    pair.sato.sees(FOOTER_OF_COMPOSER if decision == "e" else "taken back")
    assert pair.received(mail.token) == []
    if decision == "e":
        pair.sato.sees(text)
        pair.sato.presses("C-s")
        pair.sato.sees("Leaves at|Your reply has left")
        leaves_once(pair, mail, text)
        return
    pair.sato.replies(mail.token)
    pair.sato.sees(text)
    pair.sato.presses("C-k")
    pair.sato.sees_no_more(FOOTER_OF_COMPOSER)
    assert pair.received(mail.token) == []
