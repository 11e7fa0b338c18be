"""How one person wants to be told that something calls them: which way, of what, and when not. Kept as the words they would type."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from store.domain.query import VIEWS
from tui.view.gate import clean
from tui.words import _


class Way(StrEnum):
    """How a terminal is told."""

    BELL = "bell"
    OSC9 = "osc9"
    OSC777 = "osc777"
    OSC99 = "osc99"


class Level(StrEnum):
    """What somebody may want to be told of; the loudest first."""

    REPLY = "reply"
    ASKED = "asked"
    MENTION = "mention"
    ASSIGNED = "assigned"
    CHECK = "check"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Wishes:
    """`quiet`: from when to when nobody is told anything, by the local clock. `tmux`: None finds out by itself."""

    ways: tuple[Way, ...] = (Way.BELL,)
    levels: tuple[Level, ...] = tuple(Level)
    views: tuple[str, ...] = ("mine",)
    """Mail counts where its conversation is in one of these: `mine`, `tray`, `all`, or a saved view by its name."""
    quiet: tuple[time, time] | None = None
    title: bool = True
    tmux: bool | None = None


_NEVER, _ITSELF = "none", "auto"
_YES = {"on": True, "off": False, "yes": True, "no": False}


def changed(wishes: Wishes, words: str) -> Wishes | None:
    """The wishes after `bell osc9`, `off`, `mail off`, `views tray VIP`, `quiet 22:00-7:00`, `quiet none`, `title off`, `tmux auto`.

    None: the words say nothing of the kind.
    """
    typed = unicodedata.normalize("NFKC", words).split()
    if not typed:
        return None
    first, rest = typed[0].lower(), [word.lower() for word in typed[1:]]
    if first in {"off", _NEVER} and not rest:
        return replace(wishes, ways=())
    if first in set(Way):
        ways = [Way(word) for word in (first, *rest) if word in set(Way)]
        return replace(wishes, ways=tuple(dict.fromkeys(ways))) if len(ways) == len(typed) else None
    if first == "views" and rest:
        return replace(wishes, views=tuple(typed[1:]))
    return _switched(wishes, first, "".join(rest))


def _switched(wishes: Wishes, first: str, rest: str) -> Wishes | None:
    on = _YES.get(rest)
    match first:
        case "quiet":
            return replace(wishes, quiet=None) if rest in {_NEVER, "off"} else _with_quiet(wishes, rest)
        case "tmux" if on is not None or rest == _ITSELF:
            return replace(wishes, tmux=on)
        case "title" if on is not None:
            return replace(wishes, title=on)
        case level if level in set(Level) and on is not None:
            return replace(wishes, levels=tuple(one for one in Level if (on if one == level else one in wishes.levels)))
    return None


def _with_quiet(wishes: Wishes, text: str) -> Wishes | None:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?[-~〜](\d{1,2})(?::(\d{2}))?", text)
    if found is None:
        return None
    try:
        begin, end = time(int(found[1]), int(found[2] or 0)), time(int(found[3]) % 24, int(found[4] or 0))
    except ValueError:
        return None
    return replace(wishes, quiet=(begin, end)) if begin != end else None


def is_quiet(wishes: Wishes, at: datetime) -> bool:
    """Whether nobody wants to be told anything at this moment; `at` in the person's own zone. Hours may go past midnight."""
    if wishes.quiet is None:
        return False
    begin, end = wishes.quiet
    now = at.timetz().replace(tzinfo=None)
    return begin <= now < end if begin < end else now >= begin or now < end


def kept_text(wishes: Wishes) -> str:
    """As it is kept: lines that `changed` reads."""
    lines = [" ".join(wishes.ways) or "off", *(f"{level} {'on' if level in wishes.levels else 'off'}" for level in Level)]
    lines.append("views " + " ".join(wishes.views))
    lines.append(f"quiet {_hours(wishes.quiet) if wishes.quiet else _NEVER}")
    lines.append(f"title {'on' if wishes.title else 'off'}")
    lines.append("tmux " + (_ITSELF if wishes.tmux is None else "on" if wishes.tmux else "off"))
    return "\n".join(lines)


def wishes_in(text: str) -> Wishes:
    """From what was kept; a line that says nothing here (any more) is passed over."""
    wishes = Wishes()
    for each in text.splitlines():
        wishes = changed(wishes, each) or wishes
    return wishes


def _hours(quiet: tuple[time, time]) -> str:
    return f"{quiet[0]:%H:%M}-{quiet[1]:%H:%M}"


def wishes_words(wishes: Wishes) -> Sequence[str]:
    """What one has wished for, in sentences."""
    known = {
        Level.REPLY: _("my reply failed, is unknown or came back"),
        Level.ASKED: _("somebody asks me to let go"),
        Level.MENTION: _("I am mentioned"),
        Level.ASSIGNED: _("a conversation becomes mine"),
        Level.CHECK: _("my reply was checked"),
        Level.MAIL: _("new mail in my views"),
    }
    told = [known[level] for level in Level if level in wishes.levels]
    return (
        _("Told by: {ways}").format(ways=", ".join(wishes.ways) or _("nothing")),
        _("Told of: {levels}").format(levels=" / ".join(told) or _("nothing")),
        _("My views: {views}").format(views=", ".join(clean(view) for view in wishes.views)),
        _("Quiet: {hours}").format(hours=_hours(wishes.quiet) if wishes.quiet else _("never")),
        _("Terminal title: {on}").format(on=_("on") if wishes.title else _("off")),
        _("Through tmux: {on}").format(on=_("where tmux is there") if wishes.tmux is None else _("on") if wishes.tmux else _("off")),
    )


def usage() -> tuple[str, ...]:
    """What can stand behind the command."""
    switch = "on|off"
    return (
        " ".join(Way),
        "off",
        f"{'|'.join(Level)} {switch}",
        f"views {'|'.join(VIEWS)}|… …",
        f"quiet 22:00-7:00|{_NEVER}",
        f"title {switch}",
        f"tmux {switch}|{_ITSELF}",
    )
