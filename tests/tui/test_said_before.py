"""A customer who was sent much the same within a day: the composer asks before it goes out, and says who sent what and when."""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailsync.engine.reading import read_mail
from mailsync.imap.pull import Fetched
from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.domain.events import ReplyQueued
from store.domain.ids import ConversationId, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope
from store.local.rows import Cursor
from store.local.sent import MOST
from store.local.store import LocalStore
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import shown
from tests.tui.home_builder import SUPPORT, TANAKA, HomeBuilder
from tui.said_before import said_before
from tui.view.findings import finding_words

HANAKO = "hanako@customer.example"
TEXT = "お問い合わせありがとうございます。ご注文の商品は本日発送いたしました。到着まで今しばらくお待ちください。"
OWN = frozenset({"support@example.jp"})


def sent_copy(builder: HomeBuilder, to: str, text: str = TEXT, *, message_id: str = "<ours@example.jp>", ago: timedelta = timedelta(hours=2)) -> None:
    """A copy of ours lies in Sent and was pulled."""
    builder.uid += 1
    at = datetime.now(UTC) - ago
    head = f"From: support@example.jp\r\nTo: {to}\r\nSubject: Re: question\r\nMessage-ID: {message_id}\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
    body = f"{text}\n\n-- \nサポート 佐藤\n\n> 前の質問\n".replace("\n", "\r\n")
    raw = f"{head}In-Reply-To: <1@customer.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}".encode()
    mail = read_mail(SUPPORT, Fetched(uid=builder.uid, internaldate=at, flags=(), size_bytes=len(raw), raw=raw))
    builder.store.commit_pull(SUPPORT, "Sent", [mail], Cursor(1, builder.uid), outgoing=True)


def by_tanaka(builder: HomeBuilder, conversation_id: ConversationId) -> None:
    """The journal says that this copy was Tanaka's reply."""
    queued = ReplyQueued(
        SubmissionId("f" * 32),
        MessageId("<ours@example.jp>"),
        Token(1, 1),
        Revision(1),
        Envelope("support@example.jp", (HANAKO,)),
        "",
        StatusKey("done"),
        datetime.now(UTC),
    )
    builder.tell(conversation_id, queued, by=TANAKA)


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[HomeBuilder]:
    """Hanako wrote in the morning, and to another address just now; some other customer wrote too."""
    builder = HomeBuilder(tmp_path / "home")
    builder.mail("どこですか", ago=timedelta(hours=3))
    builder.mail("別の方から", sender="Ben <ben@customer.example>", ago=timedelta(hours=1))
    builder.mail("まだですか", ago=timedelta(minutes=1))
    yield builder
    builder.close()


def ids_of(builder: HomeBuilder) -> list[ConversationId]:
    found = [builder.store.resolve(f"#{number}") for number in (1, 2, 3)]
    return [each for each in found if each is not None]


def asked(builder: HomeBuilder, to: str, text: str = TEXT, own: frozenset[str] = OWN) -> tuple[str, ...] | None:
    """Who, when and where, for a reply in the third conversation."""
    draft = Draft(conversation_id=ids_of(builder)[2], to=(to,), body=f"{text}\n\n-- \nサポート 鈴木\n\n> まったく別の引用です。\n> 別の引用です。\n")
    found = said_before(builder.store, draft, own, datetime.now(UTC))
    return None if found is None else found.words


def test_the_colleague_who_sent_it_is_named(builder: HomeBuilder) -> None:
    sent_copy(builder, f"山田 花子 <{HANAKO}>")
    by_tanaka(builder, ids_of(builder)[0])
    said = asked(builder, f"花子 <{HANAKO.upper()}>")
    assert said is not None
    who, when, conversation = said
    assert (who, conversation) == ("Tanaka", "#1")
    assert abs(datetime.now(UTC) - timedelta(hours=2) - datetime.fromisoformat(when)) < timedelta(minutes=2)


def test_what_another_program_sent_counts_too(builder: HomeBuilder) -> None:
    sent_copy(builder, HANAKO)
    said = asked(builder, HANAKO)
    assert said is not None
    assert said[0] == ""


def test_nobody_is_warned_of_another_customer_another_day_or_another_answer(builder: HomeBuilder) -> None:
    sent_copy(builder, HANAKO)
    sent_copy(builder, "ben@customer.example", message_id="<old@example.jp>", ago=timedelta(hours=25))
    assert asked(builder, "ben@customer.example") is None
    assert asked(builder, "jp@customer.example") is None
    # Its words stand in Hanako's address, but it is another one.
    assert asked(builder, "customer.example@hanako.example") is None
    assert asked(builder, HANAKO, "返品を承りました。送料は当社が負担いたしますので、着払いでお送りください。よろしくお願いいたします。") is None
    assert asked(builder, HANAKO, own=OWN | {HANAKO}) is None, "one of our own addresses"


def test_what_a_customer_wrote_is_nothing_we_said(builder: HomeBuilder) -> None:
    builder.mail("転送", TEXT, sender=f"花子 <{HANAKO}>")
    assert asked(builder, HANAKO) is None
    assert asked(builder, "support@example.jp", own=frozenset()) is None


def test_an_own_reply_in_its_hold_counts_before_there_is_a_copy(builder: HomeBuilder) -> None:
    first = ids_of(builder)[0]
    waiting = Draft(
        conversation_id=first, to=(HANAKO,), body=TEXT, saved_at=datetime.now(UTC) - timedelta(seconds=9), submission_id=SubmissionId("f" * 32)
    )
    builder.store.save_draft(waiting)
    said = asked(builder, HANAKO)
    assert said is not None
    assert (said[0], said[2]) == ("佐藤", "#1")


def test_only_the_newest_few_are_read(builder: HomeBuilder) -> None:
    for number in range(MOST + 3):
        sent_copy(builder, HANAKO, f"{number}", message_id=f"<{number}@example.jp>", ago=timedelta(minutes=100 - number))
    found = builder.store.sent_to([HANAKO], datetime.now(UTC) - timedelta(days=1))
    assert [mail.message_id for mail in found] == [f"<{number}@example.jp>" for number in range(MOST + 2, 2, -1)]
    assert builder.store.sent_to([], datetime.now(UTC) - timedelta(days=1)) == ()


def test_what_left_past_the_desk_is_said_as_such(builder: HomeBuilder) -> None:
    sent_copy(builder, HANAKO)
    draft = Draft(conversation_id=ids_of(builder)[2], to=(HANAKO,), body=TEXT)
    found = said_before(builder.store, draft, OWN, datetime.now(UTC))
    assert found is not None
    assert re.fullmatch(r"Much the same was sent to this customer on \d\d-\d\d \d\d:\d\d, past the desk \(#1\)\.", finding_words(found))


def test_at_the_screen_it_goes_out_only_after_one_was_told_who_sent_the_same(builder: HomeBuilder) -> None:
    sent_copy(builder, HANAKO)
    by_tanaka(builder, ids_of(builder)[0])
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "まだですか", "Server away")
        screen.press("r")
        shown(screen, "^S send")
        screen.press(TEXT)
        shown(screen, TEXT[:20])
        screen.press("\x13")
        shown(screen, "Before it goes out", "Tanaka sent this customer much the same", "(#1)")
        screen.press("b")
        shown(screen, "^S send")
        assert builder.store.pending() == ()
        screen.press("\x13")
        shown(screen, "Tanaka sent this customer much the same")
        screen.press("s")
        shown(screen, "the reply waits here")
    store = LocalStore.open(builder.home)
    (sent,) = [waiting.command for waiting in store.pending() if isinstance(waiting.command, SubmitReply)]
    store.close()
    assert TEXT[:20] in email.message_from_bytes(sent.mime, policy=email.policy.default).get_body().get_content()
