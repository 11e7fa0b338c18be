"""What is gathered on the way through the parts of a message, and how much may still be read."""

import msgspec

from mailsync.mime.carried.tnef import TnefBody
from mailsync.mime.header.fields import Fields
from mailsync.mime.structure import Part
from store.domain.message import Attachment, Protection

MAX_LISTED = 1_000
"""Attachments of one message."""
MAX_TEXTS = 300
"""Texts of one message that are read; the others are listed as files."""
MAX_TEXT = 2_000_000
"""Characters of reading text; the rest is in the raw source."""
TEXT_BYTES = 8_000_000
"""Of all its texts together, before they are decoded: no more than four bytes a character are needed for what is kept."""
SHIFTED_BYTES = 4_000_000
"""The same where escapes change the charset: two bytes a character."""
MOST_ESCAPES = 120_000
"""Of a text: each costs as much as a line, and no person changes the charset at every second character."""
HTML_CHARACTERS = 1_000_000
"""Of all its HTML together: it costs the most."""
HEADING_BYTES = 200_000
"""Of the header fields of attached messages that are shown."""
MAX_OPENED = 4
"""Signed envelopes and winmail.dat that are opened; more of them in one mail are an attack."""
TOO_LONG = "The text is longer than 2,000,000 characters and was cut; the raw source has all of it."

PAGE_TOO_LONG = "The HTML is longer than is read here and was cut; the raw source has all of it."


class Bounds(msgspec.Struct):
    """What may still be read, counted down over all parts of a message."""

    listed: int = MAX_LISTED
    texts: int = MAX_TEXTS
    text_bytes: int = TEXT_BYTES
    html_characters: int = HTML_CHARACTERS
    heading_bytes: int = HEADING_BYTES
    opened: int = MAX_OPENED


class Found(msgspec.Struct):
    """What a message carries beside its texts and files."""

    calendars: list[Part] = msgspec.field(default_factory=list)
    status: Part | None = None
    """message/delivery-status."""
    returned: Part | None = None
    """The mail that a report brings back."""
    bodies: list[TnefBody] = msgspec.field(default_factory=list)
    """Texts out of winmail.dat, read only when the mail has no other."""
    protection: Protection | None = None

    def protect(self, protection: Protection | None) -> None:
        """Encrypted outweighs signed: what cannot be read is what a person must know."""
        if protection is not None and self.protection is not Protection.ENCRYPTED:
            self.protection = protection


class Reading(msgspec.Struct):
    """The texts, files and warnings of one message or of one branch of it."""

    texts: list[str] = msgspec.field(default_factory=list)
    attachments: list[Attachment] = msgspec.field(default_factory=list)
    warnings: list[str] = msgspec.field(default_factory=list)
    found: Found = msgspec.field(default_factory=Found)
    bounds: Bounds = msgspec.field(default_factory=Bounds)
    prefix: str = ""
    """Of part numbers: where this lies inside a part of the message, `2/`."""

    def branch(self) -> "Reading":
        """A reading whose texts may be left out in the end."""
        return Reading(found=self.found, bounds=self.bounds, prefix=self.prefix)

    def attached(self) -> "Reading":
        """A reading of an attached message: what it carries is its own."""
        return Reading(bounds=self.bounds, prefix=self.prefix)

    def take(self, other: "Reading", *, texts: bool = True) -> None:
        """Add what a branch has found."""
        if texts:
            self.texts += other.texts
        self.attachments += other.attachments
        self.warnings += other.warnings

    @property
    def has_text(self) -> bool:
        """Whether there is anything to read."""
        return any(text.strip() for text in self.texts)

    def attach(self, name: str, content_type: str, size_bytes: int, part: str, *, inline: bool = False) -> None:
        """List a file."""
        if self.bounds.listed <= 0:
            self.warn(f"There are more than {MAX_LISTED} parts; the rest is not shown.")
            return
        self.bounds.listed -= 1
        self.attachments.append(Attachment(name, content_type, size_bytes, self.prefix + part, inline))

    def warn(self, *sentences: str | None) -> None:
        """Keep what had to be guessed."""
        self.warnings += [sentence for sentence in sentences if sentence]

    def within(self, content: bytes) -> bytes:
        """As much of a text as may still be read."""
        most = min(self.bounds.text_bytes, SHIFTED_BYTES if b"\x1b" in content else TEXT_BYTES)
        if len(content) > MOST_ESCAPES and (escapes := content.count(b"\x1b")) > MOST_ESCAPES:
            most = min(most, len(content) * MOST_ESCAPES // escapes)
        if len(content) > most:
            self.warn(TOO_LONG)
            content = content[:most]
        self.bounds.text_bytes -= len(content)
        return content

    def marked_within(self, text: str) -> str:
        """As much as is shown of a text, before its marks are taken out."""
        if len(text) > MAX_TEXT:
            self.warn(TOO_LONG)
        return text[:MAX_TEXT]

    def html_within(self, html: str) -> str:
        """As much of a page as may still be read."""
        if len(html) > self.bounds.html_characters:
            self.warn(PAGE_TOO_LONG)
            html = html[: self.bounds.html_characters]
        self.bounds.html_characters -= len(html)
        return html

    def may_read_text(self) -> bool:
        """Whether one more text may be read; counts it."""
        self.bounds.texts -= 1
        return self.bounds.texts >= 0

    def may_show_heading(self, fields: Fields) -> bool:
        """Whether the heading of one more attached message may be made; counts what it costs."""
        self.bounds.heading_bytes -= sum(len(fields.first(name) or b"") for name in ("from", "to", "subject"))
        return self.bounds.heading_bytes >= 0
