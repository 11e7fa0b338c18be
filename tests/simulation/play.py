"""Putting a simulation together: a team in a database that each run begins with, and one terminal for each of its members and more."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from start_postgres import Postgres

from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Member, Role
from store.team.database import Place
from store.team.desk import TeamDesk
from tests.simulation.fate import Fate
from tests.simulation.onlooker import Foul
from tests.simulation.storage import FileStorage, Storage
from tests.simulation.storage_postgres import PostgresStorage, url_of
from tests.simulation.store_mirror import StoreMirror
from tests.simulation.terminal import Mirror, Terminal
from tests.simulation.world import World
from tests.team.team_house import SALES, SUPPORT, TestClock

TEAM: tuple[tuple[str, Role, tuple[InboxKey, ...]], ...] = (
    ("Mori", Role.LEADER, ()),
    ("Sato", Role.AGENT, ()),
    ("Tanaka", Role.AGENT, ()),
    ("Kubo", Role.AGENT, (SUPPORT,)),
    ("Ando", Role.AGENT, (SALES,)),
    ("Newcomer", Role.CHECKED, ()),
    ("Guest", Role.GUEST, ()),
    ("Leaves1", Role.AGENT, ()),
    ("Leaves2", Role.AGENT, ()),
)

SEATS = (0, 4, 1, 2, 3, 1, 2, 3, 5, 6, 7, 8)
"""Who sits at each terminal; some at two. The first ones are those who may have a real home: one who sees everything, and one who does not."""


class House(NamedTuple):
    """A team, and how a database with it, and nothing else, is made for a run."""

    members: tuple[Member, ...]
    storage: Callable[[Path, Fate], Storage]


def house_in_file(path: Path) -> House:
    """Runs begin with a copy of a file."""
    members = _team(path)
    return House(members, lambda folder, fate: FileStorage(folder, path, fate))


def house_in_postgres(cluster: Postgres) -> House:
    """Runs begin with a copy of a database."""
    template = cluster.new_database()
    members = _team(url_of(cluster, template))
    name = dict(part.split("=") for part in template.split())["dbname"]
    return House(members, lambda folder, fate: PostgresStorage(folder, cluster, name, fate))


def _team(place: Place) -> tuple[Member, ...]:
    async def made() -> tuple[Member, ...]:
        desk = await asyncio.to_thread(TeamDesk, place, TestClock())
        members = tuple([(await desk.people.add(name, role=role, inboxes=inboxes, by=MemberKey("mori"))).member for name, role, inboxes in TEAM])
        await desk.close()
        return members

    return asyncio.run(made())


def simulated(seed: int, commands: int, folder: Path, house: House, seen: Counter[str], *, stores: int = 0, files: bool = False) -> None:
    """Play one seed to its end, `stores` of its terminals with a real home; what it leaves is taken away. `files`: see `Asking`.

    Raises:
        Foul: A promise was broken; the seed plays it again.
    """
    place = folder / f"seed{seed}"
    place.mkdir()
    homes = [StoreMirror(place / f"home{number}") for number in range(stores)]
    at = [Terminal(n, house.members[seat], homes[n] if n < stores else Mirror()) for n, seat in enumerate(SEATS)]
    storage = house.storage(place, Fate(seen))
    played = World(seed, place, storage, house.members, seen, terminals=at)
    played.asking.with_files = files
    try:
        played.run(commands)
    except Foul as foul:
        foul.add_note(f"seed {seed}, after {played.commands} commands and {played.seconds:.0f} seconds, at event {played.onlooker.seq}")
        raise
    finally:
        played.close()
        shutil.rmtree(place)
