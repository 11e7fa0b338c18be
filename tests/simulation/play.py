"""Putting a simulation together: a team in a database that each run begins with, and one terminal for each of its members and more."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from store.domain.ids import MemberKey
from store.domain.people import Member, Role
from store.team.desk import TeamDesk
from tests.simulation.onlooker import Foul
from tests.simulation.store_mirror import StoreMirror
from tests.simulation.terminal import Mirror, Terminal
from tests.simulation.world import World
from tests.team.team_house import TestClock

TEAM = (
    ("Mori", Role.LEADER),
    ("Sato", Role.AGENT),
    ("Tanaka", Role.AGENT),
    ("Kubo", Role.AGENT),
    ("Newcomer", Role.CHECKED),
    ("Guest", Role.GUEST),
    ("Leaves1", Role.AGENT),
    ("Leaves2", Role.AGENT),
)

SEATS = (0, 1, 2, 3, 1, 2, 3, 4, 5, 6, 7)
"""Who sits at each terminal; some at two."""


def team_database(path: Path) -> tuple[Member, ...]:
    """A database with the team in it and nothing else; returns the members."""

    async def made() -> tuple[Member, ...]:
        desk = await asyncio.to_thread(TeamDesk, path, TestClock())
        members = tuple([(await desk.people.add(name, role=role, by=MemberKey("mori"))).member for name, role in TEAM])
        await desk.close()
        return members

    return asyncio.run(made())


def world(
    seed: int,
    folder: Path,
    template: Path,
    members: tuple[Member, ...],
    seen: Counter[str],
    *,
    terminals: int = 10,
    stores: int = 0,
    **more: Any,
) -> World:
    """A world with that many terminals, `stores` of them with a real home."""
    folder.mkdir()
    homes = [StoreMirror(folder / f"home{number}") for number in range(stores)]
    at = [Terminal(number, members[SEATS[number % len(SEATS)]], homes[number] if number < stores else Mirror()) for number in range(terminals)]
    return World(seed, folder, template, members, seen, terminals=at, **more)


def simulated(seed: int, commands: int, folder: Path, template: Path, members: tuple[Member, ...], seen: Counter[str], *, stores: int = 0) -> None:
    """Play one seed to its end; what it leaves is taken away.

    Raises:
        Foul: A promise was broken; the seed plays it again.
    """
    place = folder / f"seed{seed}"
    played = world(seed, place, template, members, seen, stores=stores)
    try:
        played.run(commands)
    except Foul as foul:
        foul.add_note(f"seed {seed}, after {played.commands} commands and {played.seconds:.0f} seconds, at event {played.onlooker.seq}")
        raise
    finally:
        played.close()
        shutil.rmtree(place)
