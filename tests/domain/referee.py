"""An onlooker who reads only the journal and knows the promises; shares no code with the rules it judges."""

from collections.abc import Iterable

from store.domain.events import (
    CheckApproved,
    CheckEdited,
    CheckRequested,
    CheckSentBack,
    CheckWithdrawn,
    CommentAdded,
    CommentEdited,
    CommentRemoved,
    CommentRestored,
    LeaseLapsed,
    LeaseReleased,
    LeaseTaken,
    MessageArrived,
    Recorded,
    ReplyCancelled,
    ReplyOutcome,
    ReplyQueued,
    ReplyReleased,
    ReplySending,
    ReplySettled,
)
from store.domain.outbox import OutboxState


class Referee:
    """What was promised, followed event by event; `fouls` says what was broken."""

    def __init__(self) -> None:
        self.fouls: list[str] = []
        self.revision = 0
        self.highest = None
        self.holder = None
        self.claimed = None
        self.seen: dict[str, int] = {}
        self.sender: dict[str, str] = {}
        self.ours: set[str] = set()
        self.out: set[str] = set()
        self.in_part: set[str] = set()
        """Unknown ones of which some recipients are to be asked again."""
        self.over: set[str] = set()
        self.before: dict[int, tuple[int, str]] = {}
        self.news: dict[str, tuple[int, str]] = {}
        self.checks: dict[str, tuple[str, int]] = {}
        self.yes: dict[str, set[str]] = {}

    def read(self, journal: Iterable[Recorded]) -> list[str]:
        for one in journal:
            self.revision += 1
            self.judge(one, one.event)
        return self.fouls

    def judge(self, one: Recorded, event) -> None:
        match event:
            case LeaseTaken():
                self.foul(self.claimed is not None, "a lease beside a claim")
                self.foul(self.highest is not None and event.token <= self.highest, "a token that is not the highest")
                self.highest, self.holder = event.token, (event.token, event.by)
            case LeaseReleased() | LeaseLapsed():
                self.holder = None
            case MessageArrived() if event.inbound or event.message_id not in self.ours:
                self.news[f"{event.message_id}{self.revision}"] = (self.revision, "")
            case CommentAdded():
                self.news[event.comment_id] = (self.revision, one.by)
            case CommentEdited() if event.undoes is None:
                self.before[one.seq] = self.news[event.comment_id]
                self.news[event.comment_id] = (self.revision, one.by)
            case CommentEdited():
                self.news[event.comment_id] = self.before[event.undoes]
            case CommentRestored():
                self.news[event.comment.id] = self.before[event.undoes]
            case CommentRemoved():
                self.before[one.seq] = self.news.pop(event.comment_id)
            case CheckRequested():
                self.check_requested(one, event)
            case CheckApproved():
                self.check_approved(one, event)
            case CheckSentBack() | CheckWithdrawn() | CheckEdited():
                self.foul(self.claimed != event.submission_id, "a check that is not open was ended")
                self.ends(event.submission_id)
            case ReplyQueued():
                self.queued(one, event)
            case ReplyReleased():
                self.seen[event.submission_id] = event.seen_revision
                self.fence(event.submission_id, "released")
            case ReplySending():
                self.foul(event.submission_id in self.out | self.over, "a second ticket")
                self.fence(event.submission_id, "sent")
                self.out.add(event.submission_id)
            case ReplyCancelled():
                self.foul(event.submission_id in self.out | self.over, "cancelled too late")
                self.ends(event.submission_id)
            case ReplyOutcome():
                self.outcome(event)
            case ReplySettled():
                self.out.discard(event.submission_id)
                if not event.sent or event.submission_id not in self.in_part:
                    self.ends(event.submission_id)
                self.in_part.discard(event.submission_id)

    def check_requested(self, one: Recorded, event: CheckRequested) -> None:
        reply = event.reply
        self.foul(self.claimed is not None, "a second claim")
        self.foul(self.holder != (reply.token, one.by), "handed over without the lease")
        self.ours.add(reply.message_id)
        self.seen[reply.submission_id] = reply.seen_revision
        self.sender[reply.submission_id] = one.by
        self.checks[reply.submission_id] = (event.frozen_sha256, event.stages)
        self.fence(reply.submission_id, "asked to be checked")
        self.claimed, self.holder = reply.submission_id, None

    def check_approved(self, one: Recorded, event: CheckApproved) -> None:
        given = self.yes.setdefault(event.submission_id, set())
        self.foul(self.claimed != event.submission_id, "a yes to what does not wait")
        self.foul(one.by == self.sender.get(event.submission_id) or one.by in given, "a yes by somebody who has said theirs")
        self.foul(event.approval.subject.frozen_sha256 != self.checks[event.submission_id][0], "a yes to something else")
        given.add(one.by)

    def queued(self, one: Recorded, event: ReplyQueued) -> None:
        if event.submission_id in self.checks:
            self.foul(self.claimed != event.submission_id, "queued though it does not wait for a check")
            self.foul(len(self.yes.get(event.submission_id, ())) < self.checks[event.submission_id][1], "queued before the last yes")
            self.seen[event.submission_id] = event.seen_revision
            self.fence(event.submission_id, "approved")
            return
        self.foul(self.claimed is not None, "a second claim")
        self.foul(self.holder != (event.token, one.by), "handed over without the lease")
        self.ours.add(event.message_id)
        self.seen[event.submission_id] = event.seen_revision
        self.sender[event.submission_id] = one.by
        # A row of a mailing that was approved as a whole: what those said who approved it is no news either.
        self.yes[event.submission_id] = {given.by for given in event.approvals}
        self.fence(event.submission_id, "handed over")
        self.claimed, self.holder = event.submission_id, None

    def outcome(self, event: ReplyOutcome) -> None:
        if event.state is OutboxState.DEFERRED:
            self.out.discard(event.submission_id)
        elif event.state is OutboxState.UNKNOWN:
            self.out.add(event.submission_id)
            said = {result.state for result in event.results}
            in_part = {OutboxState.DEFERRED, OutboxState.UNKNOWN} <= said
            (self.in_part.add if in_part else self.in_part.discard)(event.submission_id)
        else:
            self.out.discard(event.submission_id)
            self.ends(event.submission_id)

    def fence(self, submission: str, what: str) -> None:
        seen, by = self.seen[submission], self.sender[submission]
        own = {by, *self.yes.get(submission, ())}
        self.foul(any(at > seen and who not in own for at, who in self.news.values()), f"{what} around the fence")

    def ends(self, submission: str) -> None:
        self.over.add(submission)
        if self.claimed == submission:
            self.claimed = None

    def foul(self, broken: bool, what: str) -> None:
        if broken:
            self.fouls.append(f"event {self.revision}: {what}")
