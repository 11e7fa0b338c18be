"""An onlooker who reads only the journal and knows the promises; shares no code with the rules it judges."""

from collections.abc import Iterable

from store.domain.events import (
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
        self.over: set[str] = set()
        self.before: dict[int, tuple[int, str]] = {}
        self.news: dict[str, tuple[int, str]] = {}

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
                self.ends(event.submission_id)

    def queued(self, one: Recorded, event: ReplyQueued) -> None:
        self.foul(self.claimed is not None, "a second claim")
        self.foul(self.holder != (event.token, one.by), "handed over without the lease")
        self.ours.add(event.message_id)
        self.seen[event.submission_id] = event.seen_revision
        self.sender[event.submission_id] = one.by
        self.fence(event.submission_id, "handed over")
        self.claimed, self.holder = event.submission_id, None

    def outcome(self, event: ReplyOutcome) -> None:
        if event.state is OutboxState.DEFERRED:
            self.out.discard(event.submission_id)
        elif event.state is OutboxState.UNKNOWN:
            self.out.add(event.submission_id)
        else:
            self.out.discard(event.submission_id)
            self.ends(event.submission_id)

    def fence(self, submission: str, what: str) -> None:
        seen, by = self.seen[submission], self.sender[submission]
        self.foul(any(at > seen and who != by for at, who in self.news.values()), f"{what} around the fence")

    def ends(self, submission: str) -> None:
        self.over.add(submission)
        if self.claimed == submission:
            self.claimed = None

    def foul(self, broken: bool, what: str) -> None:
        if broken:
            self.fouls.append(f"event {self.revision}: {what}")
