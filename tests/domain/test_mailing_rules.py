"""Who may let a mailing leave: played at random against a small account of what is allowed, and the cases people would try."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from store.domain import mailing_commands as c
from store.domain.decide_mailing import MailingContext, decide_mailing
from store.domain.ids import InboxKey, MailingId, MemberKey, MessageId
from store.domain.mailing import Mailing, MailingRow, MailingState, digest_of, mailing_id, submission_id
from store.domain.mailing_events import MailingMoved
from store.domain.people import SERVER, Member, Role
from store.domain.refusals import NotAllowed

NOW = datetime(2026, 11, 28, 22, 0, 0, 5, tzinfo=UTC)
ID, HASH = MailingId("a" * 24), "right"
PEOPLE = {name: Member(MemberKey(name), name, role) for name, role in (
    ("ann", Role.AGENT), ("bob", Role.AGENT), ("chief", Role.LEADER), ("new", Role.CHECKED), ("guest", Role.GUEST), ("-server", Role.ADMIN),
)}  # fmt: skip
SENDERS = frozenset(MemberKey(name) for name in ("ann", "bob", "chief"))
START = c.StartMailing(mailing_id=ID, inbox=InboxKey("support"), name="冬のご案内", rows=3, per_minute=60)


def asked(mailing: Mailing | None, who: str, command: c.AnyMailingCommand, *, there: int = 3, epoch: int = 1) -> Mailing | c.MailingRefusal | None:
    context = MailingContext(actor=PEOPLE[who], now=NOW, epoch=epoch, there=there, sha256=HASH, senders=SENDERS, checks=who in SENDERS)
    decided = decide_mailing(mailing, command, context)
    return decided.mailing if isinstance(decided, MailingMoved) else decided


def stands(who: str, *, ask_approval: bool = False) -> Mailing:
    """A mailing that has been handed in."""
    begun = asked(None, who, replace(START, ask_approval=ask_approval))
    assert isinstance(begun, Mailing)
    handed_in = asked(begun, who, c.HandInMailing(mailing_id=ID, sha256=HASH))
    assert isinstance(handed_in, Mailing)
    return handed_in


def test_a_checked_members_mailing_leaves_once_somebody_who_checks_approved_it() -> None:
    waiting = stands("new")
    assert asked(waiting, "new", c.BeginMailing(mailing_id=ID)) == c.ApprovalMissing()
    assert asked(waiting, "new", c.ApproveMailing(mailing_id=ID, sha256=HASH)) == c.OwnMailing()
    approved = asked(waiting, "bob", c.ApproveMailing(mailing_id=ID, sha256=HASH))
    assert isinstance(approved, Mailing)
    running = asked(approved, "new", c.BeginMailing(mailing_id=ID))
    assert isinstance(running, Mailing)
    assert (running.state, running.sender, running.approved_by) == (MailingState.RUNNING, "new", "bob")


def test_other_rows_than_those_that_were_looked_at_are_never_approved() -> None:
    waiting = stands("ann", ask_approval=True)
    assert asked(waiting, "bob", c.ApproveMailing(mailing_id=ID, sha256="other")) == c.MailingChanged(HASH)


def test_rows_that_did_not_all_arrive_are_not_handed_in() -> None:
    begun = asked(None, "ann", START)
    assert isinstance(begun, Mailing)
    for there, said in ((2, HASH), (3, "other")):
        assert asked(begun, "ann", c.HandInMailing(mailing_id=ID, sha256=said), there=there) == c.MailingChanged(HASH)


def test_begun_twice_by_mistake_it_is_begun_once() -> None:
    waiting = stands("ann")
    assert asked(waiting, "ann", START) is None
    assert asked(waiting, "bob", START) == c.MailingStands("waiting")
    assert mailing_id(InboxKey("a"), "n", "t", 1, b"x") == mailing_id(InboxKey("a"), "n", "t", 1, b"x")  # type: ignore[arg-type]
    assert mailing_id(InboxKey("a"), "n", "t", 1, b"x") != mailing_id(InboxKey("a"), "n", "t", 2, b"x")  # type: ignore[arg-type]
    assert len({submission_id(ID, n) for n in range(1, 1000)}) == 999


def test_the_hash_knows_every_byte_and_address_and_their_order() -> None:
    rows = [MailingRow(n, f"{n}@example.jp", "", "s", MessageId(f"<{n}@x>"), b"mail") for n in (2, 3, 5)]
    whole = digest_of(rows)
    assert digest_of(rows[1:], digest_of(rows[:1])) == whole
    others = [rows[::-1], rows[:2], [replace(rows[0], mime=b"Mail"), *rows[1:]], [replace(rows[0], address="x@example.jp"), *rows[1:]]]
    assert whole not in {digest_of(other) for other in others}


def test_guests_and_strangers_to_the_rules_move_nothing() -> None:
    waiting = stands("ann")
    for command in (c.BeginMailing(mailing_id=ID), c.PauseMailing(mailing_id=ID), c.CancelMailing(mailing_id=ID)):
        assert asked(waiting, "guest", command) == NotAllowed("reply_right")
    assert asked(waiting, "bob", c.BeginMailing(mailing_id=ID)) == NotAllowed("leader")
    assert asked(waiting, "bob", c.CancelMailing(mailing_id=ID)) == NotAllowed("leader")
    assert isinstance(asked(waiting, "chief", c.CancelMailing(mailing_id=ID)), Mailing)


@dataclass
class Account:
    """What happened, as a person would note it down."""

    approved: set[str] = field(default_factory=set)
    begun: bool = False
    over: bool = False


WHO = st.sampled_from(sorted(PEOPLE))


class Play(RuleBasedStateMachine):
    """Anybody asks for anything in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.mailing: Mailing | None = None
        self.account = Account()

    def ask(self, who: str, command: c.AnyMailingCommand, **facts: int) -> bool:
        after = asked(self.mailing, who, command, **facts)
        if isinstance(after, Mailing):
            self.mailing = after
        return isinstance(after, Mailing)

    @rule(who=WHO, approval=st.booleans(), rows=st.sampled_from([3, 0, 4]))
    def start(self, who: str, approval: bool, rows: int) -> None:
        self.ask(who, replace(START, ask_approval=approval, rows=rows))

    @rule(who=WHO, said=st.sampled_from([HASH, "other"]), there=st.sampled_from([3, 2]))
    def hand_in(self, who: str, said: str, there: int) -> None:
        self.ask(who, c.HandInMailing(mailing_id=ID, sha256=said), there=there)

    @rule(who=WHO, said=st.sampled_from([HASH, "other"]))
    def approve(self, who: str, said: str) -> None:
        if self.ask(who, c.ApproveMailing(mailing_id=ID, sha256=said)):
            self.account.approved.add(who)

    @rule(who=WHO, epoch=st.sampled_from([1, 2]), command=st.sampled_from([c.BeginMailing, c.ResumeMailing, c.PauseMailing]))
    def run(self, who: str, epoch: int, command: type) -> None:
        self.account.begun |= self.ask(who, command(mailing_id=ID), epoch=epoch) and command is c.BeginMailing

    @rule(who=WHO, command=st.sampled_from([c.CancelMailing, c.FinishMailing]))
    def end(self, who: str, command: type) -> None:
        self.account.over |= self.ask(who, command(mailing_id=ID))

    @invariant()
    def nothing_runs_that_nobody_may_let_run(self) -> None:
        mailing, account = self.mailing, self.account
        if mailing is None:
            return
        if mailing.state in {MailingState.RUNNING, MailingState.PAUSED, MailingState.FINISHED}:
            assert account.begun
            assert mailing.sha256 == HASH
            assert mailing.sender == mailing.by
            assert mailing.by in SENDERS or account.approved - {mailing.by}
            assert not mailing.ask_approval or account.approved - {mailing.by}
        if mailing.by == "new":
            assert mailing.ask_approval
        if mailing.approved_by is not None:
            assert mailing.approved_by in SENDERS | {SERVER}
            assert mailing.approved_by != mailing.by
        if account.over:
            assert mailing.state in {MailingState.FINISHED, MailingState.CANCELLED}


TestPlay = Play.TestCase
TestPlay.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
