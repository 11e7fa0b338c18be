"""A mail server that is restored from its backup names other mails by UIDs it had given before: noticed at the next look, and put right."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from server_process import give_to_server
from start_dovecot import Dovecot

from mailsync.engine.reconcile import Verified
from tests.engine.homes import SUPPORT, opened
from tests.faults.house import House


@contextlib.contextmanager
def restored(dovecot: Dovecot, house: House) -> Iterator[None]:
    """Everything that happens in the block is forgotten by the server."""
    mail, backup = dovecot.root / "mail" / house.user, dovecot.root / "backup"
    dovecot.stop()
    shutil.copytree(mail, backup)
    dovecot.start()
    yield
    dovecot.stop()
    shutil.rmtree(mail)
    shutil.move(backup, mail)
    give_to_server(mail)
    dovecot.start()


@pytest.fixture
def house(tmp_path: Path, record_property: Callable[[str, object], None]) -> Iterator[House]:
    dovecot = Dovecot()
    try:
        made = House(dovecot, tmp_path / "home", mailboxes=("INBOX",))
        yield made
        record_property("faults", made.tally.words)
    finally:
        dovecot.close()


@pytest.mark.parametrize("after", [0, 2, 9], ids=["no mail since", "some mail since", "more mail since"])
def test_a_server_that_was_restored_is_believed_again(house: House, after: int) -> None:
    house.deliver(6)
    house.pull()
    with restored(house.dovecot, house):
        house.deliver(4)
        house.flag(step=2)
        house.pull()
    house.deliver(after, body="別の用件です。")
    house.pull()
    house.pull(verify=True)
    house.assert_level()
    with opened(house.home, house.inbox()) as (_, store):
        # What only the backup forgot stays readable: the team has answered it, perhaps.
        assert len(store.uids(SUPPORT, "INBOX")) == 6 + after
        assert store._files.read(lambda connection: connection.value("SELECT count(*) FROM message")) == 10 + after


def test_the_next_look_notices_it_without_being_asked(house: House) -> None:
    house.deliver(6)
    house.pull()
    with restored(house.dovecot, house):
        house.deliver(4)
        house.pull()
    house.deliver(2, body="別の用件です。")
    report = house.pull()[0]
    # Its UIDNEXT went back: the pull itself drops the places that are gone, the comparison finds what lies under a UID given again.
    assert (report.gone, report.verified) == (2, Verified(8, different=2, mended=2))
    house.assert_level()
    house.deliver(3, body="その次の用件です。")
    assert (house.pull()[0].new, house.pull()[0].verified) == (3, None)
    house.assert_level()
