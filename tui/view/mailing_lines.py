"""The page of mailings as lines, and a mail of one as it will be read."""

from collections.abc import Mapping, Sequence

from mailsync.link.mailing_protocol import MailingTold
from store.domain.ids import MemberKey
from store.domain.mailing import MailingState
from store.domain.message import Message
from tui.view.gate import clean
from tui.view.mailing_words import check_words, fates_words, progress_words, state_words
from tui.view.spans import Line, Span, line
from tui.view.width import columns_of, cut, fit
from tui.view.wrapping import wrap
from tui.words import _

LINES_EACH = 3
MOST_CELLS, FEWEST_CELLS = 30, 10


def mailing_lines(known: Sequence[MailingTold], at: int, width: int, names: Mapping[MemberKey, str]) -> tuple[Line, ...]:
    """Each mailing in three lines: what it is and how it stands, how far it is, whose yes it has and what became of its rows.

    `at` is the one under the cursor.
    """
    if not known:
        return (line(_("There are no mailings. `mado mailing start` makes one."), "quiet"),)
    made: list[Line] = []
    for index, told in enumerate(known):
        made.extend(_lines_of(told, width, names, chosen=index == at))
    return tuple(made)


def _lines_of(told: MailingTold, width: int, names: Mapping[MemberKey, str], *, chosen: bool) -> tuple[Line, ...]:
    mailing = told.mailing
    state = state_words(mailing, told.check)
    room = max(4, width - columns_of(state) - 4)
    head = ("> " if chosen else "  ") + fit(cut(clean(mailing.name), room), room) + "  " + state
    first = line(fit(head, width), "selected") if chosen else Line((Span(head),))
    if mailing.state is MailingState.UPLOADING:
        how_far = _("{there:,} of {rows:,} rows are at the server").format(there=told.there, rows=mailing.rows)
    else:
        how_far = progress_words(mailing, told.fates, max(FEWEST_CELLS, min(MOST_CELLS, width - 50)))
    known = " · ".join(words for words in (check_words(mailing, told.check, names), fates_words(told.fates)) if words)
    return (first, line(cut(f"    {how_far}", width)), line(cut(f"    {known}", width), "quiet"))


def letter_lines(letters: Sequence[tuple[int, Message]], width: int) -> tuple[Line, ...]:
    """Mails one after the other: to whom, subject, text."""
    made: list[Line] = []
    for n, message in letters:
        to = ", ".join(clean(f"{each.name} <{each.address}>") for each in message.to)
        made.append(line(_("Row {n}").format(n=n), "heading"))
        made.append(line(_("To: {to}").format(to=to)))
        made.append(line(_("Subject: {subject}").format(subject=clean(message.subject))))
        made.append(Line())
        made.extend(line(piece) for text in message.text.splitlines() for piece in wrap(clean(text), width))
        made.append(Line())
    return tuple(made)
