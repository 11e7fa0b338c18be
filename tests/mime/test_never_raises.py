"""No bytes, however made, raise or take long: what cannot be read is said, not thrown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.hash import content_sha256
from mailsync.mime.header.headers import parse_headers
from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from tests.mime.cases import CASES

FRAGMENTS = st.sampled_from(
    [
        *(b"From: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"Content-Disposition: ", b"References: ", b"To: ", b"Content-Transfer-Encoding: "),
        *(b"multipart/mixed; boundary=b", b"text/html", b"text/plain; charset=", b"utf-7", b"utf-16", b"iso-2022-jp", b"euc-jp", b"hz", b"idna"),
        *(b"\r\n", b"\n", b"\r\n\r\n", b"\r", b"--b", b"--b--", b"=?utf-8?B?", b"?=", b"=?utf-7?Q?+2AA-?=", b"\x1b$B", b"\x1b(B", b"\x1b(I"),
        *(b"<", b">", b'"', b"(", b")", b",", b";", b"@", b"\\", b"filename*0*=", b"''", b"%ff", b"\xff", b"\x00", b"base64", b"x-uuencode"),
        *(b"begin 644 x\n", b"<table><tr><td>", b"<blockquote>", b"<li>", b"Tue, 99 Foo 99999 99:99:99 +9999", b"message/rfc822"),
    ]
)


def read_everything(raw: bytes) -> None:
    """Read a message in every way there is, and make sure its texts can be stored."""
    message = parse_message(raw)
    headers = parse_headers(raw)
    content_sha256(raw, len(raw))
    "".join((message.subject, message.text, headers.subject, *(each.name for each in message.attachments))).encode("utf-8")
    for attachment in message.attachments:
        assert len(part_bytes(raw, attachment.part)) == attachment.size_bytes
    if message.date is not None:
        message.date.timestamp()


@given(st.lists(FRAGMENTS | st.binary(max_size=12), max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_mail_of_broken_pieces_raises(pieces: list[bytes]) -> None:
    read_everything(b"".join(pieces))


@given(st.sampled_from(sorted(CASES)), st.data())
@settings(max_examples=100, deadline=None)
def test_no_damaged_mail_raises(name: str, data: st.DataObject) -> None:
    raw = bytearray(CASES[name][0])
    for _ in range(data.draw(st.integers(0, 8))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    read_everything(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
