"""Durable commands a second of the team's desk: 128 callers, SQLite with synchronous=FULL and PostgreSQL with fsync, one server and two.

    python -m bench.server_storage [--seconds 8] [--callers 128] [--only sqlite|postgresql]

Each command is a comment: read, decided, journaled, folded, answered under its key. The answer comes after the commit.
"""

import argparse
import asyncio
import gc
import itertools
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "servers"))

from start_postgres import Postgres

from bench.report import Report, percentile
from store.clock import SystemClock
from store.domain.commands import AddComment, RecordMessage
from store.domain.ids import CommandKey, CommentId, ConversationId, InboxKey, MemberKey, MessageId
from store.domain.message import Kind
from store.domain.people import Role
from store.domain.threading import thread_key
from store.team.database import Place
from store.team.desk import TeamDesk
from store.team.values import THE_SERVER, Executed, Order

MARK_A_SECOND = 1500
CONVERSATIONS = 2000
INBOX = InboxKey("support")
SATO = MemberKey("sato")


def mail(n: int) -> RecordMessage:
    """One customer's question."""
    message_id = MessageId(f"<{n}@customer.test>")
    return RecordMessage(
        conversation_id=ConversationId(""),
        inbox=INBOX,
        thread_key=thread_key(INBOX, message_id, (), ()),
        message_id=message_id,
        content_sha256=f"{n:064x}",
        inbound=True,
        kind=Kind.MAIL,
        from_name="山田",
        from_address=f"kyaku{n}@customer.test",
        recipients=("support@example.jp",),
        subject="注文について",
        date=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    )


async def filled(place: Place) -> None:
    """A team with something to comment on."""
    desk = await asyncio.to_thread(TeamDesk, place, SystemClock())
    await desk.people.add("Sato", key=SATO, role=Role.AGENT, by=THE_SERVER.key)
    for start in range(0, CONVERSATIONS, 200):
        await desk.execute_many([Order(THE_SERVER, None, mail(n)) for n in range(start, start + 200)])
    await desk.close()


async def measured(place: Place, seconds: float, callers: int) -> tuple[int, float, list[float]]:
    """Commands done, seconds they took, and how long each caller waited."""
    desk = await asyncio.to_thread(TeamDesk, place, SystemClock())
    following = asyncio.create_task(desk.follow())
    sato = desk.people.member(SATO)
    assert sato is not None
    ids = [state.id for state in (await desk.snapshot(None, CONVERSATIONS)).conversations]
    places, waits = itertools.cycle(ids), []
    own = os.urandom(4).hex()
    gc.collect()
    gc.freeze()
    ends_at = time.perf_counter() + seconds

    async def call(caller: int) -> int:
        done = 0
        while (began := time.perf_counter()) < ends_at:
            key = CommandKey(f"{own}-{caller}-{done}")
            command = AddComment(conversation_id=next(places), comment_id=CommentId(key), text="在庫を確認しました。")
            assert isinstance(await desk.execute(sato, key, command), Executed)
            waits.append(time.perf_counter() - began)
            done += 1
        return done

    began = time.perf_counter()
    done = sum(await asyncio.gather(*(call(caller) for caller in range(callers))))
    took = time.perf_counter() - began
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await desk.close()
    return done, took, waits


def one_of_several(place: Place, seconds: float, callers: int, pipe: Pipe) -> None:
    """A server's process of its own."""
    pipe.send("ready")
    pipe.recv()
    pipe.send(asyncio.run(measured(place, seconds, callers)))


def at_several(place: Place, seconds: float, callers: int, servers: int) -> tuple[int, float, list[float]]:
    """The same callers spread over several processes."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for _ in range(servers):
        ours, theirs = context.Pipe()
        processes.append(context.Process(target=one_of_several, args=(place, seconds, callers // servers, theirs)))
        processes[-1].start()
        pipes.append(ours)
    for pipe in pipes:
        pipe.recv()
    for pipe in pipes:
        pipe.send("go")
    told = [pipe.recv() for pipe in pipes]
    for process in processes:
        process.join()
    return sum(done for done, _, _ in told), max(took for _, took, _ in told), [wait for _, _, waits in told for wait in waits]


@contextmanager
def postgresql() -> Iterator[Postgres]:
    """A cluster of our own that waits for the disk at each commit."""
    server = Postgres(fsync=True)
    try:
        yield server
    finally:
        server.close()


def tell(report: Report, what: str, found: tuple[int, float, list[float]]) -> None:
    """The figures of one run."""
    done, took, waits = found
    report.add(f"{what}: durable commands a second", done / took, "1/s")
    report.add(f"{what}: time for each", took / done * 1e6, "µs", 1e6 / MARK_A_SECOND)
    report.add(f"{what}: a caller waits, p50", percentile(waits, 50) * 1e3, "ms")
    report.add(f"{what}: a caller waits, p99", percentile(waits, 99) * 1e3, "ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--callers", type=int, default=128)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    report = Report("server_storage")
    if asked.only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "team.db"
            asyncio.run(filled(place))
            tell(report, "SQLite, FULL, 1 server", asyncio.run(measured(place, asked.seconds, asked.callers)))
    if asked.only != "sqlite":
        with postgresql() as server:
            url = server.new_url()
            asyncio.run(filled(url))
            tell(report, "PostgreSQL, fsync, 1 server", asyncio.run(measured(url, asked.seconds, asked.callers)))
            tell(report, "PostgreSQL, fsync, 2 servers", at_several(url, asked.seconds, asked.callers, 2))
    report.print_json()


if __name__ == "__main__":
    main()
