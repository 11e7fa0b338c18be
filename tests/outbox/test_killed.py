"""kill -9 at every step of a reply's way out: the customer never gets two, and nothing is left in between."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot, User

from store.team.desk import TeamDesk
from tests.mado_forks import Forked, begin_beside
from tests.outbox.house import MovedClock, house_of, lying_in, with_sato
from tests.waiting import wait_until

OVER = {"accepted", "unknown"}


@contextmanager
def outbox_process(home: Path, imap_port: int, smtp_port: int, user: User) -> Iterator[Forked]:
    words = [str(home), str(imap_port), str(smtp_port), user.name, user.password]
    process = begin_beside("tests.outbox.outbox_process", words, {"PATH": "/usr/bin:/bin", "HOME": str(home)})
    try:
        yield process
        # Once it was waited for, the test itself has killed it.
        assert process.returncode is not None or process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.wait()


def stands(home: Path) -> tuple[str, int]:
    """State and filed of the one reply, as any other process reads them."""
    with closing(sqlite3.connect(f"file:{home / 'team.db'}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute("SELECT state, filed FROM submissions").fetchone()


@pytest.mark.parametrize(
    ("line", "way", "moment"),
    [
        ("imap", "to_server", rb"UID FETCH|EXAMINE"),
        ("smtp", "to_client", rb"220 "),
        ("smtp", "to_server", rb"MAIL FROM"),
        ("smtp", "to_server", rb"RCPT TO"),
        ("smtp", "to_client", rb"354 "),
        ("smtp", "to_server", rb"Message-ID"),
        ("smtp", "to_server", rb"\r\n\.\r\n"),
        ("smtp", "to_client", rb"2\.0\.0 queued"),
        ("imap", "to_server", rb"APPEND"),
        ("imap", "to_client", rb"OK \[APPENDUID"),
    ],
)
async def test_a_server_killed_on_the_way_never_sends_twice(
    tmp_path: Path, dovecot: Dovecot, account: User, line: str, way: str, moment: bytes
) -> None:
    clock = MovedClock()
    with ScriptedSMTP() as smtp, FaultProxy(dovecot.imap_port) as to_imap, FaultProxy(smtp.port) as to_smtp:
        desk = TeamDesk(tmp_path / "team.db", clock)
        await with_sato(desk)
        house = house_of(desk, clock, tmp_path, account, imap_port=to_imap.port, smtp_port=to_smtp.port)
        await house.sato_replies(await house.customer_writes("q1"))
        await desk.close()
        passed = getattr(to_imap if line == "imap" else to_smtp, way).passed
        with outbox_process(tmp_path, to_imap.port, to_smtp.port, account) as process:
            wait_until(lambda: re.search(moment, bytes(passed)), f"{moment!r}")
            process.kill()
            process.wait()
        with outbox_process(tmp_path, to_imap.port, to_smtp.port, account):
            wait_until(lambda: stands(tmp_path)[0] in OVER and stands(tmp_path) != ("accepted", 0), "the next server to make up its mind")
        state, filed = stands(tmp_path)
        assert len(smtp.script.received) <= 1
        if state == "accepted":
            assert len(smtp.script.received) == 1
        assert len(lying_in(dovecot, account, "Sent")) == filed
