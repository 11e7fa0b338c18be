"""What is known of one conversation when it is to be explained: its row, its events, its list, and who asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from store.domain.conversation import Conversation
from store.domain.events import AnyEvent, Recorded
from store.domain.ids import MemberKey
from store.domain.people import SERVER
from store.domain.status import BUILT_IN
from store.domain.waiting import waiting_time
from store.local.rows import ConversationRow, StoredMessage
from tui.view.ages import day_and_time
from tui.view.gate import clean
from tui.view.keys.keymap import KeyOf
from tui.view.statuses import Statuses
from tui.view.steps import WAITS
from tui.words import _


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a view's query as it could be typed, and whether the conversation fulfils it."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The list it is explained in: its name, the parts of its query, and how many stand above it; None: not in it, or ordered otherwise."""

    view: str
    parts: tuple[Part, ...]
    above: int | None
    best: bool = False
    """The list goes by relevance."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one conversation, and who asks, when. Its words are cleaned here."""

    row: ConversationRow
    state: Conversation
    timeline: Sequence[Recorded]
    messages: Sequence[StoredMessage]
    place: Place | None
    me: MemberKey | None
    names: Mapping[MemberKey, str]
    now: datetime
    key: KeyOf
    """The keys of the desk it is explained at."""
    zone: tzinfo | None = None
    statuses: Statuses = field(default_factory=lambda: BUILT_IN)
    waits: Sequence[timedelta] = WAITS

    def name(self, key: MemberKey | None) -> str:
        """A member's name as the team says it."""
        return _("nobody") if key is None else _("the server") if key == SERVER else clean(self.names.get(key, key))

    def at(self, at: datetime) -> str:
        """A moment as it is said."""
        return day_and_time(at, self.now, self.zone)

    def last(self, fits: Callable[[AnyEvent], bool]) -> Recorded | None:
        """The last event like that; None: it is from before what is told one by one here."""
        return next((one for one in reversed(self.timeline) if fits(one.event)), None)

    @property
    def wait(self) -> timedelta | None:
        """How long its customer waits."""
        return waiting_time(self.row.waiting_since, self.now)
