"""What a list was searched for, and where it stands in what a row shows: marked in its cells, or a few words of the mail behind the subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.domain.query import Query
from store.local.matches import matches_in
from tui.view.gate import clean
from tui.view.highlight import Matcher, Ranges
from tui.view.matching import query_matcher
from tui.view.width import columns_of, cut, shorten

BETWEEN = " ┊ "
LEAST_SNIPPET = 14
"""Columns of a snippet that still say something."""
BEFORE_HIT = 4
"""Characters shown before what was found."""


@dataclass(frozen=True, slots=True)
class Found:
    """The query, and by conversation a few words around the hit. Asked for the same texts again and again: it remembers."""

    query: Query
    snippets: Mapping[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], Ranges] = field(default_factory=dict, compare=False)

    def places(self, text: str, of: str) -> Ranges:
        """Where what was asked for stands in the text, which is this field (`subject`, `from`, `text`) of a mail."""
        if (text, of) not in self._known:
            self._known[text, of] = matches_in(text, self.query, (of,))
        return self._known[text, of]

    @property
    def matcher(self) -> Matcher | None:
        """For a page that shows all of a mail; None: no words were asked for."""
        return query_matcher(self.query)

    def with_snippets(self, snippets: Mapping[str, str]) -> "Found":
        """The same with snippets."""
        return Found(self.query, snippets, self._known)

    def subject(self, conversation_id: str, subject: str, customer: str, columns: int) -> str:
        """What stands in the cell of the subject: where neither it nor the customer says why the row is here, the mail does."""
        snippet = clean(self.snippets.get(conversation_id, ""))
        if not snippet or self.places(subject, "subject") or self.places(customer, "from"):
            return subject
        least = min(max(columns // 3, 10), columns_of(subject))
        room = columns - least - columns_of(BETWEEN)
        if room < LEAST_SNIPPET:
            return subject
        return shorten(subject, least) + BETWEEN + self._around(snippet, room)

    def _around(self, snippet: str, columns: int) -> str:
        """So much of the snippet that the hit is in sight."""
        places = self.places(snippet, "text") or self.places(snippet, "comment")
        first, last = places[0] if places else (0, 0)
        if columns_of(snippet[:last]) <= columns:
            return shorten(snippet, columns)
        return shorten("…" + cut(snippet[max(0, first - BEFORE_HIT) :], columns * 2), columns)
