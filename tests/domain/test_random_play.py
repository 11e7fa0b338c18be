"""Three members, the server, a restless clock: whatever they do in whatever order, the promises hold."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from store.domain import decide_check, decide_lease, decide_outbox, decide_reply, decide_work, evolve_reply
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.commands import (
    AddComment,
    AnyCommand,
    Approve,
    AskForLease,
    AssignConversation,
    CancelReply,
    ChangeTags,
    EditChecked,
    EditComment,
    Follow,
    IssueTicket,
    LapseLease,
    MoveToFolder,
    PostponeReply,
    ReactToComment,
    RecordFiled,
    RecordOutcome,
    ReleaseLease,
    ReleaseReply,
    RemoveComment,
    RequestCheck,
    ScheduleReply,
    SendBack,
    SetDue,
    SetLegalHold,
    SetStatus,
    SettleReply,
    SetUrgency,
    StartConversation,
    TakeLease,
    Undo,
    Unfollow,
    WakeConversation,
    WithdrawCheck,
)
from store.domain.context import Context, Opening
from store.domain.decide_links import LINKS
from store.domain.events import AbsenceSet, CheckPolicySaved, CheckRequested, CommentRemoved, ConversationEvent, PayloadErased
from store.domain.evolve import evolve, fold
from store.domain.groups import Absence
from store.domain.ids import InboxKey, MessageId, Seq, SubmissionId
from store.domain.lease import Pulse, Token
from store.domain.link_events import LinkEvent
from store.domain.message import DeliveryResult, Kind
from store.domain.outbox import STILL_HERE_STATES, TERMINAL_STATES, OutboxState, RecipientResult
from store.domain.people import Member
from store.domain.refusals import AnyRefusal, Refusal
from store.domain.status import AWAITING_CHECK, BUILT_IN, HOLD, IN_PROGRESS, QUEUED, Urgency
from store.domain.team_facts import folded
from tests.domain.play import CUSTOMER, GUEST, ID, MORI, NEWCOMER, SATO, START, TANAKA, Play, comment_id
from tests.domain.referee import Referee

GAMES = 620
MOVES = 120
FLOOR = 150
"""So often at least each command must have been given; a play that reaches less proves less."""
EVENT_FLOOR = 20
OF_ONE = frozenset(get_args(ConversationEvent)) - set(get_args(LinkEvent)) - {PayloadErased}
"""What happens between two conversations is played in `test_links.py` and `tests/team/test_merging.py`."""
"""And each event must have come of one."""

OF_OTHERS = {
    "NameTaken",
    "CategoryFixed",
    "UnknownGroup",
    "UnknownView",
    "UnknownInbox",
    "UnknownMessage",
    "FileMissing",
    "TemplateWithdrawn",
    "TemplateOutdated",
}
"""What only commands about the team, between conversations, with files and with templates are refused: `test_own_statuses.py`, `test_company.py`,
`test_links.py`, `test_talk.py`, `test_template_rules.py`.
"""

AGENTS = (SATO, SATO, TANAKA, TANAKA, MORI, NEWCOMER, GUEST)
OUTCOMES = (OutboxState.ACCEPTED, OutboxState.ACCEPTED, OutboxState.DEFERRED, OutboxState.REFUSED, OutboxState.UNKNOWN, OutboxState.PARTLY_ACCEPTED)


class Game(Play):
    """A play whose next move is drawn; `seen` counts what was reached."""

    def __init__(self, seed: int, seen: Counter[str]) -> None:
        super().__init__()
        self.dice = random.Random(seed)
        self.seen = seen
        self.team = folded(
            (
                AbsenceSet(Absence("mori", START + timedelta(days=400))),
                AbsenceSet(Absence("tanaka", START + timedelta(hours=9), "sato")),
                CheckPolicySaved(CheckPolicy((CheckRule("urgent", urgency=Urgency.VERY_URGENT),), ("sato",), limit_minutes=1)),
            )
        )
        self.tokens: list[Token] = [Token(1, 99)]
        self.out: set[str] = set()

    def begins(self) -> None:
        """The customer writes first, or, every third time, one of us."""
        if self.dice.random() < 0.66:
            self.customer_writes()
            return
        self.opening = Opening(12, "tokentokentokent")
        command = StartConversation(
            conversation_id=ID, inbox=InboxKey("support"), subject="ご案内", customer_name="", customer_address=CUSTOMER, terminal="t"
        )
        assert isinstance(self.does(TANAKA, command), tuple)
        self.seen["StartConversation"] += 1
        self.check()

    def some_submission(self) -> SubmissionId:
        if not self.state.submissions or self.dice.random() < 0.03:
            return SubmissionId("none")
        return self.dice.choice(self.state.submissions[-2:]).id

    def some_check(self) -> SubmissionId:
        return self.state.check.id if self.state.check is not None and self.dice.random() < 0.95 else SubmissionId("none")

    def approval(self) -> Approve:
        known = self.state.check.frozen_sha256 if self.state.check is not None else ""
        frozen = known if self.dice.random() < 0.9 else "0" * 64
        return Approve(conversation_id=ID, submission_id=self.some_check(), frozen_sha256=frozen, seen_revision=self.some_revision())

    def context(self, actor: Member) -> Context:
        """What lies at the server is what was handed in."""
        checks = [one.event for one in self.journal if isinstance(one.event, CheckRequested)]
        return replace(super().context(actor), frozen_sha256=checks[-1].frozen_sha256 if checks else None)

    def some_revision(self) -> int:
        return max(0, self.state.revision - self.dice.choice((0, 0, 0, 1, 4)))

    def some_token(self) -> Token:
        if self.state.lease is not None and self.dice.random() < 0.8:
            return self.state.lease.token
        return self.dice.choice(self.tokens)

    def some_comment(self) -> str:
        if not self.state.comments or self.dice.random() < 0.05:
            return "none"
        return self.dice.choice(self.state.comments[-4:]).id

    def agents_move(self) -> AnyCommand:
        dice = self.dice
        reason = dice.choice(("", "急ぎ"))
        until = dice.choice((None, self.now + timedelta(hours=1)))
        moves = (
            lambda: TakeLease(conversation_id=ID, seen_revision=self.some_revision(), terminal="t", take_over=dice.choice((None, "", "急ぎ"))),
            lambda: TakeLease(conversation_id=ID, seen_revision=self.state.revision, terminal="t"),
            lambda: ReleaseLease(conversation_id=ID, token=self.some_token(), has_text=dice.random() < 0.5),
            lambda: AskForLease(conversation_id=ID),
            lambda: AssignConversation(
                conversation_id=ID,
                owner=dice.choice((None, "sato", "tanaka", "gone", "mori")),
                reason=reason,
                note=dice.choice(("", "", "続きを")),
                note_id=comment_id(self),
            ),
            lambda: SetStatus(conversation_id=ID, status=dice.choice([*BUILT_IN, "?"]), reason=reason, until=until),
            lambda: SetStatus(conversation_id=ID, status=HOLD, reason=reason, until=until),
            lambda: SetLegalHold(conversation_id=ID, on=dice.random() < 0.5, reason=reason),
            lambda: SetUrgency(conversation_id=ID, urgency=dice.choice(list(Urgency))),
            lambda: EditComment(conversation_id=ID, comment_id=self.some_comment(), text=dice.choice(("@佐藤", "直しました", ""))),
            lambda: RemoveComment(conversation_id=ID, comment_id=self.some_comment()),
            lambda: ReactToComment(conversation_id=ID, comment_id=self.some_comment(), sign=dice.choice(("👍", "ok", "")), on=dice.random() < 0.7),
            lambda: ChangeTags(
                conversation_id=ID, add=dice.choice(((), ("苦情",), ("a", "b"), ("a b",))), remove=dice.choice(((), ("苦情",), ("b",)))
            ),
            lambda: MoveToFolder(conversation_id=ID, folder=dice.choice(("", "苦情/2026", "b", "/" * 20 + "x" * 99))),
            lambda: SetDue(conversation_id=ID, due_at=dice.choice((None, until, self.now, datetime(1, 1, 1, tzinfo=UTC), datetime(2027, 1, 1)))),
            lambda: Follow(conversation_id=ID, member=dice.choice((None, "sato", "tanaka", "gone"))),
            lambda: Unfollow(conversation_id=ID, member=dice.choice((None, "sato", "tanaka"))),
            lambda: AddComment(conversation_id=ID, comment_id=comment_id(self), text=dice.choice(("@田中", "見ました", ""))),
            lambda: self.reply(token=dice.choice((None, self.some_token())), seen_revision=self.some_revision()),
            lambda: self.reply(token=self.state.lease.token if self.state.lease else None),
            lambda: ReleaseReply(conversation_id=ID, submission_id=self.some_submission(), seen_revision=self.some_revision()),
            lambda: ReleaseReply(conversation_id=ID, submission_id=self.some_submission(), seen_revision=self.some_revision()),
            lambda: ReleaseReply(conversation_id=ID, submission_id=self.some_submission(), seen_revision=self.some_revision()),
            lambda: CancelReply(conversation_id=ID, submission_id=self.some_submission(), terminal=dice.choice(("", "t"))),
            lambda: ScheduleReply(
                conversation_id=ID, submission_id=self.some_submission(), send_at=dice.choice((None, self.now + timedelta(hours=1)))
            ),
            lambda: ScheduleReply(
                conversation_id=ID, submission_id=self.some_submission(), send_at=dice.choice((None, self.now + timedelta(hours=1)))
            ),
            lambda: ScheduleReply(
                conversation_id=ID, submission_id=self.some_submission(), send_at=dice.choice((None, self.now + timedelta(hours=1)))
            ),
            lambda: SettleReply(conversation_id=ID, submission_id=self.some_submission(), sent=dice.random() < 0.5),
            lambda: RequestCheck(conversation_id=ID, reply=self.reply(token=dice.choice((None, self.some_token())))),
            lambda: RequestCheck(conversation_id=ID, reply=self.reply(token=self.state.lease.token if self.state.lease else None)),
            *(self.approval,) * 2,
            lambda: SendBack(conversation_id=ID, submission_id=self.some_check(), remark=dice.choice(("", "宛名", "宛名"))),
            lambda: WithdrawCheck(conversation_id=ID, submission_id=self.some_check(), terminal=dice.choice(("", "t"))),
            lambda: EditChecked(conversation_id=ID, submission_id=self.some_check(), seen_revision=self.some_revision(), terminal="t"),
            lambda: Undo(conversation_id=ID),
            lambda: Undo(conversation_id=ID, event_seq=dice.choice((None, None, self.state.seq))),
            lambda: Undo(conversation_id=ID, event_seq=self.last_removal()),
        )
        return dice.choice(moves)()

    def last_removal(self) -> Seq | None:
        return next((one.seq for one in reversed(self.journal) if isinstance(one.event, CommentRemoved)), None)

    def servers_move(self) -> AnyCommand:
        dice = self.dice
        state = dice.choice(OUTCOMES)
        results = (RecipientResult(CUSTOMER, dice.choice((OutboxState.DEFERRED, OutboxState.ACCEPTED)), 250, ""),)
        kind = dice.choice((Kind.MAIL, Kind.MAIL, Kind.AUTO_REPLY, Kind.BOUNCE))
        named = tuple(one.message_id for one in self.state.submissions[-1:])
        copies = [one.message_id for one in self.state.submissions] or [MessageId("<other@x>")]

        def ticket() -> IssueTicket:
            return IssueTicket(conversation_id=ID, submission_id=self.some_submission(), imap_checked=dice.random() < 0.8)

        reported = ("failed", "delayed", "delivered")
        moves = (
            lambda: self.mail(kind=Kind.BOUNCE, in_reply_to=named, delivery=(DeliveryResult(CUSTOMER, dice.choice(reported), "5.1.1"),)),
            lambda: self.mail(kind=Kind.AUTO_REPLY, in_reply_to=named, delivery=(DeliveryResult(CUSTOMER, dice.choice(("displayed", "deleted"))),)),
            lambda: self.mail(kind=kind, in_reply_to=named, from_address=dice.choice((CUSTOMER, CUSTOMER, "x@y.example"))),
            lambda: self.mail(inbound=False, message_id=dice.choice(copies)) if dice.random() < 0.5 else self.mail(inbound=False),
            lambda: LapseLease(conversation_id=ID, token=self.some_token(), has_text=dice.random() < 0.5),
            ticket,
            ticket,
            ticket,
            lambda: RecordOutcome(conversation_id=ID, submission_id=self.some_submission(), state=state, results=results),
            lambda: RecordOutcome(conversation_id=ID, submission_id=self.some_submission(), state=state),
            lambda: PostponeReply(
                conversation_id=ID, submission_id=self.some_submission(), until=self.now + timedelta(seconds=dice.choice((-1, 60)))
            ),
            lambda: RecordFiled(conversation_id=ID, submission_id=self.some_submission()),
            lambda: WakeConversation(conversation_id=ID),
        )
        return dice.choice(moves)()

    def move(self) -> None:
        """One command by somebody; afterwards everything promised still holds."""
        self.jump()
        before = self.state
        mine = self.dice.random() < 0.62
        command = self.agents_move() if mine else self.servers_move()
        decision = self.does(self.dice.choice(AGENTS), command) if mine else self.server(command)
        self.seen[type(command).__name__] += 1
        if isinstance(decision, Refusal):
            self.seen[type(decision).__name__] += 1
            assert self.state == before
        self.check()

    def jump(self) -> None:
        """Time goes on, now and then by a lot; the pulse of a lease is old or fresh."""
        dice = self.dice
        self.later(seconds=dice.choice((1, 1, 5, 30, 121, 700, 4000)))
        age = timedelta(seconds=dice.choice((0, 0, 100, 300)))
        self.pulse = dice.choice((None, Pulse(self.now - age, self.now - dice.choice((age, timedelta(minutes=11), timedelta(minutes=31))))))
        if dice.random() < 0.005:
            self.epoch += 1
        gone = self.members[SATO.key].active and dice.random() < 0.02
        self.members[SATO.key] = replace(SATO, active=not gone)

    def check(self) -> None:
        state = self.state
        assert state.lease is None or state.claim is None, "never two valid tokens"
        if state.lease is not None and state.lease.token not in self.tokens:
            assert state.lease.token.n > max((token.n for token in self.tokens if token.n != 99 or token.epoch != 1), default=0)
            self.tokens.append(state.lease.token)
        out = [reply for reply in state.submissions if reply.state in {OutboxState.SENDING, OutboxState.UNKNOWN}]
        assert len(out) <= 1, "no second ticket while one is out"
        waiting = [reply for reply in state.submissions if reply.state not in TERMINAL_STATES]
        assert len(waiting) <= 1, "one reply at a time"
        checked = [state.check.id] if state.check is not None and state.check.waits else []
        assert [*checked, *(reply.id for reply in waiting)] == ([state.claim.submission_id] if state.claim else []), (
            "a claim stands exactly as long as its reply"
        )
        assert (state.status in {QUEUED, AWAITING_CHECK}) == (state.claim is not None), "queued, or in check, is what has a claim"
        assert (state.status == AWAITING_CHECK) == bool(checked), "in check is what waits for one"
        assert len(state.undoable) <= 20


def played(seen: Counter[str], games_to_play: int = GAMES) -> list[Game]:
    games = [Game(seed, seen) for seed in range(games_to_play)]
    for game in games:
        game.begins()
        for _ in range(MOVES):
            game.move()
        assert Referee().read(game.journal) == []
        seen.update(type(one.event).__name__ for one in game.journal)
    return games


def test_whatever_three_members_and_the_server_do_the_promises_hold():
    seen: Counter[str] = Counter()
    for game in played(seen):
        assert fold(ID, game.journal) == game.state
        assert all(evolve(game.state, one) is game.state for one in game.journal)
    assert {kind.__name__: seen[kind.__name__] for kind in set(get_args(AnyCommand)) - set(LINKS) if seen[kind.__name__] < FLOOR} == {}
    assert {kind.__name__: seen[kind.__name__] for kind in OF_ONE if seen[kind.__name__] < EVENT_FLOOR} == {}
    unseen_refusals = {kind.__name__ for kind in get_args(AnyRefusal)} - set(seen)
    assert unseen_refusals == {"UnknownConversation", *OF_OTHERS}  # it exists from the first move on


def test_undo_restores_what_was_there_before_the_action():
    dice = random.Random(7)
    undone = 0
    for seed in range(60):
        game = Game(seed, Counter())
        game.customer_writes()
        for _ in range(dice.randrange(40)):
            game.move()
        game.members[SATO.key] = SATO
        before = game.state
        command = dice.choice(
            (
                SetStatus(conversation_id=ID, status=IN_PROGRESS, reason="x"),
                AssignConversation(conversation_id=ID, owner="mori", reason="x"),
                SetUrgency(conversation_id=ID, urgency=Urgency.VERY_URGENT),
                AddComment(conversation_id=ID, comment_id=comment_id(game), text="x"),
                ChangeTags(conversation_id=ID, add=("新",), remove=("苦情", "a")),
                MoveToFolder(conversation_id=ID, folder="別"),
                SetDue(conversation_id=ID, due_at=game.now),
                Follow(conversation_id=ID, member="mori"),
                Unfollow(conversation_id=ID, member="sato"),
            )
        )
        if not game.does(SATO, command) or game.state == before:
            continue
        game.does(SATO, Undo(conversation_id=ID, event_seq=game.state.seq))
        same = replace(game.state, revision=before.revision, seq=before.seq, undoable=before.undoable, lease_before=before.lease_before)
        assert replace(same, flags=tuple(sorted(same.flags))) == replace(before, flags=tuple(sorted(before.flags)))
        undone += 1
    assert undone > 20


PLANTED = (
    (decide_lease, "stopped_by_claim", lambda state: None),
    (decide_reply, "stopped_by_claim", lambda state: None),
    (decide_work, "stopped_by_claim", lambda state: None),
    (decide_lease, "next_token", lambda state, context: Token(context.epoch, max(1, state.last_token_n))),
    (decide_reply, "stopped_by_token", lambda state, token, context: None),
    (decide_reply, "stopped_by_news", lambda state, seen, by: None),
    (decide_outbox, "news_since", lambda state, seen, by, checkers=(): ()),
    (decide_outbox, "_no_ticket", lambda state, reply: None),
    (decide_reply, "STILL_HERE_STATES", STILL_HERE_STATES | {OutboxState.SENDING}),
    (decide_outbox, "after_leaving", lambda state, reply: ()),
    (decide_check, "may_still_approve", lambda drafter, given, checker: True),
    (decide_check, "news_since", lambda state, seen, by, checkers: ()),
    (decide_check, "_not_checking", lambda state, check, context: None),
    (evolve_reply, "TERMINAL_STATES", TERMINAL_STATES - {OutboxState.REFUSED}),
)
"""Bugs of the sort somebody could really make, and where."""


@pytest.mark.parametrize(("module", "name", "bug"), PLANTED, ids=[f"{module.__name__.split('.')[-1]}.{name}" for module, name, _ in PLANTED])
def test_the_play_catches_a_planted_bug(module, name, bug, monkeypatch):
    monkeypatch.setattr(module, name, bug)
    with pytest.raises(AssertionError):
        played(Counter(), 200)
