"""A reply that somebody else must read first: nothing unapproved leaves, whatever is tried (conversations.md, rules 6 to 8)."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from store.domain.approval import reply_hash
from store.domain.check import CheckState
from store.domain.check_policy import CheckPolicy, CheckRule, MailFacts, largest_amount, problem_with_policy
from store.domain.commands import (
    AddComment,
    Approve,
    CancelReply,
    EditChecked,
    IssueTicket,
    ReleaseReply,
    RequestCheck,
    SaveCheckPolicy,
    SendBack,
    SubmitReply,
    TakeLease,
    WithdrawCheck,
)
from store.domain.context import Context
from store.domain.decide import decide
from store.domain.events import CheckPolicySaved, ReplyHeld
from store.domain.ids import InboxKey, MemberKey
from store.domain.outbox import Envelope, OutboxState
from store.domain.people import Member, Role
from store.domain.refusals import ApprovalRequired, Malformed, NotAllowed
from store.domain.status import Urgency
from store.domain.team import decide_team
from store.domain.team_facts import with_event
from tests.domain.play import CUSTOMER, GUEST, ID, MORI, NEWCOMER, SATO, SUPPORT, TANAKA, Outcome, Play, comment_id, kinds, opened, revision
from tests.domain.referee import Referee

BOSS = Member(MemberKey("boss"), "部長", Role.LEADER)


class Checking(Play):
    """A play with what lies at the server beside it: `kept` are the bytes of each reply, and they may be tampered with."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, tuple[Envelope, bytes]] = {}
        self.facts: MailFacts | None = MailFacts("hello", 0)
        self.lost = False
        self.members[BOSS.key] = BOSS
        self.about = ""
        self.customer_writes()

    def context(self, actor: Member) -> Context:
        envelope, mime = self.kept.get(self.about, (Envelope("", ()), b""))
        kept = reply_hash(envelope.mail_from, envelope.rcpt_to, mime) if self.about in self.kept else None
        return replace(super().context(actor), mail=self.facts, frozen_sha256="" if self.lost else kept)

    def does(self, actor: Member, command) -> Outcome:
        reply = command.reply if isinstance(command, RequestCheck) else command
        self.about = getattr(reply, "submission_id", "")
        outcome = super().does(actor, command)
        if isinstance(outcome, tuple) and isinstance(reply, SubmitReply):
            self.kept[reply.submission_id] = (reply.envelope, reply.mime)
        return outcome

    def requests(self, actor: Member = NEWCOMER, **changes: object) -> Outcome:
        self.opens(actor)
        return self.does(actor, RequestCheck(conversation_id=ID, reply=self.reply(token=self.token(), **changes), note="お願いします"))

    def approves(self, actor: Member = MORI, **changes: object) -> Outcome:
        check = self.state.check
        assert check is not None
        command = Approve(conversation_id=ID, submission_id=check.id, frozen_sha256=check.frozen_sha256, seen_revision=revision(self))
        return self.does(actor, replace(command, **changes))

    def sends_back(self, actor: Member = MORI, remark: str = "宛名がありません。") -> Outcome:
        return self.does(actor, SendBack(conversation_id=ID, submission_id=self.check.id, remark=remark, kind="honorific"))

    @property
    def check(self):
        assert self.state.check is not None
        return self.state.check

    def under(self, *rules: CheckRule, checkers: tuple[MemberKey, ...] = ()) -> "Checking":
        self.team = with_event(self.team, CheckPolicySaved(CheckPolicy(rules, checkers)))
        return self

    def leaves(self) -> Outcome:
        self.later(seconds=30)
        return self.ticket()

    def is_fair(self) -> None:
        assert Referee().read(self.journal) == []


def test_a_newcomers_reply_leaves_after_a_leader_said_yes() -> None:
    play = Checking()
    assert kinds(play.requests())[0] == "CheckRequested"
    assert (play.state.status, play.state.lease, play.state.submissions) == ("awaiting_check", None, ())
    assert play.state.claim is not None
    assert kinds(play.approves()) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    assert (play.state.status, play.last.by, play.last.state) == ("queued", NEWCOMER.key, OutboxState.QUEUED)
    assert [one.by for one in play.last.approvals] == [MORI.key]
    assert kinds(play.leaves()) == ["ReplySending"]
    play.outcome(OutboxState.ACCEPTED)
    assert play.state.status == "done"
    play.is_fair()


def test_while_it_waits_nobody_writes_and_nobody_sends() -> None:
    play = Checking()
    play.requests()
    for actor in (SATO, MORI, NEWCOMER):
        assert kinds(play.opens(actor)) == ["ReplyPending"]
        assert kinds(play.does(actor, play.reply(token=None)))[0] in {"ReplyPending", "NotAllowed"}
        assert kinds(play.does(actor, RequestCheck(conversation_id=ID, reply=play.reply(token=None)))) == ["ReplyPending"]


def test_sent_back_needs_a_remark_and_the_drafter_writes_on() -> None:
    play = Checking()
    play.requests()
    assert kinds(play.sends_back(remark=" ")) == ["ReasonRequired"]
    assert kinds(play.sends_back()) == ["CheckSentBack", "StatusChanged"]
    assert (play.state.status, play.state.claim, play.check.state) == ("in_progress", None, CheckState.SENT_BACK)
    assert (play.check.remark, play.check.kind, play.check.ended_by) == ("宛名がありません。", "honorific", MORI.key)
    first = play.check.id
    play.requests()
    assert play.check.before == first
    assert kinds(play.approves()) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    play.is_fair()


def test_nobody_checks_what_they_wrote() -> None:
    play = Checking()
    play.requests(MORI)
    assert kinds(play.approves(MORI)) == ["NotOwnCheck"]
    assert kinds(play.approves(BOSS))[0] == "CheckApproved"


@pytest.mark.parametrize("actor", [SATO, NEWCOMER, GUEST])
def test_who_is_no_checker_decides_nothing(actor: Member) -> None:
    play = Checking()
    play.requests(TANAKA)
    for outcome in (
        play.approves(actor),
        play.sends_back(actor),
        play.does(actor, EditChecked(conversation_id=ID, submission_id=play.check.id, seen_revision=revision(play), terminal="t")),
    ):
        assert kinds(outcome) == ["NotAllowed"]


def test_an_agent_checks_where_the_team_named_them_but_never_one_who_is_checked() -> None:
    play = Checking().under(checkers=(SATO.key, NEWCOMER.key))
    play.requests(TANAKA)
    assert kinds(play.approves(NEWCOMER)) == ["NotAllowed"]
    assert kinds(play.approves(SATO))[0] == "CheckApproved"


def test_an_approval_is_of_the_very_bytes_and_recipients() -> None:
    play = Checking()
    play.requests()
    assert kinds(play.approves(frozen_sha256="0" * 64)) == ["HashMismatch"]
    envelope, mime = play.kept[play.check.id]
    for tampered in ((envelope, mime + b"!"), (replace(envelope, rcpt_to=(*envelope.rcpt_to, "eve@example.net")), mime)):
        play.kept[play.check.id] = tampered
        assert kinds(play.approves()) == ["HashMismatch"]
    play.kept[play.check.id] = (envelope, mime)
    play.approves()
    play.kept[play.last.id] = (envelope, mime + b"!")
    held = play.leaves()
    assert held == (ReplyHeld(play.last.id, "not_approved"),)
    assert play.leaves() == ()
    play.kept[play.last.id] = (envelope, mime)
    assert kinds(play.leaves()) == ["ReplySending"]


def test_what_lies_there_no_more_is_not_approved() -> None:
    play = Checking()
    play.requests()
    play.lost = True
    assert kinds(play.approves()) == ["HashMismatch"]


def test_three_stages_need_three_others() -> None:
    play = Checking().under(CheckRule("all", stages=3), checkers=(SATO.key,))
    play.requests(TANAKA)
    assert kinds(play.approves(MORI)) == ["CheckApproved"]
    assert kinds(play.approves(MORI)) == ["NotOwnCheck"]
    assert kinds(play.approves(BOSS)) == ["CheckApproved"]
    assert play.state.status == "awaiting_check"
    assert kinds(play.approves(SATO)) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    assert kinds(play.leaves()) == ["ReplySending"]
    play.is_fair()


def test_a_check_is_decided_once() -> None:
    play = Checking()
    play.requests()
    play.approves()
    assert kinds(play.approves(BOSS)) == ["CheckOver"]
    assert kinds(play.sends_back(BOSS)) == ["CheckOver"]
    assert kinds(play.does(NEWCOMER, WithdrawCheck(conversation_id=ID, submission_id=play.check.id))) == ["CheckOver"]


def test_its_drafter_or_a_leader_takes_it_back() -> None:
    play = Checking()
    play.requests()
    command = WithdrawCheck(conversation_id=ID, submission_id=play.check.id, terminal="t1")
    assert play.does(SATO, command) == NotAllowed("leader")
    assert kinds(play.does(NEWCOMER, command)) == ["CheckWithdrawn", "StatusChanged", "LeaseTaken"]
    assert (play.state.claim, play.state.status) == (None, "in_progress")
    play.does(NEWCOMER, RequestCheck(conversation_id=ID, reply=play.reply(token=play.token())))
    assert kinds(play.does(MORI, replace(command, submission_id=play.check.id))) == ["CheckWithdrawn", "StatusChanged"]
    play.is_fair()


def test_a_checker_who_edits_is_its_drafter_from_then_on() -> None:
    play = Checking().under(CheckRule("all"))
    play.requests()
    edit = EditChecked(conversation_id=ID, submission_id=play.check.id, seen_revision=revision(play), terminal="m1")
    assert kinds(play.does(MORI, edit)) == ["CheckEdited", "StatusChanged", "LeaseTaken"]
    assert play.state.lease is not None
    assert play.state.lease.by == MORI.key
    # The house's rule asks the leader's own text to be read as well, by somebody else.
    assert play.does(MORI, play.reply(token=play.token())) == ApprovalRequired(1, ("all",))
    play.does(MORI, RequestCheck(conversation_id=ID, reply=play.reply(token=play.token())))
    assert kinds(play.approves(MORI)) == ["NotOwnCheck"]
    assert kinds(play.approves(BOSS))[0] == "CheckApproved"
    play.is_fair()


def test_what_the_customer_wrote_meanwhile_stops_the_yes_until_the_checker_has_seen_it() -> None:
    play = Checking()
    play.requests()
    seen = revision(play)
    play.customer_writes()
    assert play.state.status == "awaiting_check"
    assert kinds(play.approves(seen_revision=seen)) == ["SomethingNew"]
    assert kinds(play.approves()) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    assert kinds(play.leaves()) == ["ReplySending"]
    play.is_fair()


def test_what_the_customer_wrote_after_the_yes_stops_it_and_a_new_yes_is_needed() -> None:
    play = Checking()
    play.requests()
    play.approves()
    play.customer_writes()
    assert play.last.state is OutboxState.HELD
    release = ReleaseReply(conversation_id=ID, submission_id=play.last.id, seen_revision=revision(play))
    assert play.does(NEWCOMER, release) == NotAllowed("approval")
    play.does(NEWCOMER, CancelReply(conversation_id=ID, submission_id=play.last.id, terminal="t1"))
    assert play.does(NEWCOMER, play.reply(token=play.token())) == NotAllowed("approval")
    assert kinds(play.does(NEWCOMER, RequestCheck(conversation_id=ID, reply=play.reply(token=play.token()))))[0] == "CheckRequested"
    play.is_fair()


def test_what_its_checker_says_of_this_very_revision_does_not_stop_it() -> None:
    play = Checking()
    play.requests()
    play.approves()
    play.does(MORI, AddComment(conversation_id=ID, comment_id=comment_id(play), text="よくできました"))
    assert kinds(play.leaves()) == ["ReplySending"]
    play.is_fair()


def test_a_colleagues_word_meanwhile_does() -> None:
    play = Checking()
    play.requests()
    play.approves()
    play.does(SATO, AddComment(conversation_id=ID, comment_id=comment_id(play), text="待って"))
    assert kinds(play.leaves()) == ["ReplyHeld"]


def test_who_becomes_checked_or_leaves_while_a_reply_waits_sends_nothing() -> None:
    play = Checking()
    play.sends(SATO)
    play.members[SATO.key] = replace(SATO, role=Role.CHECKED)
    assert play.leaves() == (ReplyHeld(play.last.id, "sender_left"),)
    play = Checking()
    play.requests()
    play.members[NEWCOMER.key] = replace(NEWCOMER, active=False)
    assert kinds(play.approves()) == ["UnknownMember"]
    play.members[NEWCOMER.key] = replace(NEWCOMER, role=Role.GUEST)
    assert kinds(play.approves()) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    assert play.leaves() == (ReplyHeld(play.last.id, "sender_left"),)


def test_a_checker_who_left_had_the_right_then_and_one_who_may_no_more_has_it_no_more() -> None:
    play = Checking()
    play.requests()
    play.members[MORI.key] = replace(MORI, role=Role.AGENT)
    assert kinds(play.approves()) == ["NotAllowed"]
    play.members[MORI.key] = MORI
    play.approves()
    play.members[MORI.key] = replace(MORI, active=False)
    assert kinds(play.leaves()) == ["ReplySending"]


def test_a_rule_that_changes_meanwhile_changes_nothing_of_what_was_asked_for() -> None:
    play = Checking().under(CheckRule("all", stages=2))
    play.requests(TANAKA)
    play.approves(MORI)
    play.under()
    assert kinds(play.approves(BOSS)) == ["CheckApproved", "ReplyQueued", "StatusChanged"]
    play.under(CheckRule("all", stages=3))
    assert kinds(play.leaves()) == ["ReplySending"]


def test_no_forged_word_of_the_client_makes_a_reply_approved() -> None:
    play = Checking()
    assert kinds(play.opens(NEWCOMER))[0] == "LeaseTaken"
    assert play.does(NEWCOMER, play.reply(token=play.token())) == NotAllowed("approval")
    assert play.does(NEWCOMER, play.reply(token=None)) == NotAllowed("approval")
    assert play.does(NEWCOMER, IssueTicket(conversation_id=ID, submission_id="s1", imap_checked=True)) == Malformed(
        "only the server itself says IssueTicket"
    )


RULES = {
    "members": (CheckRule("r", members=(SATO.key,)), {}, True),
    "another member": (CheckRule("r", members=(TANAKA.key,)), {}, False),
    "inbox": (CheckRule("r", inboxes=(InboxKey("support"),)), {}, True),
    "another inbox": (CheckRule("r", inboxes=(InboxKey("sales"),)), {}, False),
    "outside": (CheckRule("r", outside=True), {"envelope": Envelope(SUPPORT, (CUSTOMER, "new@elsewhere.example"))}, True),
    "nobody outside": (CheckRule("r", outside=True), {"envelope": Envelope(SUPPORT, (CUSTOMER,))}, False),
    "first reply": (CheckRule("r", first_reply=True), {}, True),
    "attachment": (CheckRule("r", attachments=True), {"mail": MailFacts("見積です", 1)}, True),
    "no attachment": (CheckRule("r", attachments=True), {"mail": MailFacts("見積です", 0)}, False),
    "word in another width": (CheckRule("r", words=("返金",)), {"mail": MailFacts("ご返金いたします", 0)}, True),
    "word in capitals": (CheckRule("r", words=("refund",)), {"mail": MailFacts("Your ＲＥＦＵＮＤ", 0)}, True),
    "no such word": (CheckRule("r", words=("返金",)), {"mail": MailFacts("ありがとうございます", 0)}, False),
    "amount": (CheckRule("r", amount_over=100_000), {"mail": MailFacts("合計は１２０，０００円です", 0)}, True),
    "small amount": (CheckRule("r", amount_over=100_000), {"mail": MailFacts("合計は9,800円、¥500です", 0)}, False),
    "urgency": (CheckRule("r", urgency=Urgency.URGENT), {}, False),
    "both must be so": (CheckRule("r", words=("返金",), attachments=True), {"mail": MailFacts("返金", 0)}, False),
    "nobody could read it": (CheckRule("r", words=("返金",)), {"mail": None}, True),
}


@pytest.mark.parametrize("what", RULES)
def test_a_rule_asks_for_what_it_names(what: str) -> None:
    rule, changes, asks = RULES[what]
    play = Checking().under(rule)
    play.facts = changes.get("mail", play.facts)
    play.opens(SATO)
    envelope = {"envelope": changes["envelope"]} if "envelope" in changes else {}
    outcome = play.does(SATO, play.reply(token=play.token(), **envelope))
    assert (outcome == ApprovalRequired(1, ("r",))) is asks, outcome


def test_sums_are_read_as_people_write_them() -> None:
    assert [largest_amount(text) for text in ("5万円", "１２万円と3円", "$1,200", "1億円", "注文番号 123456", "€ 30")] == [
        50_000, 120_000, 1_200, 100_000_000, 0, 30,
    ]  # fmt: skip


def test_only_leaders_say_what_is_checked_and_only_what_can_be() -> None:
    play = opened()
    policy = CheckPolicy((CheckRule("all", stages=2, limit_minutes=30),), (SATO.key,))
    assert decide_team(SaveCheckPolicy(policy), {}, play.context(SATO)) == NotAllowed("leader")
    assert decide_team(SaveCheckPolicy(policy), {}, play.context(MORI)) == (CheckPolicySaved(policy),)
    for wrong in (
        CheckPolicy((CheckRule("all", stages=4),)),
        CheckPolicy((CheckRule("all"), CheckRule("all"))),
        CheckPolicy((CheckRule("All!"),)),
        CheckPolicy((CheckRule("all", words=("",)),)),
        CheckPolicy((CheckRule("all", limit_minutes=0),)),
        CheckPolicy((), (MemberKey("nobody"),)),
    ):
        assert problem_with_policy(wrong, play.members) is not None
        assert kinds(decide_team(SaveCheckPolicy(wrong), {}, play.context(MORI))) == ["Malformed"]


def test_the_limit_of_a_check_is_the_shortest_that_asks() -> None:
    play = Checking().under(CheckRule("a", limit_minutes=60), CheckRule("b", limit_minutes=15))
    play.requests(TANAKA)
    assert play.check.limit_at == play.check.since + timedelta(minutes=15)


def test_two_claims_never_stand_beside_each_other() -> None:
    play = Checking()
    play.requests()
    assert kinds(play.does(SATO, TakeLease(conversation_id=ID, seen_revision=revision(play), terminal="t", take_over="急ぎ"))) == ["ReplyPending"]


def test_a_check_that_never_was_is_unknown() -> None:
    play = Checking()
    unknown = decide(play.state, SendBack(conversation_id=ID, submission_id="none", remark="x"), play.context(MORI))
    assert kinds(unknown) == ["UnknownSubmission"]
