"""The number a file is listed under is the section by which a real IMAP server gives it out (RFC 9051 6.4.5)."""

import imaplib

import pytest
from start_dovecot import Dovecot, User

from mailsync.mime.parse import parse_message
from mailsync.mime.part import imap_section, inside_part, part_bytes
from mailsync.mime.structure import read_structure
from tests.mime.test_structure_cases import CASES

WELL_FORMED = (
    "related inside alternative inside mixed",
    "mixed inside alternative, with text before and after a picture",
    "alternative inside related, as Apple Mail writes it",
    "a file without any text",
    "the files of an attached mail",
    "a mail in a mail in a mail",
    "a mail that is nothing but another mail",
    "a digest, whose parts are mails without saying so",
    "a signed mail of several parts",
    "a report with the whole mail, which is listed and not read",
    "the same event twice, as Google sends it",
    "winmail.dat with a file of a long name",
    "uuencode in the middle of a text",
    "a signed envelope with files in it",
)


@pytest.fixture
def mailbox(dovecot: Dovecot, account: User) -> imaplib.IMAP4:
    connection = imaplib.IMAP4("127.0.0.1", dovecot.imap_port)
    connection.login(account.name, account.password)
    yield connection
    connection.logout()


@pytest.mark.parametrize("name", WELL_FORMED)
def test_a_part_number_is_the_servers_own(mailbox: imaplib.IMAP4, name: str) -> None:
    raw = CASES[name][0].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    mailbox.append("INBOX", None, None, raw)
    mailbox.select("INBOX", readonly=True)
    attachments = parse_message(raw).attachments
    assert attachments
    for attachment in attachments:
        section = imap_section(attachment.part)
        given = mailbox.fetch("1", f"(BODY.PEEK[{section}])")[1][0][1]
        ours = next(part for part in read_structure(raw).walk() if part.number == section and not part.is_multipart)
        assert given.rstrip(b"\r\n") == ours.body.rstrip(b"\r\n")
        inside = attachment.part.partition("/")[2]
        if inside:
            content = inside_part(ours.content()[0], ours.content_type, ours.name, inside)
            assert content == part_bytes(raw, attachment.part)
            assert len(content) == attachment.size_bytes
