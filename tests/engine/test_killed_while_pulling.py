"""kill -9 at any byte of a pull: nothing is lost, nothing is doubled, and the next pull goes on from there."""

import os
import random
import signal
from pathlib import Path

from fault_proxy import FaultProxy

from store.local.pulled import PulledMails
from store.local.store import LocalStore
from tests.engine.homes import SUPPORT, every_row, stored
from tests.imap.grounds import DovecotGround, mail
from tests.mado_forks import Forked, begin_talking
from tests.waiting import wait_until

KILLS = 12
FIRST_MAILS = 260
MAILS_A_ROUND = 15


def start_pull(home: Path, port: int, user: str) -> Forked:
    return begin_talking("tests.engine.puller_process", [str(home), str(port), user], os.environ)


def covered(home: Path) -> range:
    """The UIDs of which the cursor says that they are stored."""
    cursor = PulledMails(home).cursors(SUPPORT).get("INBOX")
    return range(cursor.lowest_uid, cursor.highest_uid + 1) if cursor else range(0)


def kill_pull(home: Path, ground: DovecotGround, after_bytes: int, after_mails: int) -> bool:
    """Start a pull and kill it once so many bytes of the server came and so many mails are covered; False when it was done before."""
    with FaultProxy(ground.port) as proxy:
        process = start_pull(home, proxy.port, ground.user)
        wait_until(
            lambda: (len(proxy.to_client.passed) >= after_bytes and len(covered(home)) >= after_mails) or process.poll() is not None,
            "the point to kill at",
            seconds=120,
        )
        process.send_signal(signal.SIGKILL)
        process.last_words()
        return process.returncode == -signal.SIGKILL


def check_cover(home: Path, there: set[int]) -> int:
    """What the cursor promises is true: every message of the server from its lowest to its highest UID is stored, whole.

    Returns how many are still missing.
    """
    store = LocalStore.open(home)
    try:
        uids = store.uids(SUPPORT, "INBOX")
        promised = there & set(covered(home))
        sources = stored(store)
        assert set(sources) == uids
        assert all(sources.get(uid) for uid in promised)
        return len(there - promised)
    finally:
        store.close()


def test_a_process_killed_at_any_point_of_a_pull_loses_and_doubles_nothing(ground: DovecotGround, tmp_path: Path) -> None:
    chance = random.Random(4711)
    mails = [mail(number, f"{number} " + "本文" * 300) for number in range(1, FIRST_MAILS + 1)]
    ground.deliver_many(mails)
    gone: set[int] = set()
    killed, missing, pulled_most = 0, FIRST_MAILS, False
    while killed < KILLS:
        more = [mail(number, f"{number} " + "本文" * 300) for number in range(len(mails) + 1, len(mails) + 1 + MAILS_A_ROUND)]
        ground.deliver_many(more)
        mails += more
        lost = chance.choice([uid for uid in range(1, len(mails) + 1) if uid not in gone])
        ground.expunge(lost)
        gone.add(lost)
        # From the greeting to a little beyond the last byte of what is missing.
        bytes_left = 3_000 + 2_800 * (missing + MAILS_A_ROUND)
        here = len(mails) - missing
        after_mails = chance.randrange(here, len(mails) + 1) if killed % 2 else 0
        killed += kill_pull(tmp_path, ground, chance.randrange(100, bytes_left), after_mails)
        missing = check_cover(tmp_path, set(range(1, len(mails) + 1)) - gone)
        pulled_most = pulled_most or missing < FIRST_MAILS / 2
    assert pulled_most
    last = start_pull(tmp_path, ground.port, ground.user)
    said, _ = last.last_words()
    assert (last.returncode, said.count(b"None")) == (0, 2), said
    store = LocalStore.open(tmp_path)
    try:
        expected = {uid: raw for uid, raw in enumerate(mails, start=1) if uid not in gone}
        assert stored(store) == expected
        message_ids = [one.message_id for row in every_row(store) for one in store.messages(row)]
        assert len(message_ids) == len(set(message_ids))
    finally:
        store.close()
