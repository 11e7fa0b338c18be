"""Times as people read them: how old, how long, at what hour."""

from datetime import datetime, timedelta, tzinfo

from tui.words import _


def age_label(age: timedelta) -> str:
    """The age in its largest whole unit, at most three columns: `now`, `4m`, `23h`, `6d`, `12w`, `3y`.

    Seconds are not shown: a label that changes by itself would be written to the terminal again and again.
    """
    seconds = int(age.total_seconds())
    for size, unit in ((31_536_000, "y"), (604_800 * 2, "w"), (86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // (size if unit != 'w' else 604_800)}{unit}"
    return _("now")


def age_words(age: timedelta) -> str:
    """The same in a sentence: `7m`, `7分`; under a minute in words."""
    label = age_label(age)
    units = {"m": _("{n}m"), "h": _("{n}h"), "d": _("{n}d"), "w": _("{n}w"), "y": _("{n}y")}
    return units[label[-1]].format(n=label[:-1]) if label[-1] in units and label[:-1].isdigit() else _("less than a minute")


def clock_time(at: datetime, zone: tzinfo | None = None) -> str:
    """`14:03:20`, in the agent's own zone."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def day_and_time(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """`14:03` today, `11-23 14:03` this year, else `2025-11-23 14:03`; in the agent's own zone."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"
