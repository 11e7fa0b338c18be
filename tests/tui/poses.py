"""Screens that need a server, on a terminal that has none: the real screens, with what it would have said put in as values."""

from collections.abc import Callable, Coroutine
from datetime import timedelta

from msgspec.structs import replace

from mailsync.link.mailing_protocol import MailingRequest, MailingTold, RowBody
from mailsync.mime.parse import parse_message
from store.domain.check import Check
from store.domain.draft_kind import DraftKind
from store.domain.ids import InboxKey, MailingId, MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.mailing import Fate, Mailing, MailingState
from store.domain.mailing_check import MailingCheck
from store.domain.outbox import Envelope
from store.domain.refusals import LeaseHeld
from store.domain.reply_events import ReplyQueued
from tests.tui.home_builder import NOON, SATO, TANAKA
from tui.actions.checking import CheckPages
from tui.screens.check import CheckScreen
from tui.screens.collision import Collision, collision_picking
from tui.screens.desk import DeskScreen
from tui.screens.mailings import MailingsScreen
from tui.screens.picker import Picker

ANSWER = """From: support@example.jp\r
To: =?utf-8?b?5bGx55SwIOiKseWtkA==?= <hanako@customer.example>\r
Subject: =?utf-8?b?UmU6IOe0jeacn+OBruOBlOebuOirhw==?=\r
Message-ID: <ours@example.jp>\r
Content-Type: text/plain; charset=utf-8\r
\r
山田 花子 様\r
\r
{sentence}\r
"""
NEWS = Mailing(
    id=MailingId("a" * 24), inbox=InboxKey("support"), name="冬のご案内", by=SATO, rows=10_000, per_minute=600,
    started_at=NOON - timedelta(minutes=4), state=MailingState.RUNNING,
)  # fmt: skip
WAITS = replace(NEWS, id=MailingId("b" * 24), name="年末年始の営業日", by=TANAKA, rows=320, state=MailingState.WAITING)
BACK = replace(
    NEWS, id=MailingId("c" * 24), name="Recall M-20418", rows=48, state=MailingState.SENT_BACK, sent_back_by=TANAKA,
    remark="日付を確認してください",
)  # fmt: skip
TOLD = [
    MailingTold(NEWS, 10_000, 10_000, {Fate.WAITING: 7_600, Fate.ON_ITS_WAY: 5, Fate.SENT: 2_390, Fate.REFUSED: 5}),
    MailingTold(WAITS, 320, 320, check=MailingCheck(2, (SATO,))),
    MailingTold(BACK, 48, 48),
]


class WhatItSaid:
    """A server's answers about mailings, as they came."""

    async def mailings(self) -> list[MailingTold]:
        """All of them."""
        return TOLD

    async def command_mailing(self, body: MailingRequest) -> MailingTold:
        """The page as it is asked for nothing here."""
        raise LookupError(body)

    async def mailing_rows(self, mailing_id: MailingId) -> list[RowBody]:
        """As above."""
        raise LookupError(mailing_id)


async def collision(desk: DeskScreen) -> None:
    """`r` where Tanaka is writing."""
    held = LeaseHeld(TANAKA, NOON - timedelta(minutes=3), idle=False, may_take_over=True)
    desk.app.push_screen(Picker(collision_picking(Collision(held, desk.session.names[TANAKA], NOON))))


async def check(desk: DeskScreen) -> None:
    """A reply of Tanaka's that waits for Sato's yes, changed since it was sent back."""
    row = desk.row
    opened = await desk.read(row.id) if row else None
    assert opened is not None
    before, mail = (
        parse_message(ANSWER.format(sentence=each).encode()) for each in ("来週お届けします。", "12月1日(金)にお届けします。\r\n送料はかかりません。")
    )
    reply = ReplyQueued(
        SubmissionId("1" * 32), MessageId("<ours@example.jp>"), Token(1, 1), Revision(3),
        Envelope("support@example.jp", ("hanako@customer.example",)), "", StatusKey("in_progress"), NOON, kind=DraftKind.REPLY,
    )  # fmt: skip
    asked = Check(TANAKA, NOON - timedelta(minutes=9), reply, "", 2, note="納期だけ確認をお願いします", limit_at=NOON + timedelta(hours=2))
    names: dict[MemberKey, str] = dict(desk.session.names)
    pages = CheckPages(asked, mail, before, (), names, NOON, opened.messages)
    desk.app.push_screen(CheckScreen(f"#{opened.conversation.number}", pages, decides=True, opens=_nothing))


async def _nothing(_number: int, _say: Callable[[str], None]) -> None:
    """It has no files."""


async def mailings(desk: DeskScreen) -> None:
    """One on its way, one that waits for two checkers, one sent back."""
    desk.app.push_screen(MailingsScreen(WhatItSaid(), desk.session.names))


POSES: tuple[Callable[[DeskScreen], Coroutine[object, object, None]], ...] = (collision, check, mailings)
"""In the order in which they are asked for."""
