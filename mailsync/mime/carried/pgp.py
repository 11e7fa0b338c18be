"""PGP in the middle of a text (RFC 9580 6.2 and 7): a signed text is laid bare, an encrypted block is said to be one. No key is used."""

import re
from typing import NamedTuple

from store.domain.message import Protection

ENCRYPTED_PGP = "[This part is encrypted with PGP. It cannot be read here; the raw source holds it.]"
ENCRYPTED_SMIME = "This mail is encrypted with S/MIME. It cannot be read here; the raw source holds it."
ENCRYPTED_PGP_MIME = "This mail is encrypted with PGP. It cannot be read here; the raw source holds it."

_ARMOUR = "-----BEGIN PGP "
_MESSAGE = re.compile(r"^-----BEGIN PGP MESSAGE-----[ \t]*\n(?:[^-\n].*\n|\n){0,100000}(?:-----END PGP MESSAGE-----[ \t]*|\Z)", re.MULTILINE)
_SIGNED = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]{1,30}:.*\n){0,10}[ \t]*\n", re.MULTILINE)
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_SIGNATURE_END = re.compile(r"^-----END PGP SIGNATURE-----[ \t]*\n?", re.MULTILINE)


class PgpText(NamedTuple):
    """The text without armour, and what the armour was."""

    text: str
    protection: Protection | None


def lay_bare(text: str) -> PgpText:
    """The readable text; unchanged where there is no PGP in it."""
    if _ARMOUR not in text:
        return PgpText(text, None)
    protection: Protection | None = None
    signed = _SIGNED.search(text)
    signature = _SIGNATURE.search(text, signed.end()) if signed is not None else None
    if signed is not None and signature is not None:
        end = _SIGNATURE_END.search(text, signature.end())
        inner = "\n".join(line.removeprefix("- ") for line in text[signed.end() : signature.start()].split("\n"))
        text = text[: signed.start()] + inner.rstrip("\n") + "\n" + (text[end.end() :] if end is not None else "")
        protection = Protection.SIGNED
    bare, count = _MESSAGE.subn(ENCRYPTED_PGP, text)
    return PgpText(bare, Protection.ENCRYPTED if count else protection)
