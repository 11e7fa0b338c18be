"""A conversation played without a server: commands in, events folded, time moved by hand."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from store.domain.commands import AnyCommand, IssueTicket, LapseLease, RecordMessage, RecordOutcome, SubmitReply, TakeLease
from store.domain.context import Context, Opening
from store.domain.conversation import Conversation, Undoable
from store.domain.decide import decide
from store.domain.events import ConversationEvent, Recorded
from store.domain.evolve import evolve
from store.domain.ids import CommentId, ConversationId, InboxKey, MemberKey, MessageId, Revision, Seq, SubmissionId, ThreadKey
from store.domain.lease import Pulse, Token
from store.domain.message import Kind
from store.domain.outbox import Envelope, OutboxState, Submission
from store.domain.people import SERVER, Member, Role
from store.domain.refusals import Refusal
from store.domain.team_facts import TeamFacts

ID = ConversationId("abcdefgh23456723")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SUPPORT = "support@example.jp"
CUSTOMER = "hana@customer.example"

SATO = Member(MemberKey("sato"), "佐藤 一郎")
TANAKA = Member(MemberKey("tanaka"), "田中 花子")
MORI = Member(MemberKey("mori"), "森", Role.LEADER)
NEWCOMER = Member(MemberKey("newcomer"), "新人", Role.CHECKED)
GUEST = Member(MemberKey("guest"), "客", Role.GUEST)
THE_SERVER = Member(SERVER, "", Role.ADMIN)
TEAM = (SATO, TANAKA, MORI, NEWCOMER, GUEST)

Outcome = tuple[ConversationEvent, ...] | Refusal


class Play:
    """Given, when, then: `does` gives a command, and what became of it is folded into `state`."""

    def __init__(self) -> None:
        self.state = Conversation(ID)
        self.journal: list[Recorded] = []
        self.now = START
        self.epoch = 1
        self.pulse: Pulse | None = None
        self.team = TeamFacts()
        self.inboxes: frozenset[InboxKey] | None = None
        self.opening: Opening | None = None
        self.members = {member.key: member for member in TEAM}
        self.counter = 0

    def context(self, actor: Member) -> Context:
        active = [member for member in self.members.values() if member.active]
        return Context(
            actor=actor,
            now=self.now,
            epoch=self.epoch,
            pulse=self.pulse,
            members=frozenset(member.key for member in active),
            leaders=frozenset(member.key for member in active if member.role is Role.LEADER),
            own_addresses=frozenset({SUPPORT}),
            names={member.key: member.name for member in active},
            team=self.team,
            inboxes=self.inboxes,
            opening=self.opening,
            checked=frozenset(member.key for member in active if member.role is Role.CHECKED),
            cannot_send=frozenset(member.key for member in active if member.role in {Role.GUEST, Role.CHECKED}),
        )

    def does(self, actor: Member, command: AnyCommand) -> Outcome:
        decision = decide(self.state, command, self.context(self.members.get(actor.key, actor)))
        if isinstance(decision, Refusal):
            return decision
        for event in decision:
            one = Recorded(Seq(len(self.journal) + 1), self.now, actor.key, self.state.id, event)
            self.journal.append(one)
            self.state = evolve(self.state, one)
        return decision

    def server(self, command: AnyCommand) -> Outcome:
        return self.does(THE_SERVER, command)

    def later(self, **time: float) -> "Play":
        self.now += timedelta(**time)
        return self

    def next(self, what: str) -> str:
        self.counter += 1
        return f"{what}{self.counter}"

    # Mail.

    def mail(self, **changes: object) -> RecordMessage:
        """A customer's mail of this moment, not yet recorded."""
        message_id = MessageId(f"<{self.next('m')}@customer.example>")
        command = RecordMessage(
            conversation_id=ID,
            inbox=InboxKey("support"),
            thread_key=ThreadKey(str(ID)),
            message_id=message_id,
            content_sha256=f"sha of {message_id}",
            inbound=True,
            kind=Kind.MAIL,
            from_name="花",
            from_address=CUSTOMER,
            recipients=(SUPPORT,),
            subject="注文について",
            date=self.now,
            number=12,
        )
        return replace(command, **changes)

    def customer_writes(self, **changes: object) -> Outcome:
        return self.server(self.mail(**changes))

    def sent_copy(self, message_id: MessageId | None = None, **changes: object) -> Outcome:
        """A message that lies in Sent."""
        named = {} if message_id is None else {"message_id": message_id}
        ours = {"inbound": False, "from_address": SUPPORT, "from_name": "", "recipients": (CUSTOMER,)}
        return self.server(self.mail(**(ours | named | changes)))

    # Replies.

    def opens(self, actor: Member, *, take_over: str | None = None, terminal: str = "t1") -> Outcome:
        return self.does(actor, TakeLease(conversation_id=ID, seen_revision=self.state.revision, terminal=terminal, take_over=take_over))

    def token(self) -> Token:
        assert self.state.lease is not None
        return self.state.lease.token

    def reply(self, *, token: Token | None, **changes: object) -> SubmitReply:
        """A reply to the customer, having seen everything, not yet handed over."""
        submission = self.next("s")
        command = SubmitReply(
            conversation_id=ID,
            submission_id=SubmissionId(submission),
            message_id=MessageId(f"<{submission}@example.jp>"),
            envelope=Envelope(SUPPORT, (CUSTOMER,)),
            mime=b"Subject: Re\r\n\r\nhello\r\n",
            seen_revision=self.state.revision,
            token=token,
            terminal="t1",
        )
        return replace(command, **changes)

    def sends(self, actor: Member, **changes: object) -> Outcome:
        """Open the composer and hand over."""
        self.opens(actor)
        return self.does(actor, self.reply(token=self.token(), **changes))

    @property
    def last(self) -> Submission:
        return self.state.submissions[-1]

    def ticket(self, *, imap_checked: bool = True) -> Outcome:
        return self.server(IssueTicket(conversation_id=ID, submission_id=self.last.id, imap_checked=imap_checked))

    def outcome(self, state: OutboxState, **changes: object) -> Outcome:
        return self.server(replace(RecordOutcome(conversation_id=ID, submission_id=self.last.id, state=state), **changes))

    def replies(self, actor: Member, **changes: object) -> None:
        """The whole way: handed over, sent, accepted."""
        self.sends(actor, **changes)
        self.later(seconds=30)
        self.ticket()
        self.outcome(OutboxState.ACCEPTED)

    def lapses(self, *, has_text: bool) -> Outcome:
        return self.server(LapseLease(conversation_id=ID, token=self.token(), has_text=has_text))


def opened() -> Play:
    """A customer has written once."""
    play = Play()
    play.customer_writes()
    return play


def kinds(outcome: Outcome) -> list[str]:
    """The names of the events, or of the refusal."""
    return [type(event).__name__ for event in outcome] if isinstance(outcome, tuple) else [type(outcome).__name__]


def comment_id(play: Play) -> CommentId:
    return CommentId(play.next("c"))


def revision(play: Play, back: int = 0) -> Revision:
    return Revision(play.state.revision - back)


def undoables(play: Play) -> tuple[Undoable, ...]:
    return play.state.undoable
