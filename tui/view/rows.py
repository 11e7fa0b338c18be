"""A conversation as one line of the list, decided without the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from store.domain.ids import ConversationId, InboxKey, MemberKey, StatusKey
from store.domain.status import BUILT_IN, Category, Urgency
from store.domain.waiting import waiting_time
from tui.view.ages import age_label
from tui.view.columns import Columns
from tui.view.gate import clean
from tui.view.highlight import Ranges, clipped_places, highlighted
from tui.view.honorific import fitted
from tui.view.labels import COMES_BACK, FOLLOWED, UNREAD, labels_beside, wake_label
from tui.view.spans import PLAIN, Line, Span
from tui.view.statuses import Statuses, status_letter, status_name, status_tone, urgency_mark, urgency_word
from tui.view.steps import WAITS, due_label, due_step, step_tone, waiting_label, waiting_step
from tui.view.width import columns_of, fit
from tui.words import _

MARKED = "x"
"""What stands before a marked line: the key that marks it."""
PAUSES = "~"


class RowFacts(Protocol):
    """What a row must know of a conversation; `store.local`'s ConversationRow is one."""

    @property
    def id(self) -> ConversationId: ...
    @property
    def number(self) -> int | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def customer_address(self) -> str: ...
    @property
    def status(self) -> StatusKey: ...
    @property
    def category(self) -> Category: ...
    @property
    def owner(self) -> MemberKey | None: ...
    @property
    def suggested_owner(self) -> MemberKey | None: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def lease_by(self) -> MemberKey | None: ...
    @property
    def lease_since(self) -> datetime | None: ...
    @property
    def lease_idle(self) -> bool: ...
    @property
    def present(self) -> tuple[MemberKey, ...]: ...
    @property
    def last_at(self) -> datetime | None: ...
    @property
    def waiting_since(self) -> datetime | None: ...
    @property
    def pending(self) -> bool: ...
    @property
    def mentions_me(self) -> bool: ...
    @property
    def flags(self) -> tuple[str, ...]: ...
    @property
    def has_draft(self) -> bool: ...
    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def folder(self) -> str: ...
    @property
    def followers(self) -> tuple[MemberKey, ...]: ...
    @property
    def wake_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def unread(self) -> bool: ...
    @property
    def woken(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the list: me, the names of the others, and the moment."""

    me: MemberKey | None
    names: dict[MemberKey, str]
    now: datetime
    also_in: Mapping[ConversationId, tuple[InboxKey, ...]] = field(default_factory=dict)
    """Conversations whose mail came to other inboxes of ours too."""
    statuses: Statuses = field(default_factory=lambda: BUILT_IN)
    """What a conversation's status may be, the team's own among them."""
    honorific: str = ""
    """What stands behind customers' Japanese names."""
    waits: Sequence[timedelta] = WAITS
    """From when on a wait calls louder: see `steps`."""

    def name(self, key: MemberKey) -> str:
        """A member's name as the team says it."""
        return clean(self.names.get(key, key))


class Marks(Protocol):
    """What a list was searched for; `tui.view.found`'s Found is one. The first picture needs none, and does not load it."""

    def places(self, text: str, of: str) -> Ranges:
        """Where it stands in the text, which is this field of a mail."""
        ...

    def subject(self, conversation_id: str, subject: str, customer: str, columns: int) -> str:
        """What stands in the cell of the subject."""
        ...


class Cell(NamedTuple):
    """`text` in so many columns (0: not shown), in one tone but for the `places` that were searched for."""

    columns: int
    text: str
    tone: str = PLAIN
    places: Ranges = ()
    right: bool = False


def row_spans(
    row: RowFacts, columns: Columns, reader: Reader, *, gone: bool = False, found: Marks | None = None, marked: bool = False
) -> tuple[Span, ...]:
    """The cells of a row with a blank between them. `gone`: it left this view while the cursor stood on it; `marked`: for the next command."""
    quiet = gone or row.category in (Category.DONE, Category.JUNK)
    body = "quiet" if quiet else "unread" if row.unread else PLAIN
    cells = (
        Cell(columns.mark, *((MARKED, "marked") if marked else row_mark(row, reader.me))),
        Cell(columns.status, *_status(row, columns, reader, gone=gone)),
        Cell(columns.urgency, urgency_mark(row.urgency) if columns.urgency <= 2 else urgency_word(row.urgency), "urgent"),
        Cell(columns.number, f"#{row.number}" if row.number else "", "quiet"),
        Cell(columns.owner, *owner_label(row, reader)),
        *_customer_and_subject(row, columns, body, found, also_mark(reader.also_in.get(row.id, ())), reader.honorific),
        Cell(columns.presence, *presence_label(row, reader)),
        Cell(columns.age, *age_of(row, reader, quiet=quiet), right=True),
    )
    return _joined(cells)


def _customer_and_subject(row: RowFacts, columns: Columns, tone: str, found: Marks | None, also: str, honorific: str) -> tuple[Cell, ...]:
    """Customer and subject; the team's labels stand at the end of the subject's cell, where they push nothing aside."""
    labels = labels_beside(row, columns.subject)
    if labels:
        columns = replace(columns, subject=columns.subject - columns_of(labels) - 1)
    cells = _customer_and_subject_alone(row, columns, tone, found, also, honorific)
    return (*cells, Cell(columns_of(labels), labels, "quiet" if tone == "quiet" else "label")) if labels else cells


def _customer_and_subject_alone(row: RowFacts, columns: Columns, tone: str, found: Marks | None, also: str, honorific: str) -> tuple[Cell, Cell]:
    customer = fitted(clean(row.customer_name), honorific, columns.customer) or clean(row.customer_address) or _("(no sender)")
    subject = clean(row.subject) or _("(no subject)")
    if found is None:
        return Cell(columns.customer, customer, tone), Cell(columns.subject, also + subject, tone)
    shown = found.subject(row.id, subject, customer, max(1, columns.subject - columns_of(also)))
    places = tuple((begin + len(also), end + len(also)) for begin, end in found.places(shown, "subject" if shown == subject else "text"))
    return Cell(columns.customer, customer, tone, found.places(customer, "from")), Cell(columns.subject, also + shown, tone, places)


def also_mark(inboxes: Sequence[InboxKey]) -> str:
    """What stands before the subject of a mail that other inboxes have too: `[+sales] `."""
    return f"[+{clean(','.join(inboxes))}] " if inboxes else ""


def _joined(cells: Sequence[Cell]) -> tuple[Span, ...]:
    """One span for neighbours of one tone: each further span costs its colour codes on every repaint. Blanks have no tone."""
    spans: list[Span] = []
    text, tone = "", None
    for cell in cells:
        if not cell.columns:
            continue
        if tone is not None:
            text += " "
        for piece, its_tone in _pieces(cell):
            # A blank piece joins whatever stands before it.
            if tone == its_tone or (tone is not None and piece.isspace()):
                text += piece
                continue
            if tone is not None:
                spans.append(Span(text, tone))
            text, tone = piece, its_tone
    if tone is not None:
        spans.append(Span(text, tone))
    return tuple(spans)


def _pieces(cell: Cell) -> Sequence[tuple[str, str]]:
    """The cell's text in its columns, in pieces of a tone each."""
    piece = fit(cell.text, cell.columns, right=cell.right)
    if not cell.places:
        return ((piece, cell.tone),)
    places = clipped_places(cell.places, piece, cell.text)
    return [(span.text, span.tone) for span in highlighted(Line((Span(piece, cell.tone),)), ((*each, "found") for each in places)).spans]


def _status(row: RowFacts, columns: Columns, reader: Reader, *, gone: bool) -> tuple[str, str]:
    known = reader.statuses
    text = status_letter(row.status, known) if columns.status <= 2 else status_name(row.status, known)
    return text, "quiet" if gone else status_tone(row.status, row.category, owned=row.owner is not None, statuses=known)


def row_mark(row: RowFacts, me: MemberKey | None = None) -> tuple[str, str]:
    """The first column: what asks for a look, loudest first."""
    if row.flags and any(flag != "answered_outside" for flag in row.flags):
        return "?" if "unknown" in row.flags else "*", "alarm"
    asking = (
        (row.mentions_me, "@", "mention"),
        (row.woken, COMES_BACK, "woken"),
        (row.has_draft, "+", "draft"),
        (row.pending, "~", "quiet"),
        (row.unread, UNREAD, "unread"),
        (me is not None and me in row.followers and row.owner != me, FOLLOWED, "quiet"),
    )
    return next(((mark, tone) for asks, mark, tone in asking if asks), ("", PLAIN))


def owner_label(row: RowFacts, reader: Reader) -> tuple[str, str]:
    """Whose it is; a suggested owner stands in brackets."""
    if row.owner is not None:
        return reader.name(row.owner), "mine" if row.owner == reader.me else "other"
    if row.suggested_owner is not None:
        return f"({reader.name(row.suggested_owner)})", "quiet"
    return "-", PLAIN


def age_of(row: RowFacts, reader: Reader, *, quiet: bool) -> tuple[str, str]:
    """How long its customer waits, in the step's sign and tone; where nobody waits, how old its last mail is."""
    wait = waiting_time(row.waiting_since, reader.now)
    if wait is None or quiet:
        return "" if row.last_at is None else age_label(reader.now - row.last_at), "quiet"
    step = waiting_step(wait, reader.waits)
    return waiting_label(wait, step), step_tone(step)


def presence_label(row: RowFacts, reader: Reader) -> tuple[str, str]:
    """`✎name 3m` while somebody writes, `~name 3m` when they have paused, `◦name` while somebody looks; oneself is left out unless writing."""
    if row.lease_by is not None:
        since = "" if row.lease_since is None else f" {age_label(reader.now - row.lease_since)}"
        # By a sign too, not by the tone alone: a pause may be another's turn.
        sign, tone = (PAUSES, "idle") if row.lease_idle else ("✎", "writing")
        return f"{sign}{reader.name(row.lease_by)}{since}", tone
    others = [reader.name(key) for key in row.present if key != reader.me]
    if not others:
        return _when_label(row, reader)
    return "◦" + others[0] + (f"+{len(others) - 1}" if len(others) > 1 else ""), "looking"


def _when_label(row: RowFacts, reader: Reader) -> tuple[str, str]:
    """Where nobody is: when it is due, else when it is back from hold."""
    if row.due_at is None or row.category in (Category.DONE, Category.JUNK):
        return wake_label(row, reader.now), "quiet"
    step = due_step(row.due_at, reader.now)
    return due_label(row.due_at, reader.now, step), step_tone(step) or "quiet"
