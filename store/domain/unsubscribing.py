"""Unsubscribing: the token in each mail of a mailing that nobody can make up, where it stands (RFC 2369, RFC 8058), and how it is read. Pure."""

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from store.domain.ids import MailingId
from store.domain.mailing import ID_LETTERS, ROW_LETTERS, submission_id
from store.domain.mailing_recipients import folded

MAC_LETTERS = 32
"""128 bits in hex: nobody finds one by asking."""
SUBJECT = "unsubscribe"
"""First word of the subject that a mail program writes by itself."""
PATH = "/v1/unsubscribe/"
ONE_CLICK = b"List-Unsubscribe=One-Click"
"""RFC 8058 3.2: what a POST says, and a mere visit does not."""

_TOKEN = re.compile(rf"u([0-9a-f]{{{ID_LETTERS}}})([0-9a-f]{{{ROW_LETTERS}}})([0-9a-f]{{{MAC_LETTERS}}})", re.ASCII)
_IN_SUBJECT = re.compile(rf"\b{SUBJECT}\s+(u[0-9a-f]{{{ID_LETTERS + ROW_LETTERS + MAC_LETTERS}}})\b", re.ASCII | re.IGNORECASE)


class Token(NamedTuple):
    """What a token says; true only if `is_ours`."""

    mailing: MailingId
    n: int
    mac: str


class Doors(NamedTuple):
    """How recipients get off the list: `url` the server's address as the world sees it (`https://mado.example.jp`), "": by mail only;
    `mailto` the inbox's address.
    """

    url: str
    mailto: str


def mailing_key(server_key: bytes, mailing: MailingId) -> bytes:
    """What signs the tokens of one mailing: its maker's client is given this, and never the server's own key."""
    return hmac.digest(server_key, f"mado unsubscribe\0{mailing}".encode(), "sha256")


def token_of(key: bytes, mailing: MailingId, n: int) -> str:
    """The token of a row; `key` is the mailing's."""
    row = submission_id(mailing, n)
    return f"u{row}{hmac.digest(key, row.encode(), 'sha256').hex()[:MAC_LETTERS]}"


def read_token(text: str) -> Token | None:
    """What it says; None where it does not look like one."""
    found = _TOKEN.fullmatch(text)
    return Token(MailingId(found[1]), int(found[2], 16), found[3]) if found else None


def is_ours(token: Token, server_keys: Iterable[bytes]) -> bool:
    """Whether the server made it, with any key it ever had. Takes as long for a wrong one as for a right one."""
    said = f"u{submission_id(token.mailing, token.n)}{token.mac}"
    right = [hmac.compare_digest(said, token_of(mailing_key(key, token.mailing), token.mailing, token.n)) for key in server_keys]
    return any(right)


def token_in_subject(subject: str) -> str | None:
    """The token in the subject of a mail that asks to be taken off."""
    found = _IN_SUBJECT.search(subject)
    return found[1].lower() if found else None


def headers_of(token: str, doors: Doors) -> tuple[tuple[str, str], ...]:
    """The fields of one mail. One click is promised only where there is an address of the web that takes it, and by https."""
    mailto = f"<mailto:{quote(doors.mailto, safe='@.+-_=')}?subject={SUBJECT}%20{token}>"
    if not doors.url.startswith("https://"):
        return (("List-Unsubscribe", mailto),)
    return (("List-Unsubscribe", f"<{page_of(token, doors)}>,\r\n {mailto}"), ("List-Unsubscribe-Post", ONE_CLICK.decode()))


def page_of(token: str, doors: Doors) -> str:
    """What stands in the text for people: the page, or where there is none the address to write to."""
    if doors.url.startswith("https://"):
        return doors.url.rstrip("/") + PATH + token
    return f"mailto:{doors.mailto}?subject={SUBJECT}%20{token}"


def says_one_click(body: bytes) -> bool:
    """Whether a POST's body says it, as a form (RFC 8058 3.2: `multipart/form-data` or `application/x-www-form-urlencoded`)."""
    if ONE_CLICK in (unquote_to_bytes(part) for part in body.strip().split(b"&")):
        return True
    return re.search(rb'name="List-Unsubscribe"\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n', body) is not None


def address_sha256(address: str) -> str:
    """Under what an address stands on the do-not-mail list, and in the journal."""
    return sha256(f"mado suppressed\0{folded(address)}".encode("utf-8", "surrogatepass")).hexdigest()
