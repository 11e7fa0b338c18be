"""Everything goes wrong at once, again and again, and what was promised holds; and a bug that somebody plants is found."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from store.domain.events import ConversationEvent
from store.domain.people import Member
from store.domain.refusals import AnyRefusal
from tests.simulation.onlooker import Foul
from tests.simulation.planted import PLANTED
from tests.simulation.play import simulated, team_database

SHORT_RUNS, SHORT = 6, 1500
LONG_RUNS, LONG = 60, 5000
SEEDS_A_BUG, COMMANDS_A_BUG = 24, 700

EVENT_FLOOR = 1
"""How often each event, refusal and fault must at least have been reached in the short runs; a play that reaches less proves less."""
FIRST_SEED = 8
"""From here on the short runs reach everything, also what happens in every second run only."""
LINKS = {
    "taken: MergeConversations": 5,
    "taken: SplitConversation": 5,
    "taken: MoveToInbox": 10,
    "refused: MergeConversations": 20,
    "refused: SplitConversation": 20,
    "refused: MoveToInbox": 20,
    "ConversationParted": 1,
    "ConversationRestored": 1,
    "MessagesJoined": 5,
    "ConversationMovedIn": 10,
    "mail to a conversation that moved": 1,
}
"""What people do between conversations: asked for, refused and taken back so often."""
FAULTS = {
    "fault: SMTP cut after it took over": 3,
    "fault: SMTP cut before it took over": 3,
    "fault: SMTP deferred": 5,
    "fault: SMTP refused": 5,
    "fault: answer lost": 30,
    "fault: call doubled": 50,
    "fault: call lost": 40,
    "fault: clock jumped": 5,
    "fault: died before it answered": 10,
    "fault: died between two writes": 10,
    "fault: disk full": 10,
    "fault: every mail seen anew": 3,
    "fault: member left": 1,
    "fault: restored an old backup": 2,
    "fault: server stood still": 3,
    "fault: server went on with what was another's by then": 1,
    "fault: stream cut": 50,
    "fault: terminal stood still": 15,
    "backup": 5,
    "erase: erased": 1,
    "undone exactly": 20,
}
NOT_HERE = {"UnknownConversation", "NameTaken", "CategoryFixed", "UnknownGroup", "MemberAway"}
"""Reached only now and then, for terminals ask about what they see; or by commands about the team, which are not played here but in
`tests/domain/test_own_statuses.py` and `test_company.py`."""


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Member, ...]]:
    template = tmp_path_factory.mktemp("simulation") / "template.db"
    return template, team_database(template)


def test_whatever_goes_wrong_no_promise_is_broken(team: tuple[Path, tuple[Member, ...]], tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for number in range(SHORT_RUNS):
        # One terminal of the first run keeps its mirror as people's do, in a home.
        simulated(FIRST_SEED + number, SHORT, tmp_path, *team, seen, stores=0 if number else 1)
    print_reached(seen)
    assert too_rare(seen) == {}


def test_the_same_seed_plays_the_same_again(team: tuple[Path, tuple[Member, ...]], tmp_path: Path) -> None:
    once, again = Counter[str](), Counter[str]()
    simulated(7, 300, tmp_path, *team, once)
    simulated(7, 300, tmp_path, *team, again)
    assert once == again


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, team: tuple[Path, tuple[Member, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)
    with pytest.raises(Foul):  # noqa: PT012 - which of the runs catches it is the seed's to say
        for seed in range(SEEDS_A_BUG):
            simulated(seed, COMMANDS_A_BUG, tmp_path, *team, Counter())


@pytest.mark.soak
def test_three_hundred_thousand_commands_break_no_promise(team: tuple[Path, tuple[Member, ...]], tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000, 1000 + LONG_RUNS):
        simulated(seed, LONG, tmp_path, *team, seen)
    print_reached(seen)
    assert seen["fault: died between two writes"] + seen["fault: died before it answered"] >= 2000
    assert too_rare(seen) == {}


def too_rare(seen: Counter[str]) -> dict[str, int]:
    """What was reached less often than its floor."""
    floors = {kind.__name__: EVENT_FLOOR for kind in (*get_args(ConversationEvent), *get_args(AnyRefusal)) if kind.__name__ not in NOT_HERE}
    return {name: seen[name] for name, floor in (floors | LINKS | FAULTS).items() if seen[name] < floor}


def print_reached(seen: Counter[str]) -> None:
    """What `pytest -rP` shows."""
    for name, times in sorted(seen.items()):
        print(f"{times:8}  {name}")
