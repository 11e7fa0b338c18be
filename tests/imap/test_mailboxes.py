"""A mailbox that cannot be opened says why in words, and the ones beside it open all the same."""

import imapclient
import pytest
from start_dovecot import Dovecot, User

from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import MailboxForbidden, MailboxMissing
from mailsync.imap.session import MailSession
from tests.imap.grounds import Password, mail
from tests.imap.test_broken_servers import OK, Answer, played

UTF8_SERVER: dict[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE UTF8=ACCEPT\r\n" + OK,
    "ENABLE": b"* ENABLED UTF8=ACCEPT\r\n" + OK,
}


def opened(server: Dovecot, account: User) -> MailSession:
    return MailSession.open(ImapAccess("127.0.0.1", server.imap_port, "none", account.name, Password("pw")))


def other_client(server: Dovecot, account: User) -> imapclient.IMAPClient:
    client = imapclient.IMAPClient("127.0.0.1", server.imap_port, ssl=False, timeout=60)
    client.login(account.name, "pw")
    return client


def test_a_japanese_mailbox_is_opened_filed_into_and_found(dovecot: Dovecot, account: User) -> None:
    with other_client(dovecot, account) as client:
        for name in ("問い合わせ/注文", "Q&A"):
            client.create_folder(name)
    with opened(dovecot, account) as session:
        session.append("問い合わせ/注文", mail(1))
        assert session.select("問い合わせ/注文").exists == 1
        assert session.select("Q&A").exists == 0
        assert {"問い合わせ/注文", "Q&A"} <= {each.name for each in session.listing().mailboxes}


def test_a_slip_of_the_pen_is_answered_with_names_and_the_connection_stays_good(dovecot: Dovecot, account: User) -> None:
    with other_client(dovecot, account) as client:
        client.create_folder("問い合わせ")
    with opened(dovecot, account) as session:
        with pytest.raises(MailboxMissing, match="did you mean 問い合わせ") as missing:
            session.select("問合せ")
        assert missing.value.exit_code == 5
        with pytest.raises(MailboxMissing, match=r"there is none of this name \(but INBOX, .* in all\)"):
            session.select("まったく別の名前")
        assert session.select("問い合わせ").exists == 0


def test_a_name_that_only_holds_others_says_so(dovecot: Dovecot, account: User) -> None:
    with other_client(dovecot, account) as client:
        client.create_folder("shelf/below")
    with opened(dovecot, account) as session, pytest.raises(MailboxMissing, match="only holds other mailboxes"):
        session.select("shelf")


def test_a_mailbox_that_was_renamed_meanwhile_is_missing_in_words(dovecot: Dovecot, account: User) -> None:
    with other_client(dovecot, account) as client, opened(dovecot, account) as session:
        client.create_folder("Support")
        assert session.select("Support").exists == 0
        client.rename_folder("Support", "Support-2026")
        session.select("INBOX")
        with pytest.raises(MailboxMissing, match="did you mean Support-2026"):
            session.select("Support")


def test_a_shared_mailbox_is_read_like_ones_own(dovecot: Dovecot, account: User) -> None:
    other = dovecot.add_user(userdb_acl_groups="agents")
    with other_client(dovecot, account) as client:
        name = f"Public/{account.name.partition('@')[0]}"
        client.create_folder(name)
        client.append(name, mail(1))
    with opened(dovecot, other) as session:
        assert session.select(name).exists == 1
        listing = session.listing()
        assert listing.foreign_prefixes == ("Public/",)
        assert name in {each.name for each in listing.mailboxes}
        assert session.find_sent() == "Sent"


def test_a_mailbox_without_the_right_to_read_says_whom_to_ask() -> None:
    server = Dovecot()
    try:
        account = server.add_user(userdb_acl_groups="agents")
        with other_client(server, account) as client:
            client.create_folder("Public/closed")
        (server.root / "acl").write_text("Public group=agents lr\nPublic/closed group=agents l\n")
        with opened(server, account) as session:
            with pytest.raises(MailboxForbidden, match=r"not read the mailbox Public/closed: ask its owner") as forbidden:
                session.select("Public/closed")
            assert forbidden.value.exit_code == 4
            assert session.select("INBOX").exists == 0
    finally:
        server.close()


# Played servers


def test_a_name_is_learnt_from_a_server_that_writes_it_otherwise() -> None:
    """Cyrus and Courier: everything lies below INBOX, parted by full stops."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 NAMESPACE\r\n" + OK,
        "NAMESPACE": b'* NAMESPACE (("INBOX." ".")) NIL (("shared." "."))\r\n' + OK,
        'LIST "" "\\*"': b'* LIST () "." "INBOX"\r\n* LIST () "." "INBOX.&bOhlhw-"\r\n' + OK,
        "LIST": OK,
        "EXAMINE": b"{tag} NO Mailbox does not exist\r\n",
        'EXAMINE "INBOX.&bOhlhw-"': b"* 7 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 9] x\r\n" + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        assert session.select("注文").exists == 7
        assert session.select("INBOX/注文").exists == 7


@pytest.mark.parametrize("offer", [b"UTF8=ACCEPT", b"UTF8=ONLY"])
def test_a_server_that_speaks_utf_8_gets_the_name_as_it_is(offer: bytes) -> None:
    script: dict[str, Answer] = UTF8_SERVER | {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE %b\r\n" % offer + OK,
        "EXAMINE": b"{tag} NO no\r\n",
        'EXAMINE "問い合わせ/Q&A"': b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n" + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        assert session.select("問い合わせ/Q&A").exists == 3


def test_a_server_that_only_nods_at_enable_still_gets_modified_utf_7() -> None:
    script: dict[str, Answer] = UTF8_SERVER | {
        "ENABLE": b"* ENABLED\r\n" + OK,
        "EXAMINE": b"{tag} NO no\r\n",
        'EXAMINE "&bOhlhw-"': b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n" + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        assert session.select("注文").exists == 3


def test_a_refusal_with_noperm_is_a_missing_right_also_without_acl() -> None:
    script: dict[str, Answer] = {"LIST": b'* LIST () "/" "Public"\r\n' + OK, "EXAMINE": b"{tag} NO [NOPERM] Access denied\r\n"}
    with played(script) as access, MailSession.open(access) as session, pytest.raises(MailboxForbidden):
        session.select("Public")
