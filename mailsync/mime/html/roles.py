"""What an element of a mail is to its reader, as the programs mark it: quoted, the header of an old mail, a signature."""

import re
from enum import Enum, auto

from mailsync.mime.html.style import Look


class Role(Enum):
    """What is to be done with an element."""

    QUOTE = auto()
    """It is somebody else's text."""
    OLD_MAIL = auto()
    """It and all that follows it is the old mail (Outlook)."""
    SIGNATURE = auto()


_QUOTES = re.compile(r"(?:^|\s)(?:yahoo_quoted|yahoo-quoted|tutanota_quote|nmail_quote|zmail_extra)", re.IGNORECASE)
_QUOTE_IDS = re.compile(r"(?:x_)*(?:yahoo_quoted|mail-editor-reference-message-container|isReplyContent|replySplit)", re.IGNORECASE)
_OLD_MAIL_IDS = re.compile(r"(?:x_)*(?:divRplyFwdMsg|OLK_SRC_BODY_SECTION)$", re.IGNORECASE)
_SIGNATURES = re.compile(r"(?:^|\s)(?:x_)*(?:gmail_signature|moz-signature|yahoo-signature|protonmail_signature_block)(?:\s|$)", re.IGNORECASE)
_SIGNATURE_IDS = re.compile(r"(?:x_)*(?:Signature|AppleMailSignature|(?:ms-)?outlook-mobile-signature|wmSignature)$", re.IGNORECASE)
_OUTLOOKS_BAR = re.compile(r"border-top\s*:\s*solid\s+#(?:e1e1e1|b5c4df)|border-top\s*:\s*#(?:e1e1e1|b5c4df)", re.IGNORECASE)
_WEB_BAR = re.compile(r"border-top\s*:\s*1pt\s+solid\s+rgb\((?:225, ?225, ?225|181, ?196, ?223)\)", re.IGNORECASE)


def role_of(tag: str, attributes: dict[str, str | None], look: Look) -> Role | None:
    """The role of an element; None for most."""
    if tag == "blockquote":
        named = "quote" in (attributes.get("class") or "") or (attributes.get("type") or "").lower() == "cite"
        return None if look.frameless and not named else Role.QUOTE
    if not attributes:
        return None
    name, identity, style = attributes.get("class") or "", attributes.get("id") or "", attributes.get("style") or ""
    if (name and _QUOTES.search(name)) or (identity and _QUOTE_IDS.match(identity)):
        return Role.QUOTE if tag == "div" else None
    bar = tag == "div" and "border-top" in style and (_OUTLOOKS_BAR.search(style) or _WEB_BAR.search(style))
    if bar or (identity and _OLD_MAIL_IDS.match(identity)):
        return Role.OLD_MAIL
    signed = (name and _SIGNATURES.search(name)) or (identity and _SIGNATURE_IDS.match(identity))
    return Role.SIGNATURE if signed else None
