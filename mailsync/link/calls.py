"""One method for each call of the server. Made by `scripts/api.py` from `mailsync.server.endpoints`: change that, not this."""

from typing import cast
from urllib.parse import quote

from mailsync.link.mailing_calls import MailingCalls
from mailsync.link.many_protocol import ManyAnswer, ManyRequest
from mailsync.link.pages import EventsPage, NewestPage, SnapshotPage, StatesWanted
from mailsync.link.people_protocol import (
    CertificateNames,
    CodeShown,
    Deactivated,
    Ended,
    FactorBegun,
    FactorState,
    InviteAgain,
    MemberChange,
    MemberDetails,
    Networks,
    NewPassword,
    PasswordShown,
    PasswordToChange,
    RecoveryCodes,
    SessionInfo,
)
from mailsync.link.protocol import (
    AddMemberRequest,
    Answer,
    CheckBody,
    CommandRequest,
    DraftBody,
    Joined,
    JoinRequest,
    LoginRequest,
    MarksAnswer,
    MarksSaid,
    Me,
    MemberAdded,
    OutboxRow,
    PulseAnswer,
    PulseRequest,
    Remark,
)
from mailsync.link.queries import Part
from mailsync.link.sample_protocol import RemarkRequest, Sample, SampleRequest
from mailsync.link.stream_protocol import Events, Goodbye, Hello, Marks, Presence, PullNow, Said
from mailsync.link.trail import Erased, EraseRequest, LogLine, LogRequest, LogVerified, VerifyRequest
from store.domain.ids import ConversationId, InboxKey, MemberKey, Seq, SubmissionId
from store.domain.template import TemplateVersion


class Calls(MailingCalls):
    """What a client can ask. How it is asked is for the class that inherits this to say."""

    async def join(self, body: JoinRequest) -> Joined:
        """Use an invitation."""
        return cast("Joined", await self._call("POST", "/v1/join", Joined, body=body))

    async def login(self, body: LoginRequest) -> Joined:
        """Log in by password."""
        return cast("Joined", await self._call("POST", "/v1/sessions", Joined, body=body))

    async def me(self) -> Me:
        """Who the caller is."""
        return cast("Me", await self._call("GET", "/v1/me", Me))

    async def command(self, body: CommandRequest) -> Answer:
        """Have a command decided."""
        return cast("Answer", await self._call("POST", "/v1/commands", Answer, body=body))

    async def commands(self, body: ManyRequest) -> ManyAnswer:
        """Have several decided, each by itself."""
        return cast("ManyAnswer", await self._call("POST", "/v1/commands/many", ManyAnswer, body=body))

    async def snapshot(self, after: ConversationId | None = None, limit: int = 500) -> SnapshotPage:
        """Every conversation, in pages."""
        return cast("SnapshotPage", await self._call("GET", "/v1/snapshot", SnapshotPage, query={"after": after, "limit": limit}))

    async def newest(self, part: Part = Part.OPEN, below: int | None = None, limit: int = 500) -> NewestPage:
        """Open or closed ones, the newest first."""
        return cast("NewestPage", await self._call("GET", "/v1/newest", NewestPage, query={"part": part, "below": below, "limit": limit}))

    async def states(self, body: StatesWanted) -> NewestPage:
        """Some conversations."""
        return cast("NewestPage", await self._call("POST", "/v1/states", NewestPage, body=body))

    async def events(self, since: Seq | None = None, limit: int = 1000) -> EventsPage:
        """The journal, in pages."""
        return cast("EventsPage", await self._call("GET", "/v1/events", EventsPage, query={"since": since, "limit": limit}))

    async def poll(self, since: Seq | None = None, presence: int = 0, wait: int = 25) -> list[Hello | Events | Presence | Marks | PullNow | Goodbye]:
        """As it happens: a question that waits."""
        return cast(
            "list[Hello | Events | Presence | Marks | PullNow | Goodbye]",
            await self._call(
                "GET",
                "/v1/stream/poll",
                list[Hello | Events | Presence | Marks | PullNow | Goodbye],
                query={"since": since, "presence": presence, "wait": wait},
            ),
        )

    async def say(self, body: Said) -> None:
        """Where the agent is."""
        await self._call("POST", "/v1/stream/say", body=body)

    async def pulse(self, body: PulseRequest) -> PulseAnswer:
        """A lease's holder is alive."""
        return cast("PulseAnswer", await self._call("POST", "/v1/pulse", PulseAnswer, body=body))

    async def save_draft(self, conversation_id: ConversationId, body: DraftBody) -> None:
        """Keep a draft."""
        await self._call("PUT", f"/v1/drafts/{quote(conversation_id, safe='')}", body=body)

    async def drafts(self) -> list[DraftBody]:
        """The caller's own drafts."""
        return cast("list[DraftBody]", await self._call("GET", "/v1/drafts", list[DraftBody]))

    async def drop_draft(self, conversation_id: ConversationId) -> None:
        """Forget a draft."""
        await self._call("DELETE", f"/v1/drafts/{quote(conversation_id, safe='')}")

    async def exchange_marks(self, body: MarksSaid) -> MarksAnswer:
        """The caller's own read marks, both ways."""
        return cast("MarksAnswer", await self._call("POST", "/v1/marks", MarksAnswer, body=body))

    async def template_versions(self, key: str = "") -> list[TemplateVersion]:
        """Every version of a template."""
        return cast("list[TemplateVersion]", await self._call("GET", "/v1/templates/versions", list[TemplateVersion], query={"key": key}))

    async def outbox(self) -> list[OutboxRow]:
        """What waits to be sent, and what became of it."""
        return cast("list[OutboxRow]", await self._call("GET", "/v1/outbox", list[OutboxRow]))

    async def check_text(self, conversation_id: ConversationId) -> CheckBody:
        """A reply that waits for a check."""
        return cast("CheckBody", await self._call("GET", f"/v1/checks/{quote(conversation_id, safe='')}", CheckBody))

    async def draw_sample(self, body: SampleRequest) -> Sample:
        """Draw a sample of sent mail."""
        return cast("Sample", await self._call("POST", "/v1/sample", Sample, body=body))

    async def remark_on_sent(self, submission_id: SubmissionId, body: RemarkRequest) -> None:
        """Say something of a mail that left."""
        await self._call("PUT", f"/v1/sample/{quote(submission_id, safe='')}", body=body)

    async def learning(self, key: MemberKey) -> list[Remark]:
        """What checkers said to a member."""
        return cast("list[Remark]", await self._call("GET", f"/v1/learning/{quote(key, safe='')}", list[Remark]))

    async def log_show(self, body: LogRequest) -> list[LogLine]:
        """The audit log's newest entries."""
        return cast("list[LogLine]", await self._call("POST", "/v1/log", list[LogLine], body=body))

    async def log_verify(self, body: VerifyRequest) -> LogVerified:
        """Prove a part of the audit log."""
        return cast("LogVerified", await self._call("POST", "/v1/log/verify", LogVerified, body=body))

    async def erase_customer(self, body: EraseRequest) -> Erased:
        """Erase a customer."""
        return cast("Erased", await self._call("POST", "/v1/customers/erase", Erased, body=body))

    async def hint(self, inbox: InboxKey) -> None:
        """There may be new mail."""
        await self._call("POST", f"/v1/hint/{quote(inbox, safe='')}")

    async def own_sessions(self) -> list[SessionInfo]:
        """One's own sessions."""
        return cast("list[SessionInfo]", await self._call("GET", "/v1/me/sessions", list[SessionInfo]))

    async def end_other_sessions(self) -> Ended:
        """End all others of them."""
        return cast("Ended", await self._call("DELETE", "/v1/me/sessions", Ended))

    async def end_own_session(self, session_id: str) -> Ended:
        """End one of them."""
        return cast("Ended", await self._call("DELETE", f"/v1/me/sessions/{quote(session_id, safe='')}", Ended))

    async def change_password(self, body: NewPassword) -> Ended:
        """Set one's password."""
        return cast("Ended", await self._call("POST", "/v1/me/password", Ended, body=body))

    async def second_factor(self) -> FactorState:
        """How one's second factor stands."""
        return cast("FactorState", await self._call("GET", "/v1/me/second-factor", FactorState))

    async def begin_second_factor(self, body: PasswordShown) -> FactorBegun:
        """Begin one."""
        return cast("FactorBegun", await self._call("POST", "/v1/me/second-factor", FactorBegun, body=body))

    async def confirm_second_factor(self, body: CodeShown) -> RecoveryCodes:
        """Turn it on."""
        return cast("RecoveryCodes", await self._call("PUT", "/v1/me/second-factor", RecoveryCodes, body=body))

    async def end_second_factor(self, body: PasswordShown) -> None:
        """Turn it off."""
        await self._call("POST", "/v1/me/second-factor/end", body=body)

    async def renew_recovery_codes(self, body: CodeShown) -> RecoveryCodes:
        """Other ones."""
        return cast("RecoveryCodes", await self._call("POST", "/v1/me/recovery-codes", RecoveryCodes, body=body))

    async def add_member(self, body: AddMemberRequest) -> MemberAdded:
        """Invite a member."""
        return cast("MemberAdded", await self._call("POST", "/v1/members", MemberAdded, body=body))

    async def member_details(self, key: MemberKey) -> MemberDetails:
        """What lets a member in."""
        return cast("MemberDetails", await self._call("GET", f"/v1/members/{quote(key, safe='')}", MemberDetails))

    async def change_member(self, key: MemberKey, body: MemberChange) -> MemberDetails:
        """Change a member."""
        return cast("MemberDetails", await self._call("PUT", f"/v1/members/{quote(key, safe='')}", MemberDetails, body=body))

    async def invite_again(self, key: MemberKey, body: InviteAgain) -> MemberAdded:
        """Invite again."""
        return cast("MemberAdded", await self._call("POST", f"/v1/members/{quote(key, safe='')}/invite", MemberAdded, body=body))

    async def uninvite(self, key: MemberKey) -> Ended:
        """Take it back."""
        return cast("Ended", await self._call("DELETE", f"/v1/members/{quote(key, safe='')}/invitations", Ended))

    async def allow_networks(self, key: MemberKey, body: Networks) -> None:
        """From where they may call."""
        await self._call("PUT", f"/v1/members/{quote(key, safe='')}/networks", body=body)

    async def bind_certificates(self, key: MemberKey, body: CertificateNames) -> CertificateNames:
        """Their certificates."""
        return cast("CertificateNames", await self._call("PUT", f"/v1/members/{quote(key, safe='')}/certificates", CertificateNames, body=body))

    async def deactivate(self, key: MemberKey) -> Deactivated:
        """End a member."""
        return cast("Deactivated", await self._call("POST", f"/v1/members/{quote(key, safe='')}/deactivate", Deactivated))

    async def sessions_of(self, key: MemberKey) -> list[SessionInfo]:
        """A colleague's sessions."""
        return cast("list[SessionInfo]", await self._call("GET", f"/v1/members/{quote(key, safe='')}/sessions", list[SessionInfo]))

    async def end_sessions_of(self, key: MemberKey) -> Ended:
        """End them all."""
        return cast("Ended", await self._call("DELETE", f"/v1/members/{quote(key, safe='')}/sessions", Ended))

    async def end_session_of(self, key: MemberKey, session_id: str) -> Ended:
        """End one."""
        return cast("Ended", await self._call("DELETE", f"/v1/members/{quote(key, safe='')}/sessions/{quote(session_id, safe='')}", Ended))

    async def mailbox_passwords(self) -> list[PasswordToChange]:
        """Shared ones to change."""
        return cast("list[PasswordToChange]", await self._call("GET", "/v1/mailbox-passwords", list[PasswordToChange]))
