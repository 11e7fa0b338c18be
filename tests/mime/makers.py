"""Bytes that only programs write, made here for the tests: TNEF streams, packed RTF, CMS envelopes, calendars, delivery reports."""

import struct


def padded(raw: bytes) -> bytes:
    """Filled up to a multiple of four."""
    return raw + b"\x00" * (-len(raw) % 4)


def attribute(level: int, name: int, value: bytes, checksum: int | None = None) -> bytes:
    """One TNEF attribute (MS-OXTNEF 2.1.2)."""
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", (sum(value) if checksum is None else checksum) & 0xFFFF)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """A MAPI property list: (type, id, value) each."""
    out = [struct.pack("<I", len(values))]
    for kind, id_, value in values:
        out.append(struct.pack("<HH", kind, id_))
        if kind in (0x1F, 0x1E, 0x0102, 0x0D):
            out.append(struct.pack("<II", 1, len(value)))
        out.append(padded(value))
    return b"".join(out)


def tnef(*attributes: bytes) -> bytes:
    """A whole winmail.dat."""
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def tnef_codepage(codepage: int) -> bytes:
    return attribute(1, 0x00069007, struct.pack("<II", codepage, 0))


def tnef_file(title: bytes, content: bytes, *more: tuple[int, int, bytes]) -> bytes:
    """An attachment: rendering data, its short name, its content, and its properties."""
    return (
        attribute(2, 0x00069002, b"\x01\x00" + b"\x00" * 12)
        + attribute(2, 0x00018010, title + b"\x00")
        + attribute(2, 0x0006800F, content)
        + (attribute(2, 0x00069005, properties(*more)) if more else b"")
    )


def tnef_message(inner: bytes) -> bytes:
    """An attachment that is a message, as TNEF again."""
    iid = bytes.fromhex("0703020000000000c000000000000046")
    return attribute(2, 0x00069002, b"\x01\x00" + b"\x00" * 12) + attribute(
        2, 0x00069005, properties((0x1F, 0x3001, "Inner".encode("utf-16-le")), (0x0D, 0x3701, iid + inner))
    )


def tnef_properties(*values: tuple[int, int, bytes]) -> bytes:
    return attribute(1, 0x00069003, properties(*values))


def packed_rtf(rtf: bytes, magic: bytes = b"MELA") -> bytes:
    """RTF as it lies in a message; uncompressed (MELA), or as LZFu that uses literals only."""
    if magic == b"MELA":
        body = rtf
    else:
        body = b"".join(b"\x00" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
        here = (207 + len(rtf)) % 4096  # a reference to where the next byte goes is the end
        end = struct.pack(">H", here << 4)
        body = body + b"\x01" + end if len(rtf) % 8 == 0 else _with_end(body, len(rtf) % 8, end)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), magic, 0) + body


def _with_end(body: bytes, used: int, end: bytes) -> bytes:
    flags = 1 << used
    start = len(body) - used - 1
    return body[:start] + bytes((flags,)) + body[start + 1 :] + end


def der(tag: int, *content: bytes) -> bytes:
    """One DER element."""
    body = b"".join(content)
    size = len(body)
    if size < 0x80:
        length = bytes((size,))
    else:
        raw = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes((0x80 | len(raw),)) + raw
    return bytes((tag,)) + length + body


def ber(tag: int, *content: bytes) -> bytes:
    """One element of indefinite length."""
    return bytes((tag, 0x80)) + b"".join(content) + b"\x00\x00"


SIGNED_DATA, DATA = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010701")
ENVELOPED_DATA, AUTH_ENVELOPED_DATA = bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117")


def signed_envelope(entity: bytes, *, indefinite: bool = False, chunk: int = 1_000) -> bytes:
    """An S/MIME envelope around a MIME entity, signed by nobody."""
    make = ber if indefinite else der
    octets = ber(0x24, *(der(0x04, entity[at : at + chunk]) for at in range(0, len(entity), chunk))) if indefinite else der(0x04, entity)
    inner = make(0x30, der(0x06, DATA), make(0xA0, octets))
    return make(0x30, der(0x06, SIGNED_DATA), make(0xA0, make(0x30, der(0x02, b"\x01"), der(0x31), inner, der(0x31))))


def sealed_envelope(oid: bytes = ENVELOPED_DATA) -> bytes:
    """An encrypted envelope."""
    return der(0x30, der(0x06, oid), der(0xA0, der(0x30, der(0x02, b"\x00"), der(0x04, b"secret"))))


def calendar(*lines: str, method: str = "REQUEST", zone: str = "") -> bytes:
    """A calendar of one event."""
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{f'METHOD:{method}' + chr(13) + chr(10) if method else ''}{zone}"
    return (head + "BEGIN:VEVENT\r\n" + "".join(line + "\r\n" for line in lines) + "END:VEVENT\r\nEND:VCALENDAR\r\n").encode()


OUTLOOK_TOKYO = (
    "BEGIN:VTIMEZONE\r\nTZID:Tokyo Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\n"
    "END:STANDARD\r\nEND:VTIMEZONE\r\n"
)
OWN_BERLIN = (
    "BEGIN:VTIMEZONE\r\nTZID:my zone\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010325T020000\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)
