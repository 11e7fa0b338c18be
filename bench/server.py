"""The team's server under a team: how soon a change is heard, what a client costs, how a newcomer gets in.

python -m bench.server [--on sqlite|postgresql] [--part change|crowd|memory|growth|snapshot] [--small] [--clients N] [--rate N] [--seconds N]
    [--open N] [--closed N]

Without --part all of them. SQLite with synchronous=FULL, PostgreSQL with fsync. Clients are lean readers in this one process, which shares the
machine's cores with the server: a delay holds both.
"""

import argparse
import asyncio
import itertools
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench.report import Report, percentile
from bench.server_crowd import Crowd
from bench.server_house import ServerHouse
from bench.server_storage import postgresql
from mailsync.link.client import TeamClient
from mailsync.link.mirror import Mirror
from mailsync.link.protocol import CommandRequest, Done
from store.domain.commands import SetStatus
from store.domain.ids import CommandKey
from store.domain.query import parse_query
from store.domain.status import IN_PROGRESS, NEW
from store.local.store import LocalStore

CONVERSATIONS = 200
SETTLE_SECONDS = 1.5
GROWTH = (10, 100, 1_000, 10_000)
CHANGES_A_STEP = 100
CHANGE_EVERY_SECONDS = 0.12
"""Longer than the server's tick of 50 ms: each change travels alone."""


Where = Callable[[], str]
"""A new place for a team: the URL of an empty PostgreSQL, or "" for a file."""


class Work:
    """A team at work: status changes, one conversation after the other, as many a second as asked whether or not the server keeps up."""

    def __init__(self, house: ServerHouse, client: TeamClient) -> None:
        self._house = house
        self._client = client
        self._count = itertools.count()
        self.given: dict[str, float] = {}
        self.answered: list[float] = []

    async def one(self) -> None:
        """One change, timed from before it is given."""
        n = next(self._count)
        where = self._house.ids[n % len(self._house.ids)]
        status = NEW if (n // len(self._house.ids)) % 2 else IN_PROGRESS
        key = f"bench{n:08}"
        self.given[key] = time.perf_counter()
        answer = await self._client.command(CommandRequest(CommandKey(key), SetStatus(conversation_id=where, status=status)))
        if not isinstance(answer, Done) or not answer.recorded:
            raise TypeError(answer)
        self.answered.append(time.perf_counter() - self.given[key])

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Open loop: who is late is not waited for."""
        running: set[asyncio.Task[None]] = set()
        began = time.perf_counter()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + n / rate - time.perf_counter()))
            running.add(asyncio.create_task(self.one()))
        await asyncio.gather(*running)


async def heard(
    report: Report, where: Where, name: str, clients: int, rate: float, seconds: float, marks: tuple[float | None, float, float | None]
) -> None:
    """How soon everybody hears of everybody's changes; marks of p50, p99 and the latest, in ms."""
    with ServerHouse(where()) as house:
        await house.seed(CONVERSATIONS)
        house.start()
        crowd = Crowd(house.tcp.host, house.tcp.port, await house.sessions(clients))
        await crowd.grow_to(clients)
        async with house.client() as boss:
            work = Work(house, boss)
            await work.at_rate(rate, 1.0)
            await asyncio.sleep(SETTLE_SECONDS)
            work.given.clear()
            work.answered.clear()
            crowd.notes.on = True
            cpu, began = house.cpu_seconds(), time.perf_counter()
            await work.at_rate(rate, seconds)
            busy = (house.cpu_seconds() - cpu) / (time.perf_counter() - began)
            await asyncio.sleep(SETTLE_SECONDS)
        delays, heard_by = crowd.notes.delays(work.given)
        missed = sum(clients - heard_by.get(key, 0) for key in work.given)
        crowd.close()
    p50, p99, latest = marks
    report.add(f"{name}_clients", clients, "clients")
    report.add(f"{name}_rate", rate, "1/s")
    report.add(f"{name}_heard_p50", percentile(delays, 50) * 1000, "ms", p50)
    report.add(f"{name}_heard_p99", percentile(delays, 99) * 1000, "ms", p99)
    report.add(f"{name}_heard_latest", max(delays) * 1000, "ms", latest)
    report.add(f"{name}_answered_p99", percentile(work.answered, 99) * 1000, "ms")
    report.add(f"{name}_not_heard", missed, "changes", 0)
    report.add(f"{name}_server_cpu", busy, "cores")


async def memory(report: Report, where: Where, clients: int) -> None:
    """What each connected client takes of the server's memory."""
    with ServerHouse(where()) as house:
        await house.seed(CONVERSATIONS)
        house.start()
        crowd = Crowd(house.tcp.host, house.tcp.port, await house.sessions(clients))
        await crowd.grow_to(min(50, clients // 10))
        await asyncio.sleep(SETTLE_SECONDS)
        first, before = crowd.notes.open, house.rss_kb()
        await crowd.grow_to(clients)
        async with house.client() as boss:
            # They have all heard something, too.
            await Work(house, boss).at_rate(5, 2)
        await asyncio.sleep(SETTLE_SECONDS)
        after, there = house.rss_kb(), crowd.notes.open
        crowd.close()
    report.add("connected_clients", there, "clients")
    report.add("server_rss", after / 1024, "MB")
    report.add("server_rss_before", before / 1024, "MB")
    report.add("memory_a_client", (after - before) / (there - first), "kB", 30)


async def growth(report: Report, where: Where, steps: tuple[int, ...]) -> None:
    """What one change costs the server, from few clients to many: CPU as the kernel counts it, less what as long a silence takes."""
    with ServerHouse(where()) as house:
        await house.seed(CONVERSATIONS)
        house.start()
        crowd = Crowd(house.tcp.host, house.tcp.port, await house.sessions(max(steps)))
        async with house.client() as boss:
            work = Work(house, boss)
            for clients in steps:
                await crowd.grow_to(clients)
                await work.at_rate(5, 1)
                await asyncio.sleep(SETTLE_SECONDS)
                silence = await _spent(house, lambda: asyncio.sleep(CHANGES_A_STEP * CHANGE_EVERY_SECONDS))
                spent = await _spent(house, lambda: work.at_rate(1 / CHANGE_EVERY_SECONDS, CHANGES_A_STEP * CHANGE_EVERY_SECONDS))
                a_change = (spent - silence) / CHANGES_A_STEP
                report.add(f"change_cpu_{clients}_clients", a_change * 1000, "ms")
                report.add(f"change_cpu_{clients}_clients_each", a_change / clients * 1e6, "us")
        crowd.close()


async def _spent(house: ServerHouse, work: Callable[[], Awaitable[None]]) -> float:
    before = house.cpu_seconds()
    await work()
    await asyncio.sleep(0.2)
    return house.cpu_seconds() - before


async def snapshot(report: Report, where: Where, open_ones: int, closed_ones: int) -> None:
    """An empty home, a big team: until the list is usable, until all open ones are here, and how fast the rest comes."""
    with ServerHouse(where()) as house, TemporaryDirectory(prefix="mado-bench-") as folder:
        report.add("state_size", await house.fill(open_ones, closed_ones), "B")
        house.start()
        (session,) = await house.sessions(1)
        async with house.client(session) as client:
            # The server's own part, from a client that keeps nothing.
            began = time.perf_counter()
            await client.newest()
            report.add("first_page_asked", (time.perf_counter() - began) * 1000, "ms")
            store = LocalStore.open(Path(folder))
            mirror = Mirror(client, store)
            began = time.perf_counter()
            await mirror.catch_up(whole=False)
            rows = len(store.page(parse_query("is:open"), limit=100).rows)
            listed = time.perf_counter() - began
            report.add("newcomer_rows_on_the_first_list", rows, "rows")
            report.add("newcomer_usable_list", listed, "s", 2)
            loading = asyncio.create_task(mirror.load_rest())
            while (remaining := store.remainder.remaining()) is not None and not remaining.closed and not loading.done():  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.1)
            report.add("newcomer_all_open", time.perf_counter() - began, "s")
            begun_closed, count = time.perf_counter(), store.count(parse_query(""))
            while time.perf_counter() - begun_closed < 10 and not loading.done():  # noqa: ASYNC110 - likewise
                await asyncio.sleep(0.1)
            came = store.count(parse_query("")) - count
            report.add("closed_ones_behind", came / (time.perf_counter() - begun_closed), "1/s")
            loading.cancel()
            await asyncio.gather(loading, return_exceptions=True)
            store.close()


async def run(report: Report, where: Where, asked: argparse.Namespace) -> None:
    """The parts that were asked for, at full size unless it says otherwise."""
    small = asked.small
    seconds = asked.seconds or (5 if small else 30)
    if asked.part in {None, "change"}:
        await heard(report, where, "change", asked.clients or (20 if small else 200), asked.rate or 20, seconds, (100, 300, None))
    if asked.part in {None, "crowd"}:
        await heard(report, where, "crowd", asked.clients or (100 if small else 2_000), asked.rate or 100, seconds, (None, 200, 1000))
    if asked.part in {None, "memory"}:
        await memory(report, where, asked.clients or (200 if small else 10_000))
    if asked.part in {None, "growth"}:
        await growth(report, where, GROWTH[:2] if small else tuple(one for one in GROWTH if one <= (asked.clients or GROWTH[-1])))
    if asked.part in {None, "snapshot"}:
        await snapshot(report, where, asked.open or (2_000 if small else 100_000), asked.closed or (5_000 if small else 1_000_000))


def main() -> int:
    """Run; the table as it goes, the JSON lines at the end."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--part", choices=["change", "crowd", "memory", "growth", "snapshot"])
    arguments.add_argument("--small", action="store_true")
    for name in ("clients", "rate", "seconds", "open", "closed"):
        arguments.add_argument(f"--{name}", type=int, default=0)
    arguments.add_argument("--on", choices=["sqlite", "postgresql"], default="sqlite")
    asked = arguments.parse_args()
    report = Report("server" if asked.on == "sqlite" else "server_postgresql")
    began = time.perf_counter()
    with ExitStack() as stack:
        where = stack.enter_context(postgresql()).new_url if asked.on == "postgresql" else str
        uvloop.run(run(report, where, asked))
    report.add("this_run", (time.perf_counter() - began) / 60, "minutes")
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
