"""Whatever a mail is like, it is a visible row with its source: nothing the server has is lost, and nothing is taken for another's twin."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from mailsync.engine.reports import PullReport
from store.domain.query import parse_query
from store.local.store import LocalStore
from tests.engine.homes import SUPPORT, every_row
from tests.faults.house import House, store_side
from tests.imap.grounds import mail

HEAD = "From: Aoki <aoki@customer.test>\r\nTo: support@example.test\r\nSubject: order\r\n"


def dated(date: str, number: int = 900) -> bytes:
    return f"Message-ID: <{number}@customer.test>\r\nDate: {date}\r\n{HEAD}\r\nhello\r\n".encode()


def from_(sender: bytes, number: int = 901) -> bytes:
    return b"Message-ID: <%d@customer.test>\r\nDate: Mon, 6 Jul 2026 09:00:00 +0900\r\nFrom: %s\r\nSubject: order\r\n\r\nhello\r\n" % (number, sender)


ODD: dict[str, list[bytes]] = {
    "no Message-ID": [f"Date: Mon, 6 Jul 2026 09:00:00 +0900\r\n{HEAD}\r\nhello\r\n".encode()],
    "no Message-ID, two of them": [f"{HEAD}\r\nhello {number}\r\n".encode() for number in range(2)],
    "an empty Message-ID": [f"Message-ID:\r\n{HEAD}\r\nhello\r\n".encode()],
    "two Message-IDs": [f"Message-ID: <a@x>\r\nMessage-ID: <b@x>\r\n{HEAD}\r\nhello\r\n".encode()],
    "a Message-ID with blanks and Japanese": [f"Message-ID: <番号 7 @x>\r\n{HEAD}\r\nhello\r\n".encode()],
    "a Message-ID of 5,000 letters": [f"Message-ID: <{'x' * 5000}@x>\r\n{HEAD}\r\nhello\r\n".encode()],
    "the same mail twice": [mail(1), mail(1)],
    "the same mail a hundred times": [mail(1)] * 100,
    "one Message-ID, another body": [mail(1, "the first"), mail(1, "another one, and longer")],
    "one Message-ID, another body of the same size": [mail(1, "aaaa"), mail(1, "bbbb")],
    "one Message-ID, another subject": [mail(1), mail(1, Subject="elsewhere")],
    "a date in the year 1": [dated("Mon, 1 Jan 0001 00:00:00 +0000")],
    "a date in the year 9999": [dated("Fri, 31 Dec 9999 23:59:59 -1200")],
    "a date that is none": [dated("いつか")],
    "a date of the wrong form": [dated("2026/07/06 9:00 JST")],
    "an empty date": [dated("")],
    "no From": [f"Message-ID: <1@x>\r\nSubject: {'x' * 50}\r\n\r\nhello\r\n".encode()],
    "a From that is none": [from_(b"<<<>>>, ;;")],
    "a From of raw bytes": [from_(bytes(range(128, 256)))],
    "a From with control characters": [from_(b"\x1b[2J\x07 <a@b.test>")],
    "a From of ten thousand addresses": [from_(b", ".join(b"a%d@b.test" % number for number in range(10_000)))],
    "nothing but an empty line": [b"\r\n"],
    "one byte": [b"x"],
    "no header": [b"just a text\r\nof two lines\r\n"],
    "no body": [f"Message-ID: <1@x>\r\n{HEAD}\r\n".encode()],
    "no empty line": [f"Message-ID: <1@x>\r\n{HEAD}".encode()],
    "bare line feeds": [mail(1).replace(b"\r\n", b"\n")],
    "a header of a megabyte": [f"Message-ID: <1@x>\r\nX-Long: {'x' * 1_000_000}\r\n{HEAD}\r\nhello\r\n".encode()],
    "ten thousand header lines": [
        f"Message-ID: <1@x>\r\n{HEAD}{'X-Line: y' + chr(13) + chr(10)}".encode() + b"X-Line: y\r\n" * 10_000 + b"\r\nhello\r\n"
    ],
    "a line of a megabyte": [mail(1, "x" * 1_000_000)],
    "random bytes": [random.Random(number).randbytes(3_000).replace(b"\0", b"") for number in range(20)],
    "parts that never end": [f"Message-ID: <1@x>\r\n{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n".encode()],
    "a literal in its text": [mail(1, "{100}\r\n* 1 FETCH (UID 77 BODY[] {3}\r\nM1 OK done\r\n)")],
    "an attachment that is no base64": [
        f"Message-ID: <1@x>\r\n{HEAD}Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n***\r\n".encode()
    ],
}


def shown(house: House) -> list[tuple[str, str]]:
    """Every message in every list: Message-ID and subject."""
    store = LocalStore.open(house.home)
    try:
        return [(message.message_id, message.message.subject) for row in every_row(store) for message in store.messages(row)]
    finally:
        store.close()


def plain(raw: bytes) -> bytes:
    """With bare line feeds: a server ends lines in its own way."""
    return raw.replace(b"\r\n", b"\n")


def distinct(kinds: Iterable[str]) -> set[bytes]:
    return {plain(raw) for kind in kinds for raw in ODD[kind]}


def lost(house: House) -> list[str]:
    """The kinds of which a source is not here."""
    store = LocalStore.open(house.home)
    try:
        here = {plain(raw) for raw, _ in store_side(store, "INBOX").values()}
        return [kind for kind in ODD if not here >= distinct([kind])]
    finally:
        store.close()


def test_every_mail_is_a_visible_row_with_its_source(house: House) -> None:
    """All kinds in one mailbox, so that they also meet each other's Message-IDs."""
    for raws in ODD.values():
        house.deliver_raw(raws)
    reports = house.pull()
    assert [report.error for report in reports] == [None] * len(reports)
    assert lost(house) == []
    assert len(shown(house)) == len(distinct(ODD))
    house.assert_level(len(ODD))
    house.flag(step=1)
    house.other_uidvalidity()
    house.assert_level()
    assert lost(house) == []
    assert len(shown(house)) == len(distinct(ODD))


ALONE = ("no Message-ID, two of them", "one Message-ID, another body of the same size", "random bytes", "nothing but an empty line", "one byte")


@pytest.mark.parametrize("kind", ALONE)
def test_it_is_so_in_a_mailbox_of_its_own_too(house: House, kind: str) -> None:
    house.deliver_raw(ODD[kind])
    house.assert_level(len(ODD[kind]))
    assert len(shown(house)) == len(distinct([kind]))


def test_a_mail_that_lies_in_two_mailboxes_is_shown_once_and_outlives_either(house: House) -> None:
    house.deliver_raw([mail(1)])
    house.deliver_raw([mail(1)], "Shop")
    house.pull()
    assert len(shown(house)) == 1
    house.expunge("INBOX", step=1)
    house.assert_level()
    assert len(shown(house)) == 1
    house.expunge("Shop", step=1)
    house.assert_level()
    # The team's record does not vanish with somebody's clean-up.
    assert len(shown(house)) == 1


def test_an_empty_mailbox_is_level_and_stays_so(house: House) -> None:
    for _ in range(2):
        house.assert_level()
    house.deliver(1)
    house.assert_level()
    house.expunge(step=1)
    house.assert_level()
    house.deliver(1)
    house.assert_level()


def reports_of(house: House) -> dict[str, PullReport]:
    return {report.mailbox: report for report in house.pull()}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
def test_only_what_has_changed_counts_as_changed(house: House, host: str) -> None:
    """A server that counts no changes is asked for the flags of all; written anew, each of them would move its conversation."""
    house.host = host
    house.deliver(6)
    house.pull()
    assert [report.changed for report in house.pull()] == [0, 0, 0]
    house.flag(step=3)
    assert {report.mailbox: report.changed for report in house.pull()} == {"INBOX": 2, "Shop": 0, "Sent": 0}
    house.assert_level()


def test_a_mailbox_that_vanishes_is_said_and_the_others_go_on_until_it_is_back(house: House) -> None:
    house.deliver(2)
    house.deliver(3, "Shop")
    house.pull()
    with house.client() as client:
        client.delete_folder("Shop")
    house.deliver(1)
    reports = reports_of(house)
    assert "the mailbox Shop cannot be opened" in str(reports["Shop"].error)
    assert (reports["INBOX"].new, reports["INBOX"].error) == (1, None)
    assert len(shown(house)) == 6
    with house.client() as client:
        client.create_folder("Shop")
    house.deliver(2, "Shop")
    house.assert_level()
    assert len(shown(house)) == 8


def test_a_mailbox_that_is_renamed_and_replaced_is_not_taken_for_the_old_one(house: House) -> None:
    house.deliver(4, "Shop")
    house.pull()
    with house.client() as client:
        client.rename_folder("Shop", "Shop 2025")
        client.create_folder("Shop")
    house.deliver(2, "Shop")
    house.assert_level()
    assert len(shown(house)) == 6
    house.mailboxes = ("INBOX", "Shop", "Shop 2025")
    house.assert_level()
    assert len(shown(house)) == 6


def test_mail_that_nobody_can_parse_can_still_be_found_in_the_list(house: House, tmp_path: Path) -> None:
    house.deliver_raw([b"\xff\xfe\x1b]0;title\x07 nothing at all"])
    house.pull()
    store = LocalStore.open(house.home)
    (row,) = every_row(store)
    (message,) = store.messages(row)
    assert store.ledger.raw_at(SUPPORT, "INBOX", message.uid) == b"\xff\xfe\x1b]0;title\x07 nothing at all"
    assert store.count(parse_query("")) == 1
    store.close()


def test_each_of_two_mails_with_one_message_id_shows_its_own_source(house: House) -> None:
    raws = [mail(1, "the first"), mail(1, "another"), mail(1, "one more of the same size as none")]
    house.deliver_raw(raws)
    house.pull()
    store = LocalStore.open(house.home)
    messages = [message for row in every_row(store) for message in store.messages(row)]
    assert {store.raw(message.message_id, message.inbox, message.content_sha256) for message in messages} == set(raws)
    for message in messages:
        raw = store.raw(message.message_id, message.inbox, message.content_sha256)
        assert raw is not None
        assert message.message.text.strip().encode() in raw
    store.close()
