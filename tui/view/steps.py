"""Five steps of how much something presses: how long a customer waits, how near a due time is. Each has a tone and a sign of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum

from tui.view.ages import age_label
from tui.view.spans import PLAIN
from tui.words import _

WAITS = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1), timedelta(days=3))
"""From when on a wait is of the second, third, fourth and fifth step, where the house has not said otherwise."""
MOST_OF_IT = 0.8
"""Of the time until it is due; from then on it is the fourth step."""


class Step(IntEnum):
    """The later, the louder."""

    CALM = 0
    SOON = 1
    NEAR = 2
    PRESSING = 3
    LATE = 4


_TONES = {Step.CALM: PLAIN, Step.SOON: "step-1", Step.NEAR: "step-2", Step.PRESSING: "step-3", Step.LATE: "step-4"}
_SIGNS = {Step.CALM: "", Step.SOON: ".", Step.NEAR: "-", Step.PRESSING: "=", Step.LATE: "#"}


def step_tone(step: Step) -> str:
    """The tone of a step."""
    return _TONES[step]


def step_sign(step: Step) -> str:
    """One column, or none: what says the step without colour. More strokes press more."""
    return _SIGNS[step]


def waiting_step(wait: timedelta, limits: Sequence[timedelta] = WAITS) -> Step:
    """The step of a wait; `limits`: from when on each of the four louder ones."""
    return Step(sum(wait >= limit for limit in limits))


def waiting_label(wait: timedelta, step: Step) -> str:
    """`4m`, `.3h`, `-9h`, `=2d`, `#5d`: four columns at most."""
    return step_sign(step) + age_label(wait)


def due_step(due_at: datetime | None, now: datetime, zone: tzinfo | None = None, *, since: datetime | None = None) -> Step:
    """How near a due time is: far off, tomorrow, today, nearly used up, past.

    `since`: when the time began to run; without it the fourth step is the last two hours.
    """
    if due_at is None:
        return Step.CALM
    if now >= due_at:
        return Step.LATE
    used_up = due_at - timedelta(hours=2) if since is None else since + MOST_OF_IT * (due_at - since)
    days = (due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if now >= used_up and days <= 1:
        return Step.PRESSING
    return {0: Step.NEAR, 1: Step.SOON}.get(days, Step.CALM)


def due_label(due_at: datetime, now: datetime, step: Step, zone: tzinfo | None = None) -> str:
    """`D12-01`, `D.09:30` tomorrow, `D-17:00` today, `D=17:00`, `D#2h` past: eight columns at most."""
    local = due_at.astimezone(zone)
    if step is Step.LATE:
        when = age_label(now - due_at)
    elif step is Step.CALM:
        when = f"{local:%m-%d}"
    else:
        when = f"{local:%H:%M}"
    return "D" + step_sign(step) + when


def step_words(step: Step) -> str:
    """A step in a word."""
    return {
        Step.CALM: _("calm"),
        Step.SOON: _("soon"),
        Step.NEAR: _("near"),
        Step.PRESSING: _("pressing"),
        Step.LATE: _("late"),
    }[step]
