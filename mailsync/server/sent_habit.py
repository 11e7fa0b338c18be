"""Who files the copy in Sent: we, or the provider, who did so while the mail passed (Gmail, Outlook). Pure."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Literal

SentCopy = Literal["auto", "always", "never"]


class Habit(StrEnum):
    """What was seen of an inbox's provider."""

    UNKNOWN = auto()
    PROVIDER_FILES = auto()
    WE_FILE = auto()


class Deed(StrEnum):
    """What is to be done about one copy now."""

    FILED = auto()
    """It lies there, or will: nothing."""
    WAIT = auto()
    """It may come yet."""
    APPEND = auto()


@dataclass(frozen=True)
class CopyPatience:
    """How long a copy is waited for before we file one."""

    first_seconds: float = 3.0
    """While nothing is known of the provider."""
    again_seconds: float = 60.0
    """Of one that files by itself."""
    look_seconds: float = 3.0
    """From the first look to the second; each later one waits twice as long: a look is a login."""

    def next_look(self, waited_seconds: float) -> float:
        """After so many seconds it is looked for again."""
        later = 2 * waited_seconds + self.look_seconds
        return next((end for end in sorted((self.first_seconds, self.again_seconds)) if waited_seconds < end < later), later)


def deed_of(setting: SentCopy, habit: Habit, *, lies_there: bool, waited_seconds: float, patience: CopyPatience) -> Deed:
    """Filing twice is worse than filing late; not filing at all is worst."""
    if setting == "never" or lies_there:
        return Deed.FILED
    waits = {Habit.UNKNOWN: patience.first_seconds, Habit.PROVIDER_FILES: patience.again_seconds, Habit.WE_FILE: 0.0}[habit]
    return Deed.WAIT if setting == "auto" and waited_seconds < waits else Deed.APPEND


def habit_after(habit: Habit, deed: Deed, *, lies_there: bool) -> Habit:
    """What one copy teaches. Where we file, one that lies there already is our own, from before a crash."""
    if deed is Deed.APPEND:
        return Habit.WE_FILE
    return Habit.PROVIDER_FILES if lies_there and habit is Habit.UNKNOWN else habit
