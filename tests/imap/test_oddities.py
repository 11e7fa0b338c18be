"""What real servers were seen to do, by the issue in which somebody met it: each is played, and must cost nobody a mail.

The issues are public ones of the projects named (on GitHub); only the behaviour they report is taken from there.
"""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from mailsync.imap import requests as requests_module
from mailsync.imap.access import ImapAccess
from mailsync.imap.errors import CommandRefused, ConnectionLost, MailboxMissing, ProtocolBroken, ServerBusy, TooManyConnections
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Fetched, Pull
from mailsync.imap.session import MailSession
from mailsync.server.watch_feed import ImapFeed
from mailsync.server.watch_reading import Place
from store.clock import SystemClock
from store.domain.ids import InboxKey
from store.team.desk import TeamDesk
from store.team.values import WatchCursor
from tests.imap.grounds import mail
from tests.imap.test_broken_servers import ENVELOPES, OK, Answer, body, played

FLAGS = r"UID FETCH \S+ \(UID FLAGS"
BODIES = r"UID FETCH 1:3 \(UID BODY"
EXAMINED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n" + OK
ALL = {uid: mail(uid) for uid in (1, 2, 3)}


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests_module, "TRY_AGAIN_SECONDS", (0.0, 0.0))


def pull(script: dict[str, Answer], covered: Covered | None = None, stored: int = 0, known: tuple[int, ...] = ()) -> dict[int, Fetched]:
    """What comes of one pull from a server that answers so."""
    whole: dict[str, Answer] = {FLAGS: ENVELOPES + OK, BODIES: body(1) + body(2) + body(3) + OK}
    with played(whole | script) as access, MailSession.open(access) as session:
        steps = Pull(session, lambda: set(known)).run("INBOX", covered, stored_messages=stored)
        return {each.uid: each for step in steps for each in step.fetched}


def bodies(script: dict[str, Answer]) -> dict[int, bytes]:
    return {uid: each.raw for uid, each in pull(script).items()}


# Answers in odd places


def test_flags_of_other_messages_in_the_middle() -> None:
    """imapclient #334, MailKit #435: unasked FETCH responses, for messages inside and outside the range that was asked for."""
    noise = b"* 9 FETCH (UID 99 FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Deleted))\r\n* 2 FETCH (UID 2 FLAGS (\\Deleted) MODSEQ (7))\r\n"
    assert bodies({FLAGS: noise + ENVELOPES + noise + OK, BODIES: noise + body(1) + noise + body(2) + body(3) + noise + OK}) == ALL


def test_a_flags_line_in_the_answer_to_fetch() -> None:
    """rust-imap #117: `* FLAGS` again in the answer to FETCH."""
    assert bodies({BODIES: b"* FLAGS (\\Seen \\Answered)\r\n" + body(1) + body(2) + body(3) + OK}) == ALL


def test_recent_and_exists_after_the_message() -> None:
    """rust-imap #81: `* 1 RECENT` behind the message, in the same answer."""
    assert bodies({BODIES: body(1) + b"* 1 RECENT\r\n" + body(2) + b"* 4 EXISTS\r\n" + body(3) + b"* 1 RECENT\r\n" + OK}) == ALL


def test_an_expunge_in_the_middle_of_a_fetch() -> None:
    """MailKit #1926: responses about other clients' changes between those that were asked for; even one RFC 9051 7.5.1 forbids there."""
    assert bodies({BODIES: body(1) + b"* 1 EXPUNGE\r\n" + body(2) + body(3) + OK}) == ALL


@pytest.mark.parametrize("order", [(1, 1), (5, 4), (4, 6, 4)])
def test_expunges_in_the_order_of_every_server(order: tuple[int, ...]) -> None:
    """aerc (rjarry/aerc, worker/imap/expungehandler.go): Gmail and Fastmail tell removals upwards and count again after each, Office 365
    downwards, Dovecot in any order. Read by its number a body would be taken for that of another message."""
    told = b"".join(b"* %d EXPUNGE\r\n" % number for number in order)
    assert bodies({FLAGS: ENVELOPES + told + OK, BODIES: body(3) + told + body(1) + told + body(2) + OK}) == ALL


@pytest.mark.parametrize("form", [b"FLAGS (\\Seen) UID %d BODY[] {%d}\r\n%b", b"BODY[] {%d}\r\n%b UID %d FLAGS (\\Seen)"])
def test_flags_before_or_after_the_body(form: bytes) -> None:
    """twisted #10722, imapclient #30: Cyrus puts flags nobody asked for before the body, Exchange 2003 and Gmail behind the literal."""

    def fetched(uid: int) -> bytes:
        raw = mail(uid)
        values = (uid, len(raw), raw) if form.startswith(b"FLAGS") else (len(raw), raw, uid)
        return b"* %d FETCH (%b)\r\n" % (uid, form % values)

    assert bodies({BODIES: fetched(1) + fetched(2) + fetched(3) + OK}) == ALL


def test_a_space_before_the_last_parenthesis() -> None:
    """jakartaee/mail-api #209: imap.qq.com ends with ` )`."""
    spaced = b"".join(b"* %d FETCH (UID %d BODY[] {%d}\r\n%b )\r\n" % (uid, uid, len(raw), raw) for uid, raw in ALL.items())
    assert bodies({BODIES: spaced + OK}) == ALL


def test_a_search_that_comes_in_pieces() -> None:
    """davmail #35: one `* SEARCH` line a message."""
    assert bodies({"UID SEARCH": b"* SEARCH 1\r\n* SEARCH 2\r\n* SEARCH\r\n* SEARCH 3\r\n" + OK}) == ALL


def test_a_modseq_in_brackets_behind_esearch() -> None:
    """MailKit #323: `* ESEARCH … UID ALL 1:3 (MODSEQ 284535)`, in brackets that do not belong there."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ESEARCH\r\n" + OK,
        "UID SEARCH": b'* ESEARCH (TAG "A1") UID ALL 1:3 (MODSEQ 284535)\r\n' + OK,
    }
    assert bodies(script) == ALL


def test_a_message_with_the_uid_0() -> None:
    """OfflineIMAP #336: `* 1 FETCH (UID 0)`: no UID, so nothing that could ever be asked for."""
    nothing = b'* 1 FETCH (UID 0 FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n'
    assert bodies({"UID SEARCH": b"* SEARCH 0 1 2 3\r\n" + OK, FLAGS: nothing + ENVELOPES + OK}) == ALL


def test_a_very_long_line() -> None:
    """MailKit #225: a SEARCH over everything is one line of any length; here two million bytes, which name three messages again and again."""
    assert bodies({"UID SEARCH": b"* SEARCH" + b" 1 2 3" * 333_333 + b"\r\n" + OK}) == ALL


# Values that are not what they should be


@pytest.mark.parametrize("date", [b"NIL", b'"00-Jan-0000 00:00:00 +0000"', b'"Mon, 06 Jul 2026 09:00:00 +0900"', b'"6-Jul-2026 9:00"'])
def test_a_date_that_is_none(date: bytes) -> None:
    """K-9 (thunderbird-android) #1819, MailKit #1236, asimap #458: NIL, Domino's year 0, a date as in a header."""
    lines = b"".join(b"* %d FETCH (UID %d FLAGS () INTERNALDATE %b RFC822.SIZE 9)\r\n" % (uid, uid, date) for uid in ALL)
    found = pull({FLAGS: lines + OK})
    assert {uid: each.raw for uid, each in found.items()} == ALL
    assert all(each.internaldate is None for each in found.values())


@pytest.mark.parametrize("size_bytes", [b"1", b"99999", b"NIL"])
def test_a_size_that_is_wrong(size_bytes: bytes) -> None:
    """hMailServer #476, greenmail #967: RFC822.SIZE is not the size of the message; only the literal's own length counts."""
    lines = b"".join(b'* %d FETCH (UID %d FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE %b)\r\n' % (n, n, size_bytes) for n in ALL)
    single = {rf"UID FETCH {n} \(UID FLAGS": lines.splitlines(keepends=True)[n - 1] + OK for n in ALL}
    # What claims to be large is asked for its structure first; told nothing, we fetch the whole.
    structure = {r"UID FETCH \S+ \(UID RFC822\.SIZE BODYSTRUCTURE": OK}
    assert bodies({FLAGS: lines + OK, **single, **structure}) == ALL


def test_a_size_that_is_missing() -> None:
    """Mailpile #1080: the answer to a FETCH of RFC822.SIZE has none."""
    lines = [b'* %d FETCH (UID %d FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900")\r\n' % (n, n) for n in ALL]
    single = {rf"UID FETCH {n} \(UID FLAGS": lines[n - 1] + OK for n in ALL}
    assert bodies({FLAGS: b"".join(lines) + OK, **single}) == ALL


@pytest.mark.parametrize("nothing", [b'""', b"NIL", b"{0}\r\n"])
def test_an_empty_message(nothing: bytes) -> None:
    """node-imap #153, go-imap #392, emailjs-imap-handler #20: "", NIL and a literal of no bytes all mean an empty body."""
    assert bodies({BODIES: body(1) + b"* 2 FETCH (UID 2 BODY[] %b)\r\n" % nothing + body(3) + OK}) == ALL | {2: b""}


@pytest.mark.parametrize("mark", [b"~{%d}", b"{%d+}", b"~{%d+}"])
def test_literals_of_other_kinds(mark: bytes) -> None:
    """enough_mail #9 and RFC 3516, RFC 7888: literal8 and non-synchronising literals, several in one answer."""
    raw = mail(2)
    odd = b"* 2 FETCH (BODY[HEADER] " + mark % 3 + b"\r\nA:)" + b" UID 2 BODY[] " + mark % len(raw) + b"\r\n" + raw + b")\r\n"
    assert bodies({BODIES: body(1) + odd + body(3) + OK}) == ALL


def test_braces_inside_a_quoted_string() -> None:
    """curl #20320: `{50}` within quotes is text, not the beginning of a literal."""
    assert bodies({BODIES: body(1) + b'* 2 FETCH (BODY[TEXT] "costs {50}" UID 2 BODY[] "x {3}")\r\n' + body(3) + OK})[2] == b"x {3}"


def test_letters_beyond_ascii_in_a_quoted_string() -> None:
    """chatmail/core #652: 8-bit text where RFC 9051 wants a literal."""
    odd = b'* 2 FETCH (BODY[HEADER] "Gr\xfc\xdfe \xe6\x97\xa5" UID 2 BODY[] "\xfc")\r\n'
    assert bodies({BODIES: body(1) + odd + body(3) + OK})[2] == b"\xfc"


def test_an_answer_with_an_origin() -> None:
    """Gmail and RFC 9051 7.5.2: `BODY[]<0>` answers a request for a part, and some answer so without one."""
    raw = mail(2)
    assert bodies({BODIES: body(1) + b"* 2 FETCH (UID 2 BODY[]<0> {%d}\r\n%b)\r\n" % (len(raw), raw) + body(3) + OK}) == ALL


def test_control_characters_in_keywords() -> None:
    """K-9 (thunderbird-android) #4925: a keyword with a control character in the answer to EXAMINE."""
    assert bodies({"EXAMINE": b"* FLAGS (\\Seen \x04 $\x1b[31m)\r\n* OK [PERMANENTFLAGS (\x04)] x\r\n" + EXAMINED}) == ALL


def test_a_capability_line_with_a_sentence_in_it() -> None:
    """emailjs-imap-client #27: `* CAPABILITY SEINE IMAP server IMAP4rev1 LITERAL+`."""
    assert bodies({"CAPABILITY": b"* CAPABILITY SEINE IMAP server IMAP4rev1 LITERAL+\r\n" + OK}) == ALL


def test_an_alert_now_and_then() -> None:
    """RFC 9051 7.1, OfflineIMAP #653: `* OK [ALERT]` and other words of no consequence, anywhere."""
    alert = b"* OK [ALERT] System shutdown in 10 minutes\r\n* NO Disk is 98% full\r\n* BAD malformed command\r\n"
    assert bodies({"EXAMINE": alert + EXAMINED, FLAGS: alert + ENVELOPES + alert + OK, BODIES: body(1) + alert + body(2) + body(3) + OK}) == ALL


# UIDs and their validity


@pytest.mark.parametrize("said", [b"", b"* OK [UIDVALIDITY 0] x\r\n", b"* OK [UIDVALIDITY] x\r\n", b"* OK [UIDVALIDITY many] x\r\n"])
def test_uidvalidity_that_is_missing_or_none(said: bytes) -> None:
    """modern-email/defects #52, chatmail/core #1577: no UIDVALIDITY, or 0."""
    assert bodies({"EXAMINE": b"* 3 EXISTS\r\n" + said + b"* OK [UIDNEXT 4] x\r\n" + OK}) == ALL


@pytest.mark.parametrize("said", [b"", b"* OK [UIDNEXT 0] x\r\n", b"* OK [UIDNEXT 2] x\r\n", b"* OK [UIDNEXT] x\r\n"])
def test_uidnext_that_is_missing_or_too_small(said: bytes) -> None:
    """modern-email/defects #43, chatmail/core #5049, node-imap #638: Winmail Pro and 163.com leave UIDNEXT out, others say 0."""
    script: dict[str, Answer] = {
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n" + said + OK,
        r"UID FETCH \* ": b"* 3 FETCH (UID 3)\r\n" + OK,
    }
    assert bodies(script) == ALL


def test_uidnext_that_stands_still() -> None:
    """chatmail/core #4926: more messages than before, the same UIDNEXT; believed, it would hide new mail for ever."""
    answers = iter([b"* 2 EXISTS\r\n* OK [UIDNEXT 30] x\r\n" + OK, b"* 3 EXISTS\r\n* OK [UIDNEXT 30] x\r\n" + OK])
    script: dict[str, Answer] = {"EXAMINE": lambda _: next(answers), r"UID FETCH \* ": b"* 3 FETCH (UID 30)\r\n" + OK}
    with played(script) as access, MailSession.open(access) as session:
        assert session.select("INBOX").uidnext == 30
        assert session.select("INBOX").uidnext == 31


def test_uidnext_that_goes_back() -> None:
    """chatmail/core #2188: GMX took UIDNEXT back under the same UIDVALIDITY; what comes below the highest known UID is found by looking."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC\r\n" + OK,
        "ENABLE": b"* ENABLED QRESYNC\r\n" + OK,
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n" + OK,
        r"UID FETCH 1:90 \(UID FLAGS\)": OK,
        r"UID FETCH 3 \(UID FLAGS": b'* 3 FETCH (UID 3 FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n' + OK,
        r"UID FETCH 3 \(UID BODY": body(3) + OK,
    }
    assert set(pull(script, Covered(1, 1, 90, 9), stored=2, known=(1, 2))) == {3}


def test_uidnext_that_is_too_small_over_a_gap_in_the_uids() -> None:
    """chatmail/core #5049 at a mailbox from which much was deleted: 50 looks like any other UIDNEXT, and the third mail is number 90."""
    script: dict[str, Answer] = {
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 50] x\r\n" + OK,
        r"UID SEARCH UID 1:49": b"* SEARCH 1 2\r\n" + OK,
        r"UID SEARCH UID 50:4294967295": b"* SEARCH 90\r\n" + OK,
        r"UID SEARCH UID 50:90": b"* SEARCH 90\r\n" + OK,
        r"UID FETCH 1:49 \(UID FLAGS\)": OK,
        r"UID FETCH 90 \(UID FLAGS .*": b'* 3 FETCH (UID 90 FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n' + OK,
        r"UID FETCH 90 \(UID BODY": body(3).replace(b"UID 3", b"UID 90") + OK,
    }
    assert set(pull(script, Covered(1, 1, 49), stored=2, known=(1, 2))) == {90}


NUMBER_90: dict[str, Answer] = {
    r"UID FETCH 90 \(UID FLAGS .*": b'* 3 FETCH (UID 90 FLAGS () INTERNALDATE "06-Jul-2026 09:00:00 +0900" RFC822.SIZE 9)\r\n' + OK,
    r"UID FETCH 90 \(UID BODY": body(3).replace(b"UID 3", b"UID 90") + OK,
}


def test_uidnext_that_is_too_small_is_not_believed_by_the_first_pull_either() -> None:
    """The same at a mailbox that was never pulled."""
    script: dict[str, Answer] = NUMBER_90 | {
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 50] x\r\n" + OK,
        r"UID SEARCH UID 1:4294967295": b"* SEARCH 1 2 90\r\n" + OK,
        r"UID FETCH 1:2 \(UID FLAGS .*": ENVELOPES + OK,
        r"UID FETCH 1:2 \(UID BODY": body(1) + body(2) + OK,
    }
    assert set(pull(script)) == {1, 2, 90}


def test_uidnext_that_is_too_small_at_a_server_that_tells_removals() -> None:
    """Nothing is compared at a server with QRESYNC: what changed since tells of the mail that UIDNEXT hides."""
    script: dict[str, Answer] = NUMBER_90 | {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC\r\n" + OK,
        "ENABLE": b"* ENABLED QRESYNC\r\n" + OK,
        "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 50] x\r\n* OK [HIGHESTMODSEQ 9] x\r\n" + OK,
        r"UID FETCH 1:49 \(UID FLAGS\)": OK,
        r"UID FETCH 1:4294967295 \(UID FLAGS\)": b"* 3 FETCH (UID 90 FLAGS () MODSEQ (9))\r\n" + OK,
        r"UID SEARCH UID 50:4294967295": b"* SEARCH 90\r\n" + OK,
    }
    assert set(pull(script, Covered(1, 1, 49, 8), stored=2, known=(1, 2))) == {90}


@pytest.mark.parametrize("told", [None, WatchCursor(1, 90)])
def test_uidnext_that_is_too_small_hides_no_mail_from_the_team(told: WatchCursor | None) -> None:
    """The watcher tells the journal of it, and does not take a server that always says so for one that was restored from a backup."""
    uids = (1, 90) if told is None else (90, 91)
    script: dict[str, Answer] = {
        "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 50] x\r\n" + OK,
        r"UID SEARCH UID 1:": b"* SEARCH 1 90\r\n" + OK,
        r"UID SEARCH UID 9[01]:": b"* SEARCH 90 91\r\n" + OK,
        "UID FETCH": b"".join(b"* 1 FETCH (UID %d RFC822.SIZE 40 BODY[HEADER] {22}\r\nSubject: number %02d\r\n\r\n)\r\n" % (uid, uid) for uid in uids)
        + OK,
    }

    async def read(access: ImapAccess) -> tuple[list[int], int]:
        with MailSession.open(access) as session:
            feed = ImapFeed(session, "INBOX", Place(InboxKey("support"), sent=False), SystemClock(), asyncio.to_thread)
            await feed.open(told, cast("TeamDesk", None), proved=None)
            return [entry.uid for entry in await feed.next()], feed.end_uid

    with played(script) as access:
        assert asyncio.run(read(access)) == (([1, 90], 90) if told is None else ([91], 91))


def test_a_mailbox_with_nothing_in_it_is_asked_for_nothing() -> None:
    """smtp4dev #2116: `UID FETCH 1:*` of an empty mailbox is an error at some servers, so there is no such question."""
    assert pull({"EXAMINE": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 1] x\r\n" + OK, "UID": b"{tag} BAD empty\r\n"}) == {}


# Refusals


def test_a_no_behind_a_complete_answer() -> None:
    """emailjs-imap-client #60: RFC 2180 4.1.2 lets a server end with NO though it told of every message that is still there."""
    assert bodies({BODIES: body(1) + body(2) + body(3) + b"{tag} NO some messages were expunged\r\n"}) == ALL


def test_one_message_that_the_server_cannot_hand_over() -> None:
    """imapsync #119, MailKit #358: Yahoo! says NO [UNAVAILABLE] for a batch because of one message, and for that one always."""
    refusal = b"{tag} NO [UNAVAILABLE] UID FETCH Server error while fetching messages\r\n"
    script: dict[str, Answer] = {BODIES: refusal, r"UID FETCH 2 \(UID BODY": refusal}
    script |= {rf"UID FETCH {uid} \(UID BODY": body(uid) + OK for uid in (1, 3)}
    assert bodies(script) == ALL | {2: b""}


def test_one_message_that_the_server_cannot_hand_over_hides_no_other_from_the_team() -> None:
    """The same of the headers, which the team's server reads: it would never come past that message."""

    def headers(uid: int) -> bytes:
        return b"* %d FETCH (UID %d RFC822.SIZE 40 BODY[HEADER] {14}\r\nSubject: x\r\n\r\n)\r\n" % (uid, uid)

    refusal = b"{tag} NO [UNAVAILABLE] UID FETCH Server error while fetching messages\r\n"
    script: dict[str, Answer] = {"UID FETCH": refusal, "UID FETCH 1 ": headers(1) + OK, "UID FETCH 3 ": headers(3) + OK}
    with played(script) as access, MailSession.open(access) as session:
        assert [each.uid for each in session.fetch_headers("INBOX", 1, 3)] == [1, 3]


def test_a_message_that_is_unavailable_for_a_moment() -> None:
    """mailcore2 #1445: the same question works a moment later at Yahoo!; a mail must not be kept as an empty one for that."""
    answers = iter([b"{tag} NO [UNAVAILABLE] try again\r\n", body(2) + OK])
    script: dict[str, Answer] = {BODIES: body(1) + body(3) + b"{tag} NO [UNAVAILABLE] some\r\n", r"UID FETCH 2 \(UID BODY": lambda _: next(answers)}
    assert bodies(script) == ALL


@pytest.mark.parametrize(
    "said",
    [
        b"{tag} NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n",
        b"{tag} BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds\r\n",
        b"{tag} NO [THROTTLED] slower, please\r\n",
        b"{tag} NO [LIMIT] Rate limit hit\r\n",
        b"{tag} BAD User is authenticated but not connected.\r\n",
    ],
)
@pytest.mark.parametrize("command", ["EXAMINE", "UID SEARCH", FLAGS, BODIES])
def test_a_server_that_wants_us_slower_loses_no_mail(said: bytes, command: str) -> None:
    """ha-email-sensor #16 (Gmail), imapsync #212 and #272 (Office 365), OfflineIMAP #666 (WorkMail): refused now is not lost."""
    script: dict[str, Answer] = {command: said}
    script |= {rf"UID FETCH {uid} \(UID BODY": said for uid in ALL} if command == BODIES else {}
    with pytest.raises(ServerBusy, match=r"127\.0\.0\.1.*nothing is lost") as busy:
        pull(script)
    assert busy.value.exit_code == 3


def test_a_server_with_nothing_to_hand_over_at_all_is_ill_and_not_its_mails() -> None:
    """OTOBO #2971 (iCloud): every message refused; none may be kept as an empty one."""
    refusal = b"{tag} NO [SERVERBUG] fetch failed\r\n"
    with pytest.raises(ServerBusy):
        pull({BODIES: refusal, **{rf"UID FETCH {uid} \(UID BODY": refusal for uid in ALL}})


def test_a_search_that_fails_now_and_then() -> None:
    """S22.Imap #98: Yahoo! answers NO [SERVERBUG] to a search; the pull ends in words, and the next one goes on."""
    with pytest.raises(CommandRefused, match="UID SEARCH Server error"):
        pull({"UID SEARCH": b"{tag} NO [SERVERBUG] UID SEARCH Server error\r\n"})


def test_too_many_connections_in_the_greeting() -> None:
    """runt #1, imapsync #61: said where a greeting should be."""
    with played({}, b"* BYE [ALERT] Too many simultaneous connections\r\n") as access, pytest.raises(TooManyConnections):
        MailSession.open(access)


def test_a_goodbye_in_the_middle_of_a_fetch() -> None:
    """stalwart #280, OfflineIMAP #183: BYE between two messages."""
    with pytest.raises(ConnectionLost, match="shutting down"):
        pull({BODIES: body(1) + b"* BYE Server shutting down.\r\n"})


def test_a_server_that_hangs_up_at_logout_without_a_word() -> None:
    """forwardemail.net #425: no BYE and no OK after LOGOUT; mbsync calls that an error, a person would not."""
    with played({"LOGOUT": b""}) as access:
        MailSession.open(access).close()


def test_a_login_that_succeeds_with_an_error_in_its_brackets() -> None:
    """ruby/net-imap #597: Outlook says `OK [Error="…WrongServerException…" Proxy=…] AUTHENTICATE completed`."""
    said = b'{tag} OK [Error="Microsoft.Exchange.WrongServerException:Cross Server access" Proxy=X.OUTLOOK.COM:1993:SSL] AUTHENTICATE completed.\r\n'
    assert bodies({"LOGIN": said}) == ALL


@pytest.mark.parametrize("said", [b"{tag} BAD malformed command\r\n", b"{tag} NO not now\r\n", b"* ID NIL\r\n" + OK])
def test_a_server_that_cannot_bear_to_be_told_our_name(said: bytes) -> None:
    """Wino-Mail #263, mcp-email-server #217: mail.de and ukr.net offer ID and call it BAD."""
    script: dict[str, Answer] = {"LOGIN": b"{tag} OK [CAPABILITY IMAP4rev1 ID] in\r\n", "ID": said}
    assert bodies(script) == ALL


# What is offered and not kept, and answers that nobody could read


CHANGED_SINCE = r"UID FETCH \S+ \(UID FLAGS\) \(CHANGEDSINCE \d+"
BARE_QUOTE = b'* 2 FETCH (UID 2 RFC822.SIZE 99999 BODYSTRUCTURE ("APPLICATION" "PDF" ("NAME" "3.5" disk.pdf") NIL NIL "BASE64" 99999))\r\n'


@pytest.mark.parametrize(
    "structure",
    [
        BARE_QUOTE,
        b'* 2 FETCH (UID 2 RFC822.SIZE 99999 BODYSTRUCTURE ("TEXT" "HTML"" NIL NIL NIL {5}\r\n8bit" 74 2))\r\n',
        b'* 2 FETCH (UID 2 RFC822.SIZE 99999 BODYSTRUCTURE ("A" "B" NIL NIL NIL "BASE64" 9)\r\n',
        b'* 2 FETCH (UID 2 RFC822.SIZE 99999 BODYSTRUCTURE ("A" "B" NIL NIL NIL "BASE64" 99999999999999999999999999))\r\n',
    ],
)
def test_a_structure_that_nobody_can_read_costs_no_mail(structure: bytes) -> None:
    """MailKit #485, MailKit #371: quotation marks of the mail that are not escaped, parentheses that never close. The mail comes whole."""
    envelopes = ENVELOPES.replace(b"RFC822.SIZE 9", b"RFC822.SIZE 99999")
    assert bodies({FLAGS: envelopes + OK, r"UID FETCH \S+ \(UID RFC822\.SIZE BODYSTRUCTURE": structure + OK}) == ALL


def test_an_answer_about_one_mail_that_nobody_can_read_harms_no_other() -> None:
    """A value that is left out beside the body (`FLAGS` without its list): the body is there all the same."""
    raw = mail(2)
    odd = b"* 2 FETCH (UID 2 FLAGS BODY[] {%d}\r\n%b)\r\n" % (len(raw), raw)
    assert bodies({BODIES: body(1) + odd + body(3) + OK}) == ALL


def test_flags_that_are_nil() -> None:
    """NIL where a list belongs, in a mail's flags as in a mailbox's marks."""
    assert bodies({FLAGS: ENVELOPES.replace(b"FLAGS ()", b"FLAGS NIL") + OK}) == ALL
    assert list(names_in(b'* LIST NIL "/" "Orders"\r\n')) == ["Orders"]


@pytest.mark.parametrize("modseq", [b"(-1)", b"()", b"(NIL)", b"(18446744073709551615)", b"7"])
def test_a_modseq_that_is_none(modseq: bytes) -> None:
    """MailKit #1686: -1; RFC 4551 allowed 64 bits, which no database takes."""
    told = ENVELOPES.replace(b"RFC822.SIZE 9", b"RFC822.SIZE 9 MODSEQ " + modseq)
    assert bodies({FLAGS: told + OK}) == ALL


@pytest.mark.parametrize("code", [b"HIGHESTMODSEQ", b"UIDVALIDITY", b"UIDNEXT"])
@pytest.mark.parametrize("number", [2**63, 2**64 - 1, 10**30])
def test_numbers_that_no_store_takes(code: bytes, number: int) -> None:
    """modern-email/defects #22, cyrus-imapd #2719: a cursor with such a number could never be written, and nothing be pulled again."""
    said = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4] x\r\n* OK [%b %d] x\r\n" % (code, number)
    last = b"* 3 FETCH (UID 3)\r\n" + OK
    script: dict[str, Answer] = {"EXAMINE": said + OK, r"UID FETCH \* ": last, "CAPABILITY": b"* CAPABILITY IMAP4rev1 CONDSTORE\r\n" + OK}
    with played(script | {FLAGS: ENVELOPES + OK, BODIES: body(1) + body(2) + body(3) + OK}) as access, MailSession.open(access) as session:
        covers = [step.covered for step in Pull(session, set).run("INBOX", None, stored_messages=0)]
    assert covers[-1].highest_uid == 3
    assert all(max(cover.uidvalidity, cover.highest_uid, cover.modseq) < 2**63 for cover in covers)


def test_a_modseq_without_condstore_is_no_promise() -> None:
    """whiteout-io/imap-client #40: Yahoo! says HIGHESTMODSEQ and knows no CHANGEDSINCE."""
    script: dict[str, Answer] = {
        "EXAMINE": EXAMINED.replace(OK, b"* OK [HIGHESTMODSEQ 9] x\r\n" + OK),
        CHANGED_SINCE: b"{tag} BAD unknown modifier CHANGEDSINCE\r\n",
        r"UID FETCH 1:3 \(UID FLAGS\)": b"".join(b"* %d FETCH (UID %d FLAGS (\\Seen))\r\n" % (uid, uid) for uid in ALL) + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        steps = list(Pull(session, lambda: set(ALL)).run("INBOX", Covered(1, 1, 3, 8), stored_messages=3))
    assert steps[0].flags == dict.fromkeys(ALL, ("\\Seen",))


def test_condstore_that_is_offered_and_not_known() -> None:
    """MailKit #757 (mail.gov.in): `BAD Unrecognised option condstore on Examine`, though CONDSTORE is offered."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 CONDSTORE\r\n" + OK,
        r"EXAMINE \S+ \(CONDSTORE\)": b"{tag} BAD Unrecognised option condstore on Examine\r\n",
    }
    assert bodies(script) == ALL


def test_our_name_is_told_to_a_server_that_says_only_when_asked_that_it_wants_it() -> None:
    """OfflineIMAP #696, node-imap #908 (163.com): no capabilities with the login, and no mailbox is opened before ID was said."""
    asked: list[str] = []

    def examine(command: str) -> bytes:
        return EXAMINED if any(each.startswith("ID ") for each in asked) else b"{tag} NO EXAMINE Unsafe Login. Please contact kefu@188.com\r\n"

    def named(command: str) -> bytes:
        asked.append(command)
        return b"* ID NIL\r\n" + OK

    assert bodies({"CAPABILITY": b"* CAPABILITY IMAP4rev1 ID\r\n" + OK, "ID": named, "EXAMINE": examine}) == ALL


def test_a_mail_whose_uid_is_left_out_in_the_answer() -> None:
    """RFC 9051 6.4.9 wants the UID in every answer to UID FETCH; where one mail alone was asked for, it can be no other."""
    raw = mail(2)
    nameless = b"* 2 FETCH (BODY[] {%d}\r\n%b)\r\n" % (len(raw), raw)
    assert bodies({BODIES: body(1) + nameless + body(3) + OK, r"UID FETCH 2 \(UID BODY": nameless + OK}) == ALL


def test_flags_behind_the_body_of_a_mail_that_was_asked_for_alone() -> None:
    """Unasked FLAGS may come as a response of their own (RFC 9051 7.5.2): they are not the mail."""
    flags = b"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n"
    assert bodies({BODIES: body(1) + body(3) + OK, r"UID FETCH 2 \(UID BODY": body(2) + flags + OK}) == ALL


def test_a_mail_of_which_nothing_is_said_is_not_gone_while_it_is_listed() -> None:
    """chatmail/core #4331, #5009: "Missed UID in the server response"; passed over, it would never be asked for again."""
    assert bodies({BODIES: body(1) + body(3) + OK, r"UID FETCH 2 \(UID BODY": OK, "UID SEARCH UID 2:2": b"* SEARCH 2\r\n" + OK}) == ALL | {2: b""}
    assert set(bodies({BODIES: body(1) + body(3) + OK, r"UID FETCH 2 \(UID BODY": OK, "UID SEARCH UID 2:2": b"* SEARCH\r\n" + OK})) == {1, 3}
    nothing: dict[str, Answer] = {BODIES: OK, **{rf"UID FETCH {uid} \(UID BODY": OK for uid in ALL}}
    with pytest.raises(ServerBusy):
        pull(nothing)


def test_a_search_that_names_more_than_there_can_be() -> None:
    """`ALL 1:4294967295` spelled out would take all memory."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ESEARCH\r\n" + OK,
        "UID SEARCH": b'* ESEARCH (TAG "A1") UID ALL 1:4294967295\r\n' + OK,
    }
    with pytest.raises(ProtocolBroken, match="more messages"):
        pull(script)


@pytest.mark.parametrize("said", [b"* VANISHED (EARLIER)\r\n", b"* VANISHED (EARLIER) \r\n", b"* VANISHED \r\n", b"* VANISHED (EARLIER) 7:900\r\n"])
def test_removals_of_nothing_and_of_what_never_was(said: bytes) -> None:
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC\r\n" + OK,
        "ENABLE": b"* ENABLED QRESYNC\r\n" + OK,
        "EXAMINE": EXAMINED.replace(OK, b"* OK [HIGHESTMODSEQ 9] x\r\n" + OK),
        r"UID FETCH 1:\d+ \(UID FLAGS\)": said + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        steps = list(Pull(session, lambda: set(ALL)).run("INBOX", Covered(1, 1, 3, 8), stored_messages=1))
    assert [step.gone for step in steps] == [()]


def test_a_modseq_that_went_back_is_asked_nothing_since() -> None:
    """closeio/sync-engine #943: HIGHESTMODSEQ taken back under the same UIDVALIDITY; what changed by then is found by looking at all."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 ENABLE CONDSTORE QRESYNC\r\n" + OK,
        "ENABLE": b"* ENABLED QRESYNC\r\n" + OK,
        "EXAMINE": EXAMINED.replace(OK, b"* OK [HIGHESTMODSEQ 2] x\r\n" + OK),
        CHANGED_SINCE: OK,
        r"UID FETCH 1:3 \(UID FLAGS\)": b"* 1 FETCH (UID 1 FLAGS (\\Answered))\r\n* 3 FETCH (UID 3 FLAGS ())\r\n" + OK,
        "UID SEARCH": b"* SEARCH 1 3\r\n" + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        steps = list(Pull(session, lambda: set(ALL)).run("INBOX", Covered(1, 1, 3, 800), stored_messages=1))
    assert (steps[0].gone, steps[0].flags) == ((2,), {1: ("\\Answered",), 3: ()})
    assert steps[-1].covered.modseq == 2


# Names of mailboxes


def names_in(listed: bytes) -> Iterator[str]:
    with played({"LIST": listed + OK}) as access, MailSession.open(access) as session:
        yield from (each.name for each in session.listing().mailboxes)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b'* LIST (\\NoInferiors) NIL "deferred.mail"\r\n', "deferred.mail"),
        (b'* LIST (\\HasNoChildren) "/" NIL\r\n', "NIL"),
        (b'* LIST (\\HasNoChildren) "/" INBOX/Von\tBetreff\tGr&APYA3w-e\t\r\n', "INBOX/Von\tBetreff\tGröße\t"),
        (b'* LIST (\\HasNoChildren) "/" 2026\r\n', "2026"),
        (b'* LIST () "/" "mailbox_\\"important\\"_"\r\n', 'mailbox_"important"_'),
        (b'* LIST () "\\\\" "INBOX\\\\below"\r\n', "INBOX\\below"),
        (b'* LIST () "/" {5}\r\nA"B\\C\r\n', 'A"B\\C'),
        ('* LIST () "/" "注文"\r\n'.encode(), "注文"),
        (b'* LIST (\\Inbox \\HasNoChildren) "/" "Inbox"\r\n', "Inbox"),
        (b'* LIST (\\HasNoChildren) "/" 007\r\n', "007"),
        (b'* LIST (\\Sent) "/" Sent Items\r\n', "Sent Items"),
        (b'* LIST () "/" "3.5" disks"\r\n', '3.5" disks'),
    ],
)
def test_names_as_servers_write_them(line: bytes, name: str) -> None:
    """OfflineIMAP #663, K-9 #1936 (NIL for a separator), MailKit #482 (a mailbox called NIL), OfflineIMAP #449 (tabs in an atom), mailio #136
    (quotes), imapy #29 (`\\` as a separator, a name as a literal), MailKit #358 (Yahoo!'s `Inbox`), raw UTF-8,
    numbers that begin with 0, spaces without quotes and quotes within quotes."""
    assert name in list(names_in(b'* LIST () "/" Other\r\n' + line))


def test_a_mailbox_that_was_deleted_while_it_was_open_is_not_taken_for_the_next_one() -> None:
    """Dovecot, seen in our own tests: the answer to EXAMINE speaks of the mailbox that was open before."""
    deleted = b"{tag} NO Mailbox was deleted under us (0.001 + 0.000 secs).\r\n"
    answers = iter([EXAMINED, deleted, EXAMINED])
    script: dict[str, Answer] = {"EXAMINE": lambda _: next(answers), "LIST": b'* LIST () "/" "Orders"\r\n' + OK}
    with played(script) as access, MailSession.open(access) as session:
        session.select("INBOX")
        assert session.select("Orders").exists == 3


def test_a_namespace_that_could_not_be_written_hides_no_mailbox() -> None:
    """A prefix with a control character in it: nothing can be asked below it, and all else can."""
    script: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 NAMESPACE\r\n" + OK,
        "NAMESPACE": b'* NAMESPACE (("" "/")) NIL (("\x01bad" "/")("shared/" "/"))\r\n' + OK,
        'LIST "" "\\*"': b'* LIST (\\Sent) "/" "Sent"\r\n' + OK,
        'LIST "" "shared': b'* LIST () "/" "shared/info"\r\n' + OK,
    }
    with played(script) as access, MailSession.open(access) as session:
        assert [each.name for each in session.listing().mailboxes] == ["Sent", "shared/info"]


def test_no_mailbox_to_be_found_where_a_list_is_refused() -> None:
    """imapbackup #25: mailbox.org calls a LIST with its own prefix BAD; what is missing is then said without names."""
    script: dict[str, Answer] = {"EXAMINE": b"{tag} NO [NONEXISTENT] Mailbox does not exist\r\n", "LIST": b"{tag} BAD Invalid reference\r\n"}
    with played(script) as access, MailSession.open(access) as session:
        with pytest.raises(MailboxMissing, match=r"does not open the mailbox Support.*Mailbox does not exist"):
            session.select("Support")
