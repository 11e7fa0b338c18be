"""Bytes of a server become the same responses wherever the network cuts them."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.imap.errors import ProtocolBroken
from mailsync.imap.responses import (
    Capability,
    Completed,
    Continue,
    Exists,
    Expunged,
    Found,
    Listed,
    MessageData,
    Other,
    Response,
    Said,
    Vanished,
)
from mailsync.imap.wire import ResponseReader, read_internaldate, read_message, read_usual

BODY = b"Subject: )\r\n\r\n* 9 EXISTS\r\nM1 OK done\r\n{5}\r\n"
DATE = datetime(2026, 7, 6, 0, 0, 1, tzinfo=UTC)
SPOKEN: list[tuple[bytes, Response]] = [
    (b"* OK [CAPABILITY IMAP4rev1 IDLE] hello {9}\r\n", Said("OK", "CAPABILITY", "IMAP4rev1 IDLE", "hello {9}")),
    (b"* CAPABILITY IMAP4rev1 idle\r\n", Capability(frozenset({"IMAP4REV1", "IDLE"}))),
    (b"* 172 EXISTS\r\n", Exists(172)),
    (
        b'* 12 FETCH (FLAGS (\\Seen $x) INTERNALDATE " 6-Jul-2026 09:00:01 +0900" RFC822.SIZE %d UID 7 BODY[] {%d}\r\n%b)\r\n'
        % (len(BODY), len(BODY), BODY),
        MessageData(12, 7, ("\\Seen", "$x"), DATE, len(BODY), None, {"BODY[]": BODY}),
    ),
    (b"* 44 EXPUNGE\r\n", Expunged(44)),
    (b"* 3 FETCH (BODY[]<0> {0}\r\n UID 8)\r\n", MessageData(3, 8, sections={"BODY[]": b""})),
    (b"* VANISHED (EARLIER) 1:3,5\r\n", Vanished((range(1, 4), range(5, 6)), earlier=True)),
    (b"* 3 FETCH (UID 9 MODSEQ (917162500) BODY[HEADER] NIL)\r\n", MessageData(3, 9, modseq=917162500, sections={"BODY[HEADER]": b""})),
    (b"* VANISHED 9:7\r\n", Vanished((range(7, 10),), earlier=False)),
    (
        b'* 4 FETCH (BODY[HEADER.FIELDS (FROM "X Y")] "a\\"b\\\\" UID 4)\r\n',
        MessageData(4, 4, sections={'BODY[HEADER.FIELDS (FROM "X Y")]': b'a"b\\'}),
    ),
    (b"* SEARCH 2 84 882 (MODSEQ 917162500)\r\n", Found((range(2, 3), range(84, 85), range(882, 883)))),
    (b"* SEARCH\r\n", Found(())),
    (b'* ESEARCH (TAG "A1") UID ALL 2,10:11\r\n', Found((range(2, 3), range(10, 12)))),
    (b'* ESEARCH (TAG "A1") UID\r\n', Found(())),
    (b'* LIST (\\HasNoChildren \\Sent) "/" "&kAFP4W4IMH8-"\r\n', Listed(("\\hasnochildren", "\\sent"), b"&kAFP4W4IMH8-", "/")),
    (b"* LIST () NIL {4}\r\nSent\r\n", Listed((), b"Sent")),
    (b"* LIST (\\HasNoChildren) NIL NIL\r\n", Listed(("\\hasnochildren",), b"NIL")),
    (b'* NAMESPACE (("" "/")) NIL NIL\r\n', Other("NAMESPACE")),
    (b"* 5 RECENT\r\n", Other("RECENT")),
    (b"+ idling\r\n", Continue("idling")),
    (b"+\r\n", Continue("")),
    (b"M12 OK [READ-ONLY] Examine completed.\r\n", Completed("M12", "OK", "READ-ONLY", "", "Examine completed.")),
    (b"M13 no [TRYCREATE] \xe4\xbb\xb6\r\n", Completed("M13", "NO", "TRYCREATE", "", "件")),
    (b"* BYE shutting down\r\n", Said("BYE", "", "", "shutting down")),
]
STREAM = b"".join(said for said, _ in SPOKEN)
MEANT = [meant for _, meant in SPOKEN]


def read(*pieces: bytes) -> list[Response]:
    """Feed the pieces one after the other."""
    reader = ResponseReader("imap.example.test")
    return [response for piece in pieces for response in reader.feed(piece)]


@pytest.mark.parametrize(("said", "meant"), SPOKEN)
def test_each_response_means_what_the_rfc_says(said: bytes, meant: Response) -> None:
    assert read(said) == [meant]


def test_a_cut_at_any_byte_changes_nothing() -> None:
    for at in range(len(STREAM) + 1):
        assert read(STREAM[:at], STREAM[at:]) == MEANT, at


def test_bytes_that_come_one_by_one_mean_the_same() -> None:
    assert read(*(STREAM[at : at + 1] for at in range(len(STREAM)))) == MEANT


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(SPOKEN), max_size=12), st.lists(st.integers(1, 60), max_size=60))
def test_any_order_and_any_cuts_mean_the_same(spoken: list[tuple[bytes, Response]], lengths: list[int]) -> None:
    stream = b"".join(said for said, _ in spoken)
    pieces = []
    for length in lengths:
        pieces.append(stream[:length])
        stream = stream[length:]
    assert read(*pieces, stream) == [meant for _, meant in spoken]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_body_comes_back_byte_for_byte(body: bytes) -> None:
    (found,) = read(b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n" % (len(body), body))
    assert isinstance(found, MessageData)
    assert found.sections["BODY[]"] == body


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused_in_our_words_or_waited_on(noise: bytes) -> None:
    # Anything but ProtocolBroken would get past the seam.
    with suppress(ProtocolBroken):
        read(noise, b"\r\n", noise)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"* 1 FETCH (UID 1\r\n",
        b"* 1 FETCH UID 1)\r\n",
        b"* 1 FETCH (UID one)\r\n",
        b'* 1 FETCH (BODY[] "never closed)\r\n',
        b"* 1 FETCH (UID)\r\n",
        b"* VANISHED 1:*\r\n",
        b"* 1 FETCH (BODY[] {999999999999}\r\n",
        b"* LIST\r\n",
    ],
)
def test_what_is_no_imap_is_refused(said: bytes) -> None:
    with pytest.raises(ProtocolBroken):
        read(said)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 7-jul-1996 23:59:60 +0000", datetime(1996, 7, 7, 23, 59, 59, tzinfo=UTC)),
        (b"31-Feb-1996 02:44:25 -0700", None),
        (b"01-Jan-0001 00:00:00 +1400", None),
        (b"01-Jan-1996 00:00:00 +9900", None),
        (b"yesterday", None),
    ],
)
def test_a_date_that_cannot_be_is_none(raw: bytes, meant: datetime | None) -> None:
    assert read_internaldate(raw) == meant


def test_a_long_mail_in_small_pieces_is_read_in_linear_time() -> None:
    body = b"x" * 3_000_000
    stream = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%b)\r\n" % (len(body), body)
    (found,) = read(*(stream[at : at + 100] for at in range(0, len(stream), 100)))
    assert isinstance(found, MessageData)
    assert found.sections["BODY[]"] == body


def test_the_usual_answers_of_a_fetch_are_read_as_any_other_and_what_is_unusual_is_left_to_the_careful_reader() -> None:
    flags = (rb"\Seen $Junk", b"", rb"\Seen NIL", b'"x"', b"a(b", b" a  b ", b"\xe9", b"{3}")
    dates = (b'"01-Feb-2024 10:00:00 +0900"', b'" 1-Feb-2024 10:00:00 +0000"', b"NIL", b'"never"')
    sizes = (b"1", b"NIL", b"123456789012")
    asked = [
        [b"(UID 7 FLAGS (" + flag + b") INTERNALDATE " + date + b" RFC822.SIZE " + size + end]
        for flag in flags
        for date in dates
        for size in sizes
        for end in (b")", b" MODSEQ (5))")
    ]
    asked += [[b"(UID 7 BODY[] {" + size + b"}", b"a mail", end] for size in (b"6", b"06", b"6+") for end in (b")", b" FLAGS ())")]
    taken = 0
    for fragments in asked:
        usual = read_usual(3, fragments)
        taken += usual is not None
        assert usual is None or usual == read_message(3, fragments)
    assert 20 < taken < len(asked) / 2
