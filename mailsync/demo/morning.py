"""What the colleagues did before the human came in: the desk of the demo does not open untouched."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from mailsync.demo.board import Board
from mailsync.demo.cast import Colleague
from store.clock import Clock
from store.domain.commands import AssignConversation, SetStatus, SetUrgency
from store.domain.conversation import Conversation
from store.domain.ids import MemberKey, StatusKey
from store.domain.status import HOLD, JUNK, NO_REPLY, Urgency
from store.errors import MadoError

LOOK_AGAIN_SECONDS = 0.3
GIVE_UP_AFTER_LOOKS = 60


@dataclass(frozen=True)
class Deed:
    """What one colleague did about the conversation whose subject holds some words."""

    subject: str
    by: str
    takes: bool = False
    urgency: Urgency | None = None
    status: StatusKey | None = None
    reason: str = ""
    comment: str = ""


DEEDS = (
    Deed("焦げたにおい", "sato", urgency=Urgency.VERY_URGENT, comment="@{human} @tanaka 販売停止は店長に連絡済みです。お客様への第一報を急ぎでお願いします。"),
    Deed("明日の現場で使う丁番", "sato", urgency=Urgency.URGENT, comment="倉庫に60枚あります。配送便だけ確認中です。"),
    Deed("対応が遅すぎる", "sato", urgency=Urgency.URGENT, comment="修理部門に確認しました。今日の夕方に仕上がるそうです。@{human} 返信前に一度見せてください。"),
    Deed("掛売りでの取引", "sato", takes=True),
    Deed("官公庁向けの見積書", "sato", takes=True, urgency=Urgency.URGENT),
    Deed("見積依頼:工具箱", "tanaka", takes=True, comment="メーカーに仕入値を問い合わせ中です。"),
    Deed("電動ドライバーの保証期間", "tanaka", takes=True, status=HOLD, reason="修理センターの見積待ち"),
    Deed("引き戸用レールの長さ", "tanaka", takes=True),
    Deed("URGENT: wrong hinges", "ben", takes=True, urgency=Urgency.URGENT, comment="Right ones are packed, courier comes at three."),
    Deed("Refund for M-20366", "ben", takes=True, comment="Accounting says it went out on Friday. @{human} do you still have the receipt?"),
    Deed("Spirit level out of true", "ben", takes=True),
    Deed("1億円当選", "tanaka", status=JUNK),
    Deed("Your website is losing", "ben", status=JUNK),
    Deed("【工具ニュース】", "tanaka", status=NO_REPLY, reason="newsletter"),
    Deed("Five booths you should", "ben", status=NO_REPLY, reason="newsletter"),
    Deed("本日の出荷予定", "sato", status=NO_REPLY, reason="通知のみ"),
)  # fmt: skip


async def morning(board: Board, cast: Mapping[str, Colleague], human: MemberKey, clock: Clock) -> None:
    """Do all of it as soon as the server knows the mails; what cannot be done is left."""
    leader = cast["sato"]
    left = list(DEEDS)
    for _ in range(GIVE_UP_AFTER_LOOKS):
        with contextlib.suppress(MadoError):
            await board.load(leader.client)
        for deed in tuple(left):
            state = next((state for state in board.newest_first() if deed.subject in state.subject), None)
            if state is not None:
                left.remove(deed)
                with contextlib.suppress(MadoError):
                    await _do(cast[deed.by], deed, state, human, clock)
        if not left:
            return
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _do(colleague: Colleague, deed: Deed, state: Conversation, human: MemberKey, clock: Clock) -> None:
    if deed.takes:
        await colleague.ask(AssignConversation(conversation_id=state.id, owner=colleague.key))
    if deed.urgency is not None:
        await colleague.ask(SetUrgency(conversation_id=state.id, urgency=deed.urgency))
    if deed.comment:
        await colleague.comment(state, deed.comment.format(human=human))
    if deed.status:
        until = clock.now() + timedelta(days=1) if deed.status == HOLD else None
        await colleague.ask(SetStatus(conversation_id=state.id, status=deed.status, reason=deed.reason, until=until))
