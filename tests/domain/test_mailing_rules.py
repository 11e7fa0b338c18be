"""Who may let a mailing leave: played at random against a small account of what is allowed, and the cases people would try."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from store.domain import mailing_commands as c
from store.domain.check_policy import CheckPolicy, CheckRule
from store.domain.decide_mailing import MailingContext, decide_mailing
from store.domain.ids import InboxKey, MailingId, MemberKey, MessageId
from store.domain.mailing import Mailing, MailingRow, MailingState, digest_of, mailing_id, submission_id
from store.domain.mailing_check import MailingCheck, Today, check_of, keeps_from_leaving
from store.domain.mailing_events import MailingMoved
from store.domain.people import Member, Role
from store.domain.refusals import NotAllowed, NotOwnCheck, ReasonRequired

NOW = datetime(2026, 11, 28, 22, 0, 0, 5, tzinfo=UTC)
ID, HASH = MailingId("a" * 24), "right"
PEOPLE = {name: Member(MemberKey(name), name, role) for name, role in (
    ("ann", Role.AGENT), ("bob", Role.AGENT), ("chief", Role.LEADER), ("new", Role.CHECKED), ("guest", Role.GUEST), ("-server", Role.ADMIN),
)}  # fmt: skip
CHECKERS = ("ann", "bob", "chief")
"""Who may send without a check, and checks others."""
TODAY = Today(tuple(PEOPLE[name] for name in ("ann", "bob", "chief", "new", "guest")), CheckPolicy(checkers=(MemberKey("ann"), MemberKey("bob"))))
START = c.StartMailing(mailing_id=ID, inbox=InboxKey("support"), name="冬のご案内", rows=3, per_minute=60)


def asked(
    mailing: Mailing | None, who: str, command: c.AnyMailingCommand, *, there: int = 3, epoch: int = 1, today: Today = TODAY
) -> Mailing | c.MailingRefusal | None:
    context = MailingContext(actor=today.member(MemberKey(who)) or PEOPLE[who], now=NOW, epoch=epoch, there=there, sha256=HASH, today=today)
    decided = decide_mailing(mailing, command, context)
    return decided.mailing if isinstance(decided, MailingMoved) else decided


def frozen(mailing: Mailing | None) -> str:
    return "" if mailing is None else mailing.subject.frozen_sha256


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
    assert asked(waiting, "new", c.ApproveMailing(mailing_id=ID, sha256=frozen(waiting))) == c.OwnMailing()
    approved = asked(waiting, "bob", c.ApproveMailing(mailing_id=ID, sha256=frozen(waiting)))
    assert isinstance(approved, Mailing)
    running = asked(approved, "new", c.BeginMailing(mailing_id=ID))
    assert isinstance(running, Mailing)
    assert (running.state, running.sender, [one.by for one in running.approvals]) == (MailingState.RUNNING, "new", ["bob"])


def test_other_rows_than_those_that_were_looked_at_are_never_approved() -> None:
    waiting = stands("ann", ask_approval=True)
    assert asked(waiting, "bob", c.ApproveMailing(mailing_id=ID, sha256="other")) == c.MailingChanged(frozen(waiting))


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


def with_stages(stages: int) -> Today:
    return replace(TODAY, policy=replace(TODAY.policy, rules=(CheckRule("news", stages=stages),)))


def yes(mailing: Mailing, who: str, today: Today) -> Mailing:
    approved = asked(mailing, who, c.ApproveMailing(mailing_id=ID, sha256=frozen(mailing)), today=today)
    assert isinstance(approved, Mailing), approved
    return approved


def test_where_the_rules_want_two_it_leaves_with_the_yes_of_two_others() -> None:
    two, begin = with_stages(2), c.BeginMailing(mailing_id=ID)
    once = yes(stands("ann"), "bob", two)
    assert check_of(once, two) == MailingCheck(2, (MemberKey("bob"),), ("news",))
    assert asked(once, "ann", begin, today=two) == c.ApprovalMissing()
    # The same yes again is the same yes.
    assert asked(once, "bob", c.ApproveMailing(mailing_id=ID, sha256=frozen(once)), today=two) is None
    twice = yes(once, "chief", two)
    assert [(one.by, one.stage) for one in twice.approvals] == [("bob", 1), ("chief", 2)]
    assert isinstance(asked(twice, "ann", begin, today=two), Mailing)
    three = with_stages(3)
    assert asked(twice, "ann", begin, today=three) == c.ApprovalMissing()
    assert keeps_from_leaving(twice, check_of(twice, three)) == "not_approved"


def test_a_yes_is_worth_nothing_once_whoever_gave_it_may_not_check_here() -> None:
    waiting = stands("new")
    approved = yes(waiting, "bob", TODAY)
    for bob in (None, replace(PEOPLE["bob"], role=Role.CHECKED), replace(PEOPLE["bob"], inboxes=(InboxKey("sales"),))):
        without = replace(TODAY, members=tuple(one for one in (*TODAY.members[:1], bob, *TODAY.members[2:]) if one is not None))
        check = check_of(approved, without)
        assert (check.waits, check.stage, keeps_from_leaving(approved, check)) == (True, 1, "checker_left")
        assert asked(approved, "new", c.BeginMailing(mailing_id=ID), today=without) == c.ApprovalMissing()
        assert isinstance(asked(yes(approved, "chief", without), "new", c.BeginMailing(mailing_id=ID), today=without), Mailing)
    unnamed = replace(TODAY, policy=CheckPolicy())
    assert keeps_from_leaving(approved, check_of(approved, unnamed)) == "checker_left"
    assert not check_of(approved, TODAY).waits


def test_sent_back_with_a_remark_it_is_asked_for_again_from_the_first_stage() -> None:
    two = with_stages(2)
    once = yes(stands("ann"), "bob", two)
    assert asked(once, "chief", c.SendBackMailing(mailing_id=ID, remark=" "), today=two) == ReasonRequired("send_back")
    assert asked(once, "ann", c.SendBackMailing(mailing_id=ID, remark="no"), today=two) == c.OwnMailing()
    assert asked(once, "new", c.SendBackMailing(mailing_id=ID, remark="no"), today=two) == NotAllowed("checker")
    assert asked(once, "bob", c.SendBackMailing(mailing_id=ID, remark="no"), today=two) == NotOwnCheck(MemberKey("bob"))
    back = asked(once, "chief", c.SendBackMailing(mailing_id=ID, remark=" 日付が違います "), today=two)
    assert isinstance(back, Mailing)
    assert (back.state, back.sent_back_by, back.remark, back.approvals) == (MailingState.SENT_BACK, "chief", "日付が違います", ())
    assert asked(back, "ann", c.BeginMailing(mailing_id=ID), today=two) == c.MailingStands("sent_back")
    again = asked(back, "ann", c.HandInMailing(mailing_id=ID, sha256=HASH), today=two)
    assert isinstance(again, Mailing)
    assert (again.state, again.remark, check_of(again, two).stage) == (MailingState.WAITING, "", 1)
    other = asked(back, "ann", replace(START, rows=4, template_version=7), today=two)
    assert isinstance(other, Mailing)
    assert other.state is MailingState.UPLOADING


def test_what_has_begun_to_leave_is_asked_for_again_as_it_is_and_takes_no_other_rows() -> None:
    running = asked(stands("ann"), "ann", c.BeginMailing(mailing_id=ID))
    paused = asked(running, "ann", c.PauseMailing(mailing_id=ID))  # type: ignore[arg-type]
    back = asked(paused, "bob", c.SendBackMailing(mailing_id=ID, remark="no"), today=with_stages(1))  # type: ignore[arg-type]
    assert isinstance(back, Mailing)
    assert not back.takes_rows
    assert asked(running, "ann", START) is None  # type: ignore[arg-type]
    assert asked(back, "ann", replace(START, rows=4)) == c.MailingStands("sent_back")
    again = asked(back, "ann", c.HandInMailing(mailing_id=ID, sha256=HASH))
    assert isinstance(again, Mailing)
    assert again.state is MailingState.PAUSED


def test_a_yes_is_of_the_rows_and_of_the_version_of_the_text() -> None:
    approved = yes(stands("new"), "bob", TODAY)
    for change in ({"sha256": "other"}, {"template_version": 2}, {"template": "another"}, {"inbox": "sales"}):
        other = replace(approved, **change)
        assert asked(other, "chief", c.ApproveMailing(mailing_id=ID, sha256=frozen(approved))) == c.MailingChanged(frozen(other))
        assert check_of(other, TODAY).waits


@dataclass
class Account:
    """What happened, as a person would note it down."""

    approved: set[str] = field(default_factory=set)
    """Since it was handed in last."""
    gone: set[str] = field(default_factory=set)
    stages: int = 0
    begun: bool = False
    over: bool = False

    def missing(self, maker: str, *, asked_for: bool) -> int:
        """How many must still say yes."""
        checked = maker == "new" or maker in self.gone
        return max(self.stages, int(checked or asked_for)) - len((self.approved - self.gone - {maker}) & set(CHECKERS))


WHO = st.sampled_from(sorted(PEOPLE))


class Play(RuleBasedStateMachine):
    """Anybody asks for anything in any order, while people go and come back and the rules change."""

    def __init__(self) -> None:
        super().__init__()
        self.mailing: Mailing | None = None
        self.account = Account()

    def ask(self, who: str, command: c.AnyMailingCommand, **facts: int) -> bool:
        policy = with_stages(self.account.stages).policy if self.account.stages else TODAY.policy
        here = tuple(replace(one, role=Role.GUEST) if one.key in self.account.gone else one for one in TODAY.members)
        after = asked(self.mailing, who, command, **facts, today=Today(here, policy))
        if isinstance(after, Mailing):
            self.mailing = after
        return isinstance(after, Mailing)

    @rule(who=WHO, approval=st.booleans(), rows=st.sampled_from([3, 0, 4]))
    def start(self, who: str, approval: bool, rows: int) -> None:
        self.ask(who, replace(START, ask_approval=approval, rows=rows))

    @rule(who=WHO, said=st.sampled_from([HASH, "other"]), there=st.sampled_from([3, 2]))
    def hand_in(self, who: str, said: str, there: int) -> None:
        if self.ask(who, c.HandInMailing(mailing_id=ID, sha256=said), there=there):
            self.account.approved.clear()

    @rule(who=WHO, right=st.sampled_from([True, True, False]))
    def approve(self, who: str, right: bool) -> None:
        if self.ask(who, c.ApproveMailing(mailing_id=ID, sha256=frozen(self.mailing) if right else "other")):
            assert right
            assert who in {*CHECKERS, "-server"} - self.account.gone
            self.account.approved.add(who)

    @rule(who=WHO, remark=st.sampled_from(["no", ""]))
    def send_back(self, who: str, remark: str) -> None:
        if self.ask(who, c.SendBackMailing(mailing_id=ID, remark=remark)):
            assert remark
            self.account.approved.clear()

    @rule(who=st.sampled_from(CHECKERS), stages=st.integers(0, 3))
    def house_changes(self, who: str, stages: int) -> None:
        self.account.gone ^= {who}
        self.account.stages = stages

    @rule(who=WHO, epoch=st.sampled_from([1, 2]), command=st.sampled_from([c.BeginMailing, c.ResumeMailing, c.PauseMailing]))
    def run(self, who: str, epoch: int, command: type) -> None:
        moved = self.ask(who, command(mailing_id=ID), epoch=epoch)
        mailing = self.mailing
        if moved and mailing is not None and command is not c.PauseMailing:
            assert self.account.missing(mailing.by, asked_for=mailing.ask_approval) <= 0
            self.account.begun = True

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
        if mailing.by == "new":
            assert mailing.ask_approval
        assert mailing.by not in {one.by for one in mailing.approvals}
        if account.over:
            assert mailing.state in {MailingState.FINISHED, MailingState.CANCELLED}


TestPlay = Play.TestCase
TestPlay.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
