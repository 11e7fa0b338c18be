"""A mailbox is found by the name that people read, however its server writes it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.imap.names import Mailbox, find_meant, find_sent, from_wire, in_words, much_like, to_wire


def listed(*names: str, delimiter: str = "/", marks: dict[str, str] | None = None) -> list[Mailbox]:
    return [Mailbox(name, to_wire(name).encode(), (marks[name],) if marks and name in marks else (), delimiter) for name in names]


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", "INBOX"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("Q&A", "Q&-A"),
        ("[Gmail]/送信済みメール", "[Gmail]/&kAFP4W4IMH8w4TD8MOs-"),
        ("📮", "&2D3c7g-"),
        ("", ""),
    ],
)
def test_the_examples_of_rfc_3501_and_of_gmail(name: str, wire: str) -> None:
    assert to_wire(name) == wire
    assert from_wire(wire.encode()) == name


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_every_name_comes_back(name: str) -> None:
    import unicodedata

    wire = to_wire(name)
    assert wire.isascii()
    assert wire.isprintable()
    assert from_wire(wire.encode()) == unicodedata.normalize("NFC", name)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_of_a_server_make_it_fall_over(wire: bytes, utf8: bool) -> None:
    assert isinstance(from_wire(wire, utf8=utf8), str)


@pytest.mark.parametrize(
    ("wire", "utf8", "name"),
    [
        ("送信済み".encode(), False, "送信済み"),
        ("Gelöscht".encode("latin-1"), False, "Gelöscht"),
        (b"A&B", False, "A&B"),
        (b"&broken", False, "&broken"),
        (b"Q&-A", True, "Q&-A"),
        ("受信/Q&A".encode(), True, "受信/Q&A"),
    ],
)
def test_what_servers_write_instead_is_read_all_the_same(wire: bytes, utf8: bool, name: str) -> None:
    assert from_wire(wire, utf8=utf8) == name


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("inbox", "INBOX"),
        ("INBOX/注文", "INBOX.注文"),
        ("注文", "INBOX.注文"),
        ("INBOX.注文", "INBOX.注文"),
        ("INBOX.ガ", "INBOX.ガ"),
        ("注", None),
        ("Inbox/注文", "INBOX.注文"),
        ("Inbox.注文", "INBOX.注文"),
    ],
)
def test_a_name_is_known_by_what_it_means(wanted: str, found: str | None) -> None:
    meant = find_meant(wanted, listed("INBOX", "INBOX.注文", "INBOX.ガ", delimiter="."), ["INBOX."])
    assert (meant.name if meant else None) == found


@pytest.mark.parametrize(
    ("names", "delimiter", "sent"),
    [
        (["INBOX", "Sent Items", "Sent"], "/", "Sent"),
        (["INBOX", "送信済みアイテム"], "/", "送信済みアイテム"),
        (["INBOX", "[Gmail]/すべてのメール", "[Gmail]/送信済みメール"], "/", "[Gmail]/送信済みメール"),
        (["INBOX", "INBOX.Sent"], ".", "INBOX.Sent"),
        (["INBOX", "SENT-MAIL"], "", "SENT-MAIL"),
        (["INBOX", "Gesendete Elemente"], "/", "Gesendete Elemente"),
        (["INBOX", "送信トレイ", "送信済ｱｲﾃﾑ"], "/", "送信済ｱｲﾃﾑ"),
        (["INBOX", "INBOX.E\u0301le\u0301ments envoye\u0301s"], ".", "INBOX.E\u0301le\u0301ments envoye\u0301s"),
        (["INBOX", "보낸편지함"], "/", "보낸편지함"),
        (["INBOX", "送信トレイ", "Outbox"], "/", None),
        (["INBOX", "absent", "Sent/2024"], "/", None),
        (["INBOX", "Shared/info/Sent"], "/", None),
    ],
)
def test_sent_is_found_by_its_usual_names_but_never_in_somebody_else_s_mailboxes(names: list[str], delimiter: str, sent: str | None) -> None:
    assert find_sent(listed(*names, delimiter=delimiter), ["Shared/"]) == sent


def test_the_mark_of_the_server_counts_more_than_a_name() -> None:
    mailboxes = listed("INBOX", "Sent", "Ausgang", "Shared/x/Sent", marks={"Ausgang": "\\sent", "Shared/x/Sent": "\\sent"})
    assert find_sent(mailboxes, ["Shared/"]) == "Ausgang"
    assert find_sent(listed("Sent", marks={"Sent": "\\noselect"}), []) is None


@pytest.mark.parametrize(
    ("wanted", "like"), [("Sennt", "Sent"), ("問合せ", "問い合わせ"), ("Support", "INBOX/Support"), ("INBOX/Suport", "INBOX/Support")]
)
def test_a_slip_of_the_pen_is_answered_with_what_there_is(wanted: str, like: str) -> None:
    assert like in much_like(wanted, listed("INBOX", "Sent", "問い合わせ", "INBOX/Support"))


def test_many_names_are_told_as_some() -> None:
    assert in_words(listed("a", "b")) == "a, b"
    assert in_words(listed(*"abcdefg")) == "a, b, c, d, e, … (7 in all)"
