"""kill -9 and cut lines at every step of the line: nothing is lost, nothing is doubled, and people go on where they were."""

from collections.abc import Callable, Sequence

import pytest
from start_dovecot import Dovecot
from start_exim import Exim

from tests.line.accounts import check_accounts
from tests.line.ending import end
from tests.line.play import Play
from tests.line.points import AT_THE_SCREEN, CUTS, KILLED, Place, Point, Step, Victim, at_random, timed
from tests.line.steps import begin

FEWEST = 20
SOAKED = 200
A_HOUSE = 25

SCREEN = timed(((step, victim) for step in AT_THE_SCREEN for victim in KILLED), seed=3)
WIRE = tuple(
    Point(step, Victim.LINE, 0.02, place) for step in (Step.COMMENTING, Step.OPENING, Step.SUBMITTING) for place in (Place.GREETING, Place.ANSWER)
)
VERB = timed(
    (
        *((Step.SENDING, Victim.MAIL_LINE) for _ in range(4)),
        *((Step.SENDING, Victim.SERVER) for _ in range(4)),
        (Step.SENDING, Victim.WRITER),
        (Step.SENDING, Victim.BOTH),
        (Step.FILED, Victim.SERVER),
        (Step.FILED, Victim.BOTH),
        *((step, victim) for step in (Step.FILED, Step.ACCEPTED, Step.ANSWERING) for victim in (Victim.SERVER, Victim.BOTH)),
    ),
    seed=7,
)
KILLED_VERBS = tuple(Point(Step.SENDING, Victim.VERB, moment) for moment in (0.3, 0.5, 0.7, 0.9, 1.2))
"""Seconds after its start: Python needs the first of them to come up."""
SHARES = {
    "at the screen": SCREEN[::3] + WIRE[::2],
    "by the verb": VERB[::3] + VERB[8:10] + VERB[-1:] + KILLED_VERBS[::2],
}
"""Each in a house of its own, so that two cores have enough to do."""
LEFT = {
    "at the screen": SCREEN[1::3] + WIRE[1::2],
    "at the screen again": SCREEN[2::3],
    "by the verb": tuple(point for point in VERB + KILLED_VERBS if point not in SHARES["by the verb"]),
}
"""What the suite leaves to the longer runs."""

Record = Callable[[str, object], None]


def play_all(points: Sequence[Point], dovecot: Dovecot, exim: Exim, record_property: Record) -> None:
    """Each point in a conversation of its own; then the accounts."""
    with Play(dovecot, exim) as play:
        for point in points:
            begin(play, point)
        end(play)
        check_accounts(play)
        assert [point for point in points if point not in play.played.points] == []
        assert len(play.played.points) == len(points)
    record_property("played", play.played.as_words())


def test_no_fewer_than_twenty_points_are_played() -> None:
    assert sum(point.victim not in CUTS for points in SHARES.values() for point in points) >= FEWEST
    assert {point.step for points in SHARES.values() for point in points} == set(Step)
    assert {point.victim for points in SHARES.values() for point in points} == set(Victim)


@pytest.mark.parametrize("share", SHARES)
def test_whoever_is_killed_at_any_step_the_customer_gets_one_reply(share: str, dovecot: Dovecot, exim: Exim, record_property: Record) -> None:
    play_all(SHARES[share], dovecot, exim, record_property)


@pytest.mark.soak
@pytest.mark.parametrize("share", LEFT)
def test_killed_at_the_other_steps_the_customer_gets_one_reply(share: str, dovecot: Dovecot, exim: Exim, record_property: Record) -> None:
    play_all(LEFT[share], dovecot, exim, record_property)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SOAKED // A_HOUSE))
def test_killed_at_two_hundred_random_points(seed: int, dovecot: Dovecot, exim: Exim, record_property: Record) -> None:
    play_all(at_random(A_HOUSE, seed), dovecot, exim, record_property)
