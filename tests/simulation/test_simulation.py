"""Everything goes wrong at once, again and again, and what was promised holds; and a bug that somebody plants is found."""

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from store.domain.commands import AgentCommand, TeamCommand
from store.domain.events import CheckOverdue, ConversationEvent, DueSet, TeamEvent, ViewSaved
from store.domain.refusals import AnyRefusal, FinishedAlready, UnknownView
from store.domain.team_commands import RetireView, SaveView
from store.domain.work_commands import SetDue
from tests.simulation.found_by import FOUND_BY
from tests.simulation.onlooker import Foul
from tests.simulation.planted import PLANTED, PLANTED_IN_POSTGRES
from tests.simulation.play import House, simulated

SHORT_RUNS, SHORT_RUN_WITH_FILES, SHORT = (54, 93, 108, 28, 5, 103, 77, 331, 333), 443, 1700
"""Seeds of which all together reach everything, also what happens in every tenth run only."""
SHORT_RUNS_IN_POSTGRES, SHORT_IN_POSTGRES = (122, 123, 127), 700
LONG_RUNS, LONG = 60, 5000
LONG_RUNS_IN_POSTGRES, LONG_IN_POSTGRES = 20, 1500
SEEDS_A_BUG, COMMANDS_A_BUG = 60, 900

ELSEWHERE = (CheckOverdue, DueSet, ViewSaved, FinishedAlready, UnknownView)
"""No check of these plays has a limit: `tests/server/test_checks.py` has one that passes. Due times and views are in the plays of `tests/domain`."""
COMMANDS_ELSEWHERE = (SetDue, SaveView, RetireView)
REACHED = tuple(kind for kind in (*get_args(ConversationEvent), *get_args(TeamEvent), *get_args(AnyRefusal)) if kind not in ELSEWHERE)
"""Each event and each refusal, once at least in the short runs; a play that reaches less proves less."""
TAKEN = {f"taken: {kind.__name__}": 5 for kind in (*get_args(AgentCommand), *get_args(TeamCommand)) if kind not in COMMANDS_ELSEWHERE}
"""Each command so often."""
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
    "fault: every mail seen anew": 3,
    "fault: member left": 1,
    "fault: inboxes changed": 3,
    "fault: restored an old backup": 2,
    "fault: server stood still": 3,
    "fault: server stood still with a ticket in hand": 3,
    "fault: server woke too late to send": 1,
    "fault: duty lost": 1,
    "fault: stream cut": 50,
    "fault: terminal stood still": 15,
    "backup": 5,
    "erase: erased": 2,
    "file of a comment": 50,
    "erased, and still so after a restore": 1,
    "left after a check": 3,
    "row of a mailing": 40,
    "mailing: running": 20,
    "mailing: paused": 2,
    "mailing: cancelled": 2,
    "row of a mailing with a yes": 5,
    "mailing: sent_back": 2,
    "mailing paused: checker_left": 1,
    "mailing paused: not_approved": 1,
    "mailing: OwnMailing": 2,
    "mailing: ApprovalMissing": 5,
    "mailing: MailingChanged": 1,
    "mail to a conversation that moved": 5,
    "undone exactly": 20,
    "undone: ConversationParted": 1,
    "undone: InboxChanged": 1,
}
FAULTS_OF_FILES = {"fault: DiskFull": 10, "fault: died between two writes": 10}
FAULTS_OF_POSTGRES = {
    "fault: died between two writes": 1,
    "fault: StoreAway": 5,
    "fault: database failed over": 1,
    "fault: disk full": 1,
    "fault: line to the database cut": 1,
    "fault: stopped in the middle of a write": 1,
    "fault: word of a commit lost": 1,
    "backup": 1,
}


def test_whatever_goes_wrong_no_promise_is_broken(file_house: House, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in SHORT_RUNS:
        # Two terminals of the first run keep their mirrors as people's do, in a home.
        simulated(seed, SHORT, tmp_path, file_house, seen, stores=2 if seed == SHORT_RUNS[0] else 0)
    simulated(SHORT_RUN_WITH_FILES, SHORT, tmp_path, file_house, seen, files=True)
    print_reached(seen)
    assert too_rare(seen, once_each() | TAKEN | FAULTS | FAULTS_OF_FILES) == {}


def test_whatever_goes_wrong_with_a_postgresql_no_promise_is_broken(postgres_house: House, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in SHORT_RUNS_IN_POSTGRES:
        simulated(seed, SHORT_IN_POSTGRES, tmp_path, postgres_house, seen, files=seed == SHORT_RUNS_IN_POSTGRES[-1])
    print_reached(seen)
    assert too_rare(seen, FAULTS_OF_POSTGRES) == {}


@pytest.mark.parametrize("where", ["file_house", "postgres_house"])
def test_the_same_seed_plays_the_same_again(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    house: House = request.getfixturevalue(where)
    once, again = Counter[str](), Counter[str]()
    simulated(7, 300, tmp_path, house, once)
    simulated(7, 300, tmp_path, house, again)
    assert once == again


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, file_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)
    with pytest.raises(Foul):
        play_until_foul(file_house, tmp_path, COMMANDS_A_BUG, FOUND_BY.get(bug, 0))


@pytest.mark.soak
@pytest.mark.parametrize("bug", PLANTED_IN_POSTGRES)
def test_a_bug_planted_where_several_servers_share_a_database_is_caught(
    bug: str, postgres_house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PLANTED_IN_POSTGRES[bug](monkeypatch)
    with pytest.raises(Foul):
        play_until_foul(postgres_house, tmp_path, COMMANDS_A_BUG)


def often() -> dict[str, int]:
    """What any long run reaches; a checker who is lost in the middle of a mailing is met in one play of fifty."""
    return {what: floor for what, floor in (once_each() | TAKEN | FAULTS).items() if what != "mailing paused: checker_left"}


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_three_hundred_thousand_commands_break_no_promise(part: int, file_house: House, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    runs = LONG_RUNS // 4
    for seed in range(1000 + part * runs, 1000 + (part + 1) * runs):
        simulated(seed, LONG, tmp_path, file_house, seen, files=seed % 2 == 0)
    print_reached(seen)
    assert crashes(seen) >= 2000 // 4
    assert too_rare(seen, often() | FAULTS_OF_FILES) == {}


@pytest.mark.soak
def test_thirty_thousand_commands_to_a_postgresql_break_no_promise(postgres_house: House, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000, 1000 + LONG_RUNS_IN_POSTGRES):
        simulated(seed, LONG_IN_POSTGRES, tmp_path, postgres_house, seen, files=seed % 2 == 0)
    print_reached(seen)
    assert too_rare(seen, often() | FAULTS_OF_POSTGRES) == {}


def play_until_foul(house: House, folder: Path, commands: int, first: int = 0) -> None:
    """One seed after the other; most bugs are found in the first."""
    for seed in (first, *(seed for seed in range(SEEDS_A_BUG) if seed != first)):
        simulated(seed, commands, folder, house, Counter())


def once_each() -> dict[str, int]:
    return {kind.__name__: 1 for kind in REACHED}


def crashes(seen: Counter[str]) -> int:
    return seen["fault: died between two writes"] + seen["fault: died before it answered"]


def too_rare(seen: Counter[str], floors: dict[str, int]) -> dict[str, int]:
    """What was reached less often than its floor."""
    return {name: seen[name] for name, floor in floors.items() if seen[name] < floor}


def print_reached(seen: Counter[str]) -> None:
    """What `pytest -rP` shows."""
    for name, times in sorted(seen.items()):
        print(f"{times:8}  {name}")
