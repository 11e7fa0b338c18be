"""Servers that no well-made one is like: played from a script, so that each oddity comes exactly where it hurts."""

import re
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import CommandRefused, ConnectionLost, ImapError, LoginRefused, ProtocolBroken, Unreachable
from mailsync.imap.pull import Pull
from mailsync.imap.session import MailSession
from tests.imap.grounds import Password, mail

Answer = bytes | Callable[[str], bytes]
OK = b"{tag} OK done\r\n"
PLAY: dict[str, Answer] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n" + OK,
    "LOGIN": OK,
    "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n" + OK,
    "UID SEARCH": b"* SEARCH 1 2 3\r\n" + OK,
    "NOOP": OK,
    "LOGOUT": b"* BYE\r\n" + OK,
}
ENVELOPES = b"".join(b'* %d FETCH (UID %d FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n' % (n, n) for n in (1, 2, 3))


def body(uid: int, raw: bytes | None = None) -> bytes:
    """A FETCH response with a message."""
    raw = mail(uid) if raw is None else raw
    return b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uid, uid, len(raw), raw)


@contextmanager
def played(script: dict[str, Answer], greeting: bytes = b"* OK hello\r\n") -> Iterator[ImapAccess]:
    """A server that answers each command by the longest key it begins with; an answer with BYE, or empty, ends the connection."""
    answers = PLAY | script

    class Player(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(greeting)
            last = ""
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                # DONE, and the answer to a challenge, have no tag: they belong to the command before.
                last = tag = tag if command else last
                key = max((key for key in answers if re.match(key, command)), key=len)
                answer = answers[key]
                said = (answer(command) if callable(answer) else answer).replace(b"{tag}", tag.encode())
                self.wfile.write(said)
                if b"* BYE" in said or not said:
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Player) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield ImapAccess("127.0.0.1", server.server_address[1], "none", "support", Password("pw"), timeout_seconds=3)
        finally:
            # Also when the test's refusal comes through here: a server that is closed and still asked would spin for ever.
            server.shutdown()
            thread.join()


def pulled(access: ImapAccess) -> dict[int, bytes]:
    with MailSession.open(access) as session:
        pull = Pull(session, set)
        return {each.uid: each.raw for step in pull.run("INBOX", None, stored_messages=0) for each in step.fetched}


def test_a_mail_that_the_server_cannot_hand_over_harms_no_other() -> None:
    script: dict[str, Answer] = {
        r"UID FETCH \S+ \(UID FLAGS": ENVELOPES + OK,
        r"UID FETCH 1:3 \(UID BODY": body(1) + b"{tag} NO [SERVERBUG] cannot read\r\n",
        r"UID FETCH 2 \(UID BODY": b"{tag} NO [SERVERBUG] cannot read\r\n",
        r"UID FETCH 3 \(UID BODY": body(3) + OK,
    }
    with played(script) as access:
        assert pulled(access) == {1: mail(1), 2: b"", 3: mail(3)}


def test_news_in_the_middle_of_an_answer_disturbs_nothing() -> None:
    noise = b"* 4 EXISTS\r\n* 1 RECENT\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n* OK still here\r\n* VANISHED 77\r\n"
    script: dict[str, Answer] = {
        r"UID FETCH \S+ \(UID FLAGS": noise + ENVELOPES + noise + OK,
        r"UID FETCH 1:3 \(UID BODY": noise + body(1) + noise + body(2) + body(3) + b"* 3 EXPUNGE\r\n" + OK,
    }
    with played(script) as access:
        assert pulled(access) == {1: mail(1), 2: mail(2), 3: mail(3)}


def test_a_message_that_was_removed_meanwhile_is_left_out() -> None:
    script: dict[str, Answer] = {
        r"UID FETCH \S+ \(UID FLAGS": ENVELOPES + OK,
        r"UID FETCH 1:3 \(UID BODY": body(1) + body(3) + OK,
        r"UID FETCH 2 \(UID BODY": OK,
        "UID SEARCH UID 2:2": b"* SEARCH\r\n" + OK,
    }
    with played(script) as access:
        assert pulled(access) == {1: mail(1), 3: mail(3)}


def test_a_server_that_leaves_uidnext_out_is_asked_for_its_last_message() -> None:
    script: dict[str, Answer] = {
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n" + OK,
        r"UID FETCH \* ": b"* 3 FETCH (UID 3)\r\n" + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        assert session.select("INBOX").uidnext == 4


def test_a_goodbye_says_why() -> None:
    with played({"EXAMINE": b"* BYE Too many connections\r\n"}) as access, MailSession.open(access) as session:
        with pytest.raises(ConnectionLost, match="Too many connections"):
            session.select("INBOX")


@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"* 1 FETCH (UID\r\n", b"\xff\xfe\r\n"])
def test_what_is_no_imap_is_named_so(said: bytes) -> None:
    with played({"EXAMINE": said}) as access, MailSession.open(access) as session:
        with pytest.raises(ProtocolBroken, match="127"):
            session.select("INBOX")


@pytest.mark.parametrize(
    ("greeting", "kind"),
    [(b"220 smtp.example.test ESMTP\r\n", ImapError), (b"SSH-2.0-OpenSSH_9.2\r\n", ImapError), (b"* BYE full\r\n", ImapError), (b"", Unreachable)],
)
def test_another_service_at_the_port_is_no_crash(greeting: bytes, kind: type[ImapError]) -> None:
    with played({}, greeting) as access, pytest.raises(kind):
        MailSession.open(ImapAccess(access.host, access.port, "none", "support", Password("pw"), timeout_seconds=0.3))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] wrong\r\n", LoginRefused),
        (b"{tag} NO [UNAVAILABLE] later\r\n", Unreachable),
        (b"{tag} BAD what?\r\n", LoginRefused),
        (b"* BYE too many\r\n", ConnectionLost),
        (b"", ConnectionLost),
    ],
)
def test_only_a_wrong_password_is_called_one(said: bytes, kind: type[ImapError]) -> None:
    with played({"LOGIN": said}) as access, pytest.raises(kind):
        MailSession.open(access)


def test_a_refused_copy_says_what_the_server_said() -> None:
    with played({"APPEND": b"{tag} NO [OVERQUOTA] mailbox is full\r\n"}) as access, MailSession.open(access) as session:
        with pytest.raises(CommandRefused, match="mailbox is full"):
            session.append("Sent", mail(1))
        assert session.noop() == []


def test_mail_that_is_told_before_the_go_ahead_of_idle_wakes_at_once() -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n" + OK,
        "IDLE": b"* 4 EXISTS\r\n+ idling\r\n",
        "$": OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        session.select("INBOX")
        began = time.monotonic()
        assert session.idle(seconds=20)
        assert time.monotonic() - began < 15


def test_no_name_can_smuggle_a_command() -> None:
    with played({}) as access, MailSession.open(access) as session, pytest.raises(CommandRefused):
        session.search_message_id("INBOX", '<a@x>"\r\nM9 DELETE INBOX')
