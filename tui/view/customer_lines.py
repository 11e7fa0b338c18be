"""Who the customer is, as far as the store knows: names, address, and their conversations."""

from dataclasses import dataclass

from store.local.rows import ConversationRow
from tui.view.ages import age_label
from tui.view.gate import clean
from tui.view.keys.keymap import DEFAULT, KeyOf
from tui.view.rows import Reader
from tui.view.spans import Line, Span, line
from tui.view.statuses import status_letter, status_tone
from tui.view.width import columns_of, cut, fit
from tui.words import _, ngettext

MOST_SHOWN = 12
"""Conversations that stand there; of more it is said how many."""


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """`rows`: the latest conversations with mail of theirs; `count`: how many there are, above `most` only that there are more."""

    address: str
    rows: tuple[ConversationRow, ...]
    count: int
    most: int

    @property
    def names(self) -> tuple[str, ...]:
        """What they call themselves, the latest first."""
        theirs = (row.customer_name for row in self.rows if row.customer_address.casefold() == self.address.casefold())
        return tuple(dict.fromkeys(clean(name) for name in theirs if name))


def customer_heading(width: int) -> Line:
    """The rule above."""
    return line(cut("── " + _("customer") + " " + "─" * width, width), "rule")


def customer_lines(facts: CustomerFacts, current: str, width: int, reader: Reader, key: KeyOf = DEFAULT.shown) -> tuple[Line, ...]:
    """`current`: the id of the conversation that is read."""
    first, *others = facts.names or (_("(no name)"),)
    lines = [line(cut(first, width), "from-customer"), line(cut(clean(facts.address), width))]
    if others:
        lines.append(line(cut(_("also called {names}").format(names=", ".join(others)), width), "quiet"))
    number = f"{facts.most}+" if facts.count > facts.most else str(facts.count)
    lines += [line(""), line(cut(ngettext("{n} conversation", "{n} conversations", facts.count).format(n=number), width), "heading")]
    lines += [_row_line(row, row.id == current, width, reader) for row in facts.rows[:MOST_SHOWN]]
    if facts.count > len(facts.rows[:MOST_SHOWN]):
        lines.append(line(cut(_("{key} lists them all").format(key=key("history")), width), "quiet"))
    return tuple(lines)


def _row_line(row: ConversationRow, is_current: bool, width: int, reader: Reader) -> Line:  # noqa: FBT001 - a fact of the row
    number = fit(f"#{row.number}" if row.number else "", 6)
    age = "" if row.last_at is None else age_label(reader.now - row.last_at)
    room = max(1, width - 2 - 2 - columns_of(number) - 1 - 4)
    tone = "selected" if is_current else ""
    letter = status_letter(row.status, reader.statuses)
    letter_tone = tone or status_tone(row.status, row.category, owned=row.owner is not None, statuses=reader.statuses)
    subject = fit(clean(row.subject) or _("(no subject)"), room)
    head = Span("> " if is_current else "  ", tone)
    return Line((head, Span(letter + " ", letter_tone), Span(f"{number} {subject} ", tone), Span(fit(age, 3, right=True), tone or "quiet")))
