"""Where the line is broken: which step, who is killed or cut, and when."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Step(StrEnum):
    """Of the line, in order."""

    ARRIVING = "arriving"
    COMMENTING = "commenting"
    OPENING = "opening"
    TYPING = "typing"
    SAVED = "saved"
    SUBMITTING = "submitting"
    HOLDING = "holding"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FILED = "filed"
    ANSWERING = "answering"


class Victim(StrEnum):
    """Who gets SIGKILL, or which line is cut."""

    WRITER = "writer"
    OTHER = "colleague"
    SERVER = "server"
    BOTH = "server and writer"
    VERB = "mado reply --wait"
    LINE = "line to the server cut"
    MAIL_LINE = "line to the mail server cut"


TERMINAL_DIES = frozenset({Victim.WRITER, Victim.BOTH})
SERVER_DIES = frozenset({Victim.SERVER, Victim.BOTH})
CUTS = frozenset({Victim.LINE, Victim.MAIL_LINE})

AT_THE_SCREEN = (Step.ARRIVING, Step.COMMENTING, Step.OPENING, Step.TYPING, Step.SAVED, Step.SUBMITTING, Step.HOLDING)
"""Played with the composer; their replies wait out the hold together."""
BY_THE_VERB = (Step.SENDING, Step.ACCEPTED, Step.FILED)
"""Played with `mado reply --hold 0` beside the open terminals."""
KILLED = (Victim.WRITER, Victim.OTHER, Victim.SERVER, Victim.BOTH)


class Place(StrEnum):
    """Where the talk with the mail server stands when it is broken; anywhere else: the first two are early in a step, the others late."""

    GREETING = "greeting"
    ENVELOPE = "envelope"
    TEXT = "text"
    ANSWER = "answer"


LATE = frozenset({Place.TEXT, Place.ANSWER})


@dataclass(frozen=True)
class Point:
    """`moment`: seconds after the step began, unless its first trace comes earlier."""

    step: Step
    victim: Victim
    moment: float = 0.1
    place: Place = Place.ANSWER

    @property
    def kind(self) -> str:
        """For the summary."""
        return self.victim.value

    def __str__(self) -> str:
        return f"{self.step} / {self.victim}"


@dataclass
class Played:
    """What one house has seen."""

    points: list[Point] = field(default_factory=list)
    unknown: int = 0
    compared: int = 0

    def as_words(self) -> str:
        """For the end of the run."""
        kinds = Counter(point.kind for point in self.points)
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        return f"{len(self.points)} points ({told}); {self.unknown} unknown outcomes settled by a person; {self.compared} mails compared"


def timed(pairs: Iterable[tuple[Step, Victim]], seed: int) -> tuple[Point, ...]:
    """The points, each at a moment of chance."""
    chance = random.Random(seed)
    places = list(Place)
    return tuple(Point(step, victim, chance.uniform(0, 0.2), places[number % len(places)]) for number, (step, victim) in enumerate(pairs))


def at_random(count: int, seed: int) -> tuple[Point, ...]:
    """For the soak."""
    chance = random.Random(seed)

    def one() -> Point:
        step = chance.choice(list(Step))
        victims: Sequence[Victim] = (*KILLED, Victim.LINE)
        if step is Step.SENDING:
            victims = (*KILLED, Victim.VERB, Victim.MAIL_LINE)
        return Point(step, chance.choice(victims), chance.uniform(0, 1.5 if step is Step.SENDING else 0.3), chance.choice(list(Place)))

    return tuple(one() for _ in range(count))
