"""kill -9 in the middle of a mailing, again and again: no customer gets two, and every row is sent, or shown to a person as unknown."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from scripted_smtp import ScriptedSMTP
from start_dovecot import Dovecot, User

from store.team.desk import TeamDesk
from tests.mado_forks import Forked, begin_beside
from tests.outbox import mailings as m
from tests.outbox.house import MovedClock, house_of, with_sato
from tests.waiting import wait_until

ROWS, KILLS = 200, 6


@contextmanager
def mailing_process(home: Path, imap_port: int, smtp_port: int, user: User) -> Iterator[Forked]:
    words = [str(home), str(imap_port), str(smtp_port), user.name, user.password]
    process = begin_beside("tests.outbox.mailing_process", words, {"PATH": "/usr/bin:/bin", "HOME": str(home)})
    try:
        yield process
        assert process.returncode is not None or process.poll() is None, "it ended by itself"
    finally:
        process.kill()
        process.wait()


def stands(home: Path) -> tuple[str, Counter[str]]:
    """The mailing's state and its submissions', as any other process reads them."""
    with closing(sqlite3.connect(f"file:{home / 'team.db'}?mode=ro", uri=True, timeout=30)) as database:
        (state,) = database.execute("SELECT state FROM mailings").fetchone()
        return state, Counter(dict(database.execute("SELECT state, count(*) FROM submissions GROUP BY state")))


def is_over(home: Path) -> bool:
    state, submissions = stands(home)
    return state == "finished" and submissions["accepted"] + submissions["unknown"] == ROWS


async def test_a_server_killed_in_the_middle_of_a_mailing_sends_no_row_twice_and_leaves_none_out(
    tmp_path: Path, dovecot: Dovecot, account: User
) -> None:
    clock, dice = MovedClock(), Random(200)
    with ScriptedSMTP() as smtp:
        desk = TeamDesk(tmp_path / "team.db", clock)
        await with_sato(desk)
        house = house_of(desk, clock, tmp_path, account, imap_port=dovecot.imap_port, smtp_port=smtp.port)
        await m.hand_in(house, m.rows(house, ROWS))
        await desk.close()
        for kill in range(KILLS):
            until = (kill + 1) * ROWS // (KILLS + 1) + dice.randrange(10)
            with mailing_process(tmp_path, dovecot.imap_port, smtp.port, account) as process:
                wait_until(lambda until=until: len(smtp.script.received) >= until, f"{until} mails", seconds=60)
                process.kill()
                process.wait()
        with mailing_process(tmp_path, dovecot.imap_port, smtp.port, account):
            wait_until(lambda: is_over(tmp_path), "every row to have had its turn", seconds=60)
        got = m.delivered(smtp.script.received)
        _, submissions = stands(tmp_path)
        assert set(got.values()) == {1}
        # What was just leaving when it died is unknown, and nobody sends it again: it may have arrived, or not.
        assert len(got) + submissions["unknown"] >= ROWS
        assert submissions["accepted"] <= len(got)
        assert submissions["unknown"] <= KILLS * 4
        desk = TeamDesk(tmp_path / "team.db", clock)
        house = house_of(desk, clock, tmp_path, account, imap_port=dovecot.imap_port, smtp_port=smtp.port)
        results = await desk.mailings.results(m.ID, 0)
        assert Counter(one.fate.value for one in results) == {
            "sent": submissions["accepted"],
            **({"unknown": submissions["unknown"]} if submissions["unknown"] else {}),
        }
        for one in results:
            assert got[one.message_id] == 1 or one.fate == "unknown", one
        await desk.close()
