"""The comparison with the server finds whatever is different, says how much, mends it, and calls nothing different that is the same."""

import pytest

from mailsync.engine.reconcile import Verified
from store.domain.query import parse_query
from store.local.flaws import FlawKind
from store.local.store import LocalStore
from tests.engine.homes import SUPPORT, every_row
from tests.faults.house import House, spoil


def verified(house: House, mailbox: str = "INBOX") -> Verified:
    report = next(report for report in house.pull(verify=True) if report.mailbox == mailbox)
    assert report.error is None
    assert report.verified is not None
    return report.verified


@pytest.fixture
def full(house: House) -> House:
    """Nine mails, all pulled."""
    house.deliver(9)
    house.flag(step=4)
    house.pull()
    return house


def test_a_store_that_is_level_has_no_difference(full: House) -> None:
    assert verified(full) == Verified(9)
    full.assert_level(0)


def test_mails_that_were_lost_here_are_fetched_again(full: House) -> None:
    store = LocalStore.open(full.home)
    cursor = store.cursor(SUPPORT, "INBOX")
    assert cursor is not None
    store.commit_pull(SUPPORT, "INBOX", [], cursor, gone=[2, 3])
    store.close()
    assert verified(full) == Verified(9, missing=2, mended=2)
    full.assert_level()


def test_places_that_the_server_does_not_know_are_dropped_and_the_mail_stays_readable(full: House) -> None:
    with full.client() as client:
        client.select_folder("INBOX")
        client.delete_messages([9])
        client.expunge()
    full.pull()
    spoil(full, "UPDATE location SET uid = 9 WHERE uid = 8")
    assert verified(full) == Verified(8, missing=1, extra=1, mended=2)
    full.assert_level()


def test_a_cursor_beyond_what_the_server_has_given_out_is_put_right_by_any_pull(full: House) -> None:
    spoil(full, "UPDATE location SET uid = 3000 WHERE uid = 9", "UPDATE mailbox SET highest_uid = 4000")
    full.pull()
    full.assert_level()
    assert verified(full) == Verified(9)


def test_flags_that_differ_become_the_server_s(full: House) -> None:
    spoil(full, "UPDATE location SET flags = '\\Seen' WHERE uid IN (1, 2)")
    assert verified(full) == Verified(9, flags=2, mended=2)
    full.assert_level()


@pytest.mark.parametrize("wrong", ["size_bytes = size_bytes + 1", "content_sha256 = 'x' || content_sha256"])
def test_a_mail_of_another_size_or_header_is_read_again_and_stays_one_message(full: House, wrong: str) -> None:
    spoil(full, f"UPDATE message SET {wrong} WHERE message_id = '<4@customer.test>'")
    assert verified(full) == Verified(9, different=1, mended=1)
    full.assert_level()


def test_two_mails_that_changed_places_are_put_right(full: House) -> None:
    spoil(
        full,
        "UPDATE location SET message = (SELECT n FROM message WHERE message_id = '<7@customer.test>') WHERE uid = 6",
        "UPDATE location SET message = (SELECT n FROM message WHERE message_id = '<6@customer.test>') WHERE uid = 7",
    )
    assert verified(full).mended == 2
    full.assert_level()


SPOILT = {
    FlawKind.PLACES_WITHOUT_MESSAGE: "DELETE FROM message WHERE message_id = '<5@customer.test>'",
    FlawKind.TEXTS_WITHOUT_MESSAGE: "INSERT INTO body VALUES (12345, x'00', NULL)",
    FlawKind.MESSAGES_WITHOUT_TEXT: "DELETE FROM body WHERE message = (SELECT n FROM message WHERE message_id = '<5@customer.test>')",
    FlawKind.MESSAGES_NOT_INDEXED: "DELETE FROM words WHERE rowid = (SELECT n FROM message WHERE message_id = '<5@customer.test>')",
    FlawKind.INDEX_WITHOUT_MESSAGE: "INSERT INTO words (rowid, text) VALUES (12345, '幽霊')",
    FlawKind.PLACES_OUTSIDE_CURSOR: "UPDATE mailbox SET highest_uid = 4 WHERE name = 'INBOX'",
    FlawKind.MESSAGES_WITHOUT_LINE: "DELETE FROM conversation WHERE n = (SELECT conversation FROM message WHERE message_id = '<5@customer.test>')",
    FlawKind.LINES_WITHOUT_MAIL: "INSERT INTO conversation (id, inbox) VALUES ('nobody', 'support')",
    FlawKind.WRONG_COUNTS: "UPDATE counter SET conversations = 77",
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_store_that_does_not_agree_with_itself_says_so_and_is_put_in_order(full: House, kind: FlawKind) -> None:
    spoil(full, SPOILT[kind])
    store = LocalStore.open(full.home)
    assert kind in {flaw.kind for flaw in store.ledger.check()}
    store.close()
    reports = full.pull(verify=True)
    assert kind in {flaw.kind for flaw in reports[0].flaws}
    full.assert_level()
    store = LocalStore.open(full.home)
    assert store.ledger.check(deep=True) == ()
    assert store.count(parse_query("")) == 9
    assert len(store.search(parse_query("token5x"))) == 1
    assert store.search(parse_query("幽霊")) == ()
    store.close()


def test_a_text_that_cannot_be_read_any_more_is_fetched_again(full: House) -> None:
    spoil(full, "UPDATE body SET parsed = x'00112233' WHERE message = (SELECT n FROM message WHERE message_id = '<5@customer.test>')")
    store = LocalStore.open(full.home)
    assert store.ledger.check() == ()
    assert [flaw.kind for flaw in store.ledger.check(deep=True)] == [FlawKind.MESSAGES_WITHOUT_TEXT]
    store.close()
    full.pull(verify=True)
    full.assert_level()


def test_a_mail_that_is_lost_here_and_gone_there_stays_visible_by_what_is_left_of_it(full: House) -> None:
    full.expunge(step=1)
    full.pull()
    spoil(full, "DELETE FROM body")
    full.pull(verify=True)
    store = LocalStore.open(full.home)
    (message,) = store.messages(next(row for row in every_row(store) if store.row(row).subject == "order 5"))
    assert (message.message.subject, message.message.unparsed) == ("order 5", True)
    assert "lost here" in message.message.warnings[0]
    store.close()


def test_each_thing_that_can_be_wrong_is_spoilt_in_a_test() -> None:
    assert {*SPOILT, FlawKind.FILE, FlawKind.COMMENTS_NOT_INDEXED, FlawKind.INDEX_WITHOUT_COMMENT} == set(FlawKind)
