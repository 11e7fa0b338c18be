"""What the people of the simulation ask for: drawn from a seed, mostly sensible, sometimes late, stale or plainly wrong."""

import hashlib
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from store.domain.commands import (
    AddComment,
    AgentCommand,
    Approve,
    AskForLease,
    AssignConversation,
    CancelReply,
    EditChecked,
    EditComment,
    MergeConversations,
    MoveToInbox,
    ReleaseLease,
    ReleaseReply,
    RemoveComment,
    RequestCheck,
    SendBack,
    SetLegalHold,
    SetStatus,
    SettleReply,
    SetUrgency,
    SplitConversation,
    StartConversation,
    SubmitReply,
    TakeLease,
    TeamCommand,
    Undo,
    WithdrawCheck,
)
from store.domain.comment_files import CommentFile
from store.domain.conversation import Conversation
from store.domain.decide_start import FRESH_BYTES, fresh_id
from store.domain.ids import CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, StatusKey, SubmissionId
from store.domain.lease import Token
from store.domain.outbox import Envelope, OutboxState
from store.domain.people import Role
from store.domain.status import BUILT_IN, DONE, HOLD, IN_PROGRESS, Urgency
from store.domain.template import TemplateRef
from tests.simulation.asking_of_team import OWN_STATUSES, TEMPLATES, about_the_team, own_template
from tests.simulation.terminal import Terminal
from tests.team.team_house import SALES, SUPPORT

INBOXES = (SUPPORT, SALES)
NOWHERE = InboxKey("nowhere")
CUSTOMERS = ("hana@example.org", "taro@example.org", "yuki@example.net")
REASONS = ("", "急ぎ", "急ぎ", "お客様が待っています")


def content_called(name: str) -> bytes:
    """What is in the file of that name."""
    return name.encode() * 3


def file_called(name: str) -> CommentFile:
    """A file that is put to a comment."""
    return CommentFile(f"{name}.txt", len(content_called(name)), hashlib.sha256(content_called(name)).hexdigest())


class Asking:
    """Draws commands; `name` makes ids that nobody else makes."""

    def __init__(self, dice: random.Random, members: tuple[MemberKey, ...], now: Callable[[], datetime]) -> None:
        self._dice = dice
        self._members = members
        self._now = now
        self.with_files = False
        """Whether files are put to comments: each is three writes more, at any of which a server may die."""
        self._count = 0
        self._known = self._hand_made()
        self._others_here: Sequence[ConversationId] = ()
        self._others = tuple(kind for kind in get_args(AgentCommand) if kind not in self._known)

    def name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def draw(self, terminal: Terminal, state: Conversation, others: Sequence[ConversationId]) -> AgentCommand | TeamCommand:
        """A command about a conversation as this terminal sees it, perhaps together with one of `others`; now and then one about the team."""
        dice = self._dice
        self._others_here = others
        leads = terminal.member.role is Role.LEADER
        if dice.random() < (0.36 if leads else 0.04):
            return about_the_team(dice, self._members, terminal.member.key, self._now())
        if state.id in terminal.tokens and dice.random() < 0.5:
            return self._write_on(terminal, state)
        if state.check is not None and dice.random() < (HURRY.get(terminal.member.role, 0.2) if state.check.waits else 0.01):
            return self._known[dice.choice(OF_CHECKS)](terminal, state)
        if state.submissions and state.submissions[-1].state in ON_ITS_WAY and dice.random() < 0.4:
            return self._known[dice.choice((CancelReply, SettleReply, ReleaseReply, Undo))](terminal, state)
        if leads and dice.random() < 0.15:
            return self._known[SetLegalHold](terminal, state)
        kinds = list(self._known)
        if self._others and dice.random() < 0.3:
            return self._any_of(dice.choice(self._others), state)
        kind = dice.choices(kinds, [WEIGHTS.get(one, 3) for one in kinds])[0]
        return self._known[kind](terminal, state)

    def _write_on(self, terminal: Terminal, state: Conversation) -> AgentCommand:
        """Who has a lease mostly sends, and sometimes leaves."""
        token = terminal.tokens[state.id]
        if self._dice.random() < 0.75:
            reply = self._reply(terminal, state, token)
            checked = self._dice.random() < (0.8 if terminal.member.role is Role.CHECKED else 0.2)
            return RequestCheck(conversation_id=state.id, reply=reply, note=self._dice.choice(REASONS)) if checked else reply
        terminal.tokens.pop(state.id)
        return ReleaseLease(conversation_id=state.id, token=token, has_text=self._dice.random() < 0.5)

    def _reply(self, terminal: Terminal, state: Conversation, token: Token | None) -> SubmitReply:
        dice = self._dice
        name = self.name("s")
        terminal.tokens.pop(state.id, None)
        to = state.customer_address or CUSTOMERS[0]
        return SubmitReply(
            conversation_id=state.id,
            submission_id=SubmissionId(name),
            message_id=MessageId(f"<{name}@example.jp>"),
            envelope=Envelope("support@example.jp", (to, CUSTOMERS[2]) if dice.random() < 0.6 and to != CUSTOMERS[2] else (to,)),
            mime=b"Subject: Re\r\n\r\n" + name.encode(),
            seen_revision=self._seen(state),
            token=token,
            hold_seconds=dice.choice((0.0, 0.0, 20.0)),
            then_status=dice.choice((DONE, DONE, IN_PROGRESS)),
            terminal=terminal.name,
            templates=self._made_with(terminal) if dice.random() < 0.15 else (),
        )

    def _made_with(self, terminal: Terminal) -> tuple[TemplateRef, ...]:
        """A template of some version, which is the newest one if it is lucky; now and then one of their own."""
        key = self._dice.choice((*TEMPLATES, own_template(terminal.member.key)))
        return (TemplateRef(key, self._dice.choice((1, 1, 2, 3))),)

    def _start(self, terminal: Terminal) -> StartConversation:
        """A new mail, now and then under an id that is taken, for an inbox that is none, or for nobody."""
        dice = self._dice
        taken = self._others_here and dice.random() < 0.1
        new_id = dice.choice(self._others_here) if taken else fresh_id(hashlib.sha256(self.name("new").encode()).digest()[:FRESH_BYTES])
        inbox = NOWHERE if dice.random() < 0.05 else dice.choice(INBOXES)
        to = dice.choice((*CUSTOMERS, *CUSTOMERS, "nobody"))
        return StartConversation(conversation_id=new_id, inbox=inbox, subject="ご案内", customer_name="", customer_address=to, terminal=terminal.name)

    def _frozen(self, state: Conversation) -> str:
        """The hash a checker read; now and then of something else."""
        return state.check.frozen_sha256 if state.check is not None and self._dice.random() < 0.9 else "0" * 64

    def _seen(self, state: Conversation) -> Revision:
        return Revision(max(0, state.revision - self._dice.choice((0, 0, 0, 0, 0, 1, 5))))

    def _comment(self, state: Conversation) -> AddComment:
        name = self.name("c")
        files = (file_called(name),) if self.with_files and self._dice.random() < 0.4 else ()
        text = self._dice.choice(("@mori", "@g1 見た", "見た", ""))
        return AddComment(conversation_id=state.id, comment_id=CommentId(name), text=text, files=files)

    def _hand_made(self) -> dict[type, Callable[[Terminal, Conversation], AgentCommand]]:
        dice = self._dice

        def reason() -> str:
            return dice.choice(REASONS)

        def some_token(terminal: Terminal, state: Conversation) -> Token:
            last = Token(1, dice.randrange(1, max(2, state.last_token_n + 1)))
            return terminal.tokens.get(state.id) or (state.lease.token if state.lease and dice.random() < 0.3 else last)

        def submission(state: Conversation) -> SubmissionId:
            return dice.choice(state.submissions[-2:]).id if state.submissions else SubmissionId("none")

        def check(state: Conversation) -> SubmissionId:
            return state.check.id if state.check is not None else SubmissionId("none")

        def take_over() -> str | None:
            return dice.choice((None, None, "", "急ぎ"))

        def some_messages(state: Conversation) -> tuple[MessageId, ...]:
            here = [one.message_id for one in state.messages]
            return (MessageId("<none@x>"),) if dice.random() < 0.05 else tuple(dice.sample(here, min(len(here), dice.choice((0, 1, 1, 2, 3)))))

        def comment(terminal: Terminal, state: Conversation) -> CommentId:
            own = [one.id for one in state.comments if one.by == terminal.member.key]
            every = own if own and dice.random() < 0.7 else [one.id for one in state.comments]
            return dice.choice(every) if every else CommentId("none")

        def until() -> datetime | None:
            return dice.choice((None, self._now() + timedelta(minutes=dice.choice((-5, 5, 60)))))

        return {
            TakeLease: lambda t, c: TakeLease(conversation_id=c.id, seen_revision=self._seen(c), terminal=t.name, take_over=take_over()),
            StartConversation: lambda t, _c: self._start(t),
            ReleaseLease: lambda t, c: ReleaseLease(conversation_id=c.id, token=some_token(t, c), has_text=dice.random() < 0.5),
            AskForLease: lambda _t, c: AskForLease(conversation_id=c.id),
            AssignConversation: lambda _t, c: AssignConversation(
                conversation_id=c.id, owner=dice.choice((None, *self._members, MemberKey("nobody"))), reason=reason()
            ),
            SetStatus: lambda _t, c: SetStatus(
                conversation_id=c.id, status=dice.choice((*BUILT_IN, HOLD, DONE, *OWN_STATUSES, StatusKey("?"))), reason=reason(), until=until()
            ),
            SetUrgency: lambda _t, c: SetUrgency(conversation_id=c.id, urgency=dice.choice(list(Urgency))),
            AddComment: lambda _t, c: self._comment(c),
            SubmitReply: lambda t, c: self._reply(t, c, some_token(t, c) if dice.random() < 0.3 else None),
            RequestCheck: lambda t, c: RequestCheck(conversation_id=c.id, reply=self._reply(t, c, None)),
            Approve: lambda _t, c: Approve(conversation_id=c.id, submission_id=check(c), frozen_sha256=self._frozen(c), seen_revision=self._seen(c)),
            SendBack: lambda _t, c: SendBack(conversation_id=c.id, submission_id=check(c), remark=reason()),
            WithdrawCheck: lambda t, c: WithdrawCheck(conversation_id=c.id, submission_id=check(c), terminal=dice.choice(("", t.name))),
            EditChecked: lambda t, c: EditChecked(conversation_id=c.id, submission_id=check(c), seen_revision=self._seen(c), terminal=t.name),
            ReleaseReply: lambda _t, c: ReleaseReply(conversation_id=c.id, submission_id=submission(c), seen_revision=self._seen(c)),
            CancelReply: lambda t, c: CancelReply(conversation_id=c.id, submission_id=submission(c), terminal=dice.choice(("", t.name))),
            SettleReply: lambda _t, c: SettleReply(conversation_id=c.id, submission_id=submission(c), sent=dice.random() < 0.5),
            MergeConversations: lambda _t, c: MergeConversations(conversation_id=c.id, other=dice.choice(self._others_here), reason=reason()),
            SplitConversation: lambda _t, c: SplitConversation(conversation_id=c.id, messages=some_messages(c), reason=reason()),
            MoveToInbox: lambda _t, c: MoveToInbox(
                conversation_id=c.id, inbox=dice.choice((*INBOXES, *INBOXES, *INBOXES, NOWHERE, InboxKey(""))), reason=reason()
            ),
            EditComment: lambda t, c: EditComment(conversation_id=c.id, comment_id=comment(t, c), text=dice.choice(("@佐藤", "直しました", ""))),
            RemoveComment: lambda t, c: RemoveComment(conversation_id=c.id, comment_id=comment(t, c)),
            SetLegalHold: lambda _t, c: SetLegalHold(conversation_id=c.id, on=dice.random() < 0.5, reason=reason()),
            Undo: lambda _t, c: Undo(conversation_id=c.id, event_seq=dice.choice((None, None, int(c.seq)))),
        }

    def _any_of(self, kind: type, state: Conversation) -> Any:
        """A command that nobody has written a rule for here yet: its fields by their types."""
        hints = get_type_hints(kind)
        given = {name: self._value(name, hint, state) for name, hint in hints.items() if name in kind.__struct_fields__}
        return kind(**given)

    def _value(self, name: str, hint: Any, state: Conversation) -> Any:
        dice = self._dice
        if get_origin(hint) in {Union, UnionType}:
            return self._value(name, dice.choice(get_args(hint)), state)
        if get_origin(hint) is tuple:
            return tuple(self._value(name, get_args(hint)[0], state) for _ in range(dice.randrange(3)))
        if isinstance(hint, type) and issubclass(hint, Enum):
            return dice.choice(list(hint))
        if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
            return self._any_of(hint, state)
        choices: dict[Any, Callable[[], Any]] = {
            ConversationId: lambda: state.id,
            MemberKey: lambda: dice.choice(self._members),
            MessageId: lambda: dice.choice(state.messages).message_id if state.messages else MessageId("<none@x>"),
            CommentId: lambda: dice.choice(state.comments).id if state.comments and dice.random() < 0.7 else CommentId(self.name("c")),
            SubmissionId: lambda: dice.choice(state.submissions).id if state.submissions else SubmissionId("none"),
            Revision: lambda: state.revision,
            bool: lambda: dice.random() < 0.5,
            int: lambda: dice.randrange(3),
            float: lambda: 1.0,
            NoneType: lambda: None,
            datetime: lambda: self._now() + timedelta(hours=1),
        }
        return choices.get(hint, lambda: dice.choice(("急ぎ", "vip", "billing")))()


ON_ITS_WAY = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD, OutboxState.DEFERRED})
"""Where somebody will want to do something about it."""

OF_CHECKS = (Approve, Approve, Approve, Approve, SendBack, SendBack, WithdrawCheck, EditChecked, EditChecked)
"""What is done about a reply that waits for a checker."""

HURRY = {Role.LEADER: 0.95, Role.AGENT: 0.6}
"""How likely they do so, rather than something else."""

WEIGHTS: dict[type, int] = {
    TakeLease: 16,
    AddComment: 4,
    SetStatus: 6,
    Undo: 6,
    SubmitReply: 6,
    SettleReply: 3,
    ReleaseReply: 2,
    CancelReply: 2,
    SetUrgency: 2,
    StartConversation: 1,
    SetLegalHold: 1,
    RequestCheck: 1,
    Approve: 1,
    SendBack: 1,
    WithdrawCheck: 1,
    EditChecked: 1,
    MergeConversations: 5,
    MoveToInbox: 4,
}
"""How often each is asked for, beside 3."""
