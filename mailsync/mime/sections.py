"""One part's content from what IMAP hands out of it: its MIME header and its body, still encoded."""

from mailsync.mime.structure import read_structure


def section_content(mime_header: bytes, body: bytes) -> bytes | None:
    """The decoded content; damaged encodings give what could be read. None: it holds parts itself, so only the whole message tells."""
    end = b"" if mime_header.endswith((b"\r\n\r\n", b"\n\n")) else b"\r\n\r\n"
    part = read_structure(mime_header + end + body)
    return None if part.children else part.content()[0]
