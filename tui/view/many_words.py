"""What is said of one command for many conversations: before it is done, while it is, and after."""

from collections.abc import Mapping
from datetime import datetime

from store.domain.foresight import Foresight, Hindrance
from store.domain.ids import MemberKey
from tui.view.choosing import Choice
from tui.view.refusals import refusal_words
from tui.view.spans import Line, line
from tui.words import _, ngettext

DO, REASON, LEAVE = "do", "reason", "leave"


def marked_words(count: int | None) -> str:
    """How many are marked, for the status line."""
    return _("all marked") if count is None else ngettext("{n} marked", "{n} marked", count).format(n=f"{count:,}")


def preview_lines(foresight: Foresight, names: Mapping[MemberKey, str], now: datetime, unanswered: int = 0) -> tuple[Line, ...]:
    """What will happen: how many change, are so already, cannot, and why. `unanswered`: so many are done as what needs no reply."""
    change = len(foresight.commands)
    lines = [line(ngettext("{n} conversation changes", "{n} conversations change", change).format(n=f"{change:,}"))]
    if unanswered:
        words = ngettext("{n} of them, never answered, as no reply needed", "{n} of them, never answered, as no reply needed", unanswered)
        lines.append(line("  " + words.format(n=f"{unanswered:,}"), "notice"))
    if foresight.written:
        words = ngettext("in {n} of them a colleague is writing", "in {n} of them colleagues are writing", foresight.written)
        lines.append(line("  " + words.format(n=f"{foresight.written:,}"), "notice"))
    if foresight.already:
        words = ngettext("{n} is so already", "{n} are so already", len(foresight.already))
        lines.append(line(words.format(n=f"{len(foresight.already):,}"), "quiet"))
    return (*lines, *(line(_hindrance_words(each, names, now), "alarm") for each in foresight.hindrances))


def _hindrance_words(hindrance: Hindrance, names: Mapping[MemberKey, str], now: datetime) -> str:
    words = ngettext("{n} cannot: {why}", "{n} cannot: {why}", len(hindrance.ids))
    return words.format(n=f"{len(hindrance.ids):,}", why=refusal_words(hindrance.first, names, now))


def preview_choices(foresight: Foresight) -> tuple[Choice, ...]:
    """What can be answered; Enter takes the first."""
    change = len(foresight.commands)
    do = (Choice(DO, ngettext("do it", "do it to these {n}", change).format(n=f"{change:,}"), letter="y"),) if change else ()
    reason = (Choice(REASON, _("give a reason, for those that need one"), letter="r"),) if foresight.wants_reason else ()
    return (*do, *reason, Choice(LEAVE, _("leave everything as it is"), letter="n"))


def progress_of_many(through: int, count: int) -> str:
    """While it is done."""
    return _("{n} of {count}").format(n=f"{through:,}", count=f"{count:,}")


def summary_words(changed: int, queued: int, refused: tuple[Hindrance, ...], names: Mapping[MemberKey, str], now: datetime, undo: str) -> str:
    """What came of it, in one sentence each; the refused stay marked."""
    said = []
    if changed:
        said.append(
            ngettext("{n} changed ({undo} takes it back)", "{n} changed ({undo} takes them all back)", changed).format(n=f"{changed:,}", undo=undo)
        )
    if queued:
        said.append(ngettext("{n} waits for the server", "{n} wait for the server", queued).format(n=f"{queued:,}"))
    if refused:
        count = sum(len(each.ids) for each in refused)
        words = ngettext("{n} refused, still marked: {why}", "{n} refused, still marked: {why}", count)
        said.append(words.format(n=f"{count:,}", why=refusal_words(refused[0].first, names, now)))
    return " / ".join(said) or _("Nothing was changed.")


def taken_back_words(back: int, queued: int, refused: tuple[Hindrance, ...], names: Mapping[MemberKey, str], now: datetime) -> str:
    """The same for taking it back."""
    said = []
    if back:
        said.append(ngettext("{n} taken back", "{n} taken back", back).format(n=f"{back:,}"))
    if queued:
        said.append(ngettext("{n} waits for the server", "{n} wait for the server", queued).format(n=f"{queued:,}"))
    if refused:
        count = sum(len(each.ids) for each in refused)
        words = ngettext("{n} not: {why}", "{n} not: {why}", count)
        said.append(words.format(n=f"{count:,}", why=refusal_words(refused[0].first, names, now)))
    return " / ".join(said)
