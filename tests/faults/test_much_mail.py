"""One mail of 50 MB, and 100,000 mails in one mailbox: all of it comes, in bounded memory, and the store is level."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from start_dovecot import Dovecot

from tests.engine.homes import SUPPORT, opened
from tests.faults.house import House
from tests.faults.test_the_machine_in_trouble import with_tests_on_path
from tests.imap.grounds import mail

ROOT = Path(__file__).parents[2]
LARGE_BYTES = 50_000_000
MANY = 100_000
AN_APPEND = 2_000


def weighed(house: House, *, keep: str = "small", verify: bool = False, seconds: float = 120) -> dict:
    """One pull in a process of its own."""
    command = [sys.executable, "-m", "tests.faults.weighing_process", str(house.home), str(house.dovecot.imap_port), house.user]
    command += [keep, "yes" if verify else ""]
    done = subprocess.run(command, cwd=ROOT, env=with_tests_on_path(), capture_output=True, text=True, timeout=seconds, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def house(house: House) -> House:
    house.mailboxes = ("INBOX",)
    return house


def test_a_mail_of_fifty_megabytes_is_a_visible_row_and_takes_little_memory(house: House, record_property: Callable[[str, object], None]) -> None:
    line = "x" * 76 + "\r\n"
    house.deliver_raw([mail(1, "the last mail before"), mail(2, "enclosed\r\n" + line * (LARGE_BYTES // len(line))), mail(3, "and the next")])
    told = weighed(house, verify=True)
    assert (told["errors"], told["stored"], told["differences"]) == ([], 3, 0)
    assert told["peak_mib"] < 250
    with opened(house.home, house.inbox()) as (_, store):
        entries = store.ledger.entries(SUPPORT, "INBOX", 1, 3)
        assert entries[2].size_bytes > LARGE_BYTES * 0.99
        assert store.ledger.raw_at(SUPPORT, "INBOX", 3) == mail(3, "and the next")
    record_property("played", f"50 MB mail: {told['peak_mib']} MiB, {told['seconds']} s")


@pytest.mark.soak
def test_a_mail_of_fifty_megabytes_that_is_to_be_kept_whole(house: House, record_property: Callable[[str, object], None]) -> None:
    line = "y" * 76 + "\r\n"
    raw = mail(2, line * (LARGE_BYTES // len(line)))
    house.deliver_raw([mail(1), raw])
    told = weighed(house, keep="all", verify=True)
    assert (told["errors"], told["stored"], told["differences"]) == ([], 2, 0)
    with opened(house.home, house.inbox()) as (_, store):
        assert store.ledger.raw_at(SUPPORT, "INBOX", 2) == raw
    record_property("played", f"50 MB mail kept whole: {told['peak_mib']} MiB, {told['seconds']} s")


@pytest.mark.soak
def test_a_hundred_thousand_mails_in_one_mailbox(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    dovecot = Dovecot(mail_format="mdbox")
    try:
        house = House(dovecot, tmp_path / "home", mailboxes=("INBOX",))
        for _ in range(MANY // AN_APPEND):
            house.deliver(AN_APPEND)
        told = {"first pull": weighed(house, seconds=900)}
        told["resync"] = weighed(house)
        house.expunge(step=100)
        house.flag(step=50)
        house.deliver(100)
        told["changed"] = weighed(house)
        told["verify"] = weighed(house, verify=True, seconds=600)
        assert told["verify"]["differences"] == 0
        assert told["verify"]["checked"] == MANY - MANY // 100 + 100
        house.assert_store_equals_server()
        record_property("faults", house.tally.words)
        record_property("played", "; ".join(f"{what}: {each['seconds']} s, {each['peak_mib']} MiB" for what, each in told.items()))
    finally:
        dovecot.close()
