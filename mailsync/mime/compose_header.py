"""Header fields as they are written: folded, in ASCII, encoded words where there is more; nothing that somebody typed becomes a field. Pure."""

import base64
import re
from collections.abc import Sequence

from mailsync.mime.errors import ComposeError
from mailsync.mime.text.jis import can_hold, encode_jis, holdable
from store.domain.ids import MessageId
from store.domain.message import Address

LINE = 76
MAX_LINE = 998
"""RFC 5322 2.1.1: no line is longer, whatever it holds."""
UTF_8, ISO_2022_JP = "utf-8", "iso-2022-jp"
WORD = 75
"""RFC 2047 2: no encoded word is longer."""
WORD_BYTES = 42
"""Of one before base64: 56 letters with the frame of the longer charset stay under it."""
LEAST_BYTES = 12
"""Of a word that is made shorter so that it needs no padding; one below is written in Q."""
_Q_PLAIN = {byte: chr(byte) for byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/"} | {0x20: "_"}

CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+|\"(?:[^\"\\\x00-\x1f\x7f]|\\[\x20-\x7e])+\"", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.IPv]+\]")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)


def field(name: str, words: Sequence[str]) -> str:
    """A header field folded between its words."""
    line, done = name + ":", []
    for word in words:
        if len(line) + 1 + len(word) > LINE and line != name + ":":
            done.append(line)
            line = ""
        line += " " + word
    folded = "\r\n".join([*done, line])
    if any(len(part) > MAX_LINE for part in folded.split("\r\n")):
        raise ComposeError(f"The {name} field has a word longer than {MAX_LINE} characters.")
    return folded


def words_of(text: str, what: str, charset: str = UTF_8) -> list[str]:
    """Free text as words of a header: as it stands when it is plain ASCII, else RFC 2047, each word whole in itself.

    What ISO-2022-JP cannot hold is written in UTF-8.
    """
    if CONTROL.search(text):
        raise ComposeError(f"There is a control character in {what}.")
    text = text.replace("\t", " ")
    plain = text.isascii() and "=?" not in text and text == text.strip() and "  " not in text
    if plain and all(len(word) <= LINE - 10 for word in text.split(" ")):
        return text.split(" ") if text else []
    if charset == ISO_2022_JP:
        charset, text = (ISO_2022_JP, holdable(text)) if can_hold(text) else (UTF_8, text)
    return _encoded_words(text, charset)


def _encoded_words(text: str, charset: str) -> list[str]:
    """Words that are whole in themselves, and of which only the last is padded.

    GMime, in notmuch and others, puts the base64 of neighbours together before it decodes, and ends at the first padding.
    """
    words: list[str] = []
    while True:
        fits = next(n for n in range(min(len(text), WORD_BYTES), 0, -1) if len(_bytes(text[:n], charset)) <= WORD_BYTES)
        if fits == len(text):
            return [*words, _in_base64(text, charset)]
        unpadded = next((n for n in range(fits, 0, -1) if len(_bytes(text[:n], charset)) % 3 == 0), 0)
        if len(_bytes(text[:unpadded], charset)) >= LEAST_BYTES:
            words.append(_in_base64(text[:unpadded], charset))
            text = text[unpadded:]
        else:
            most = next(n for n in range(fits, 0, -1) if len(_in_q(text[:n], charset)) <= WORD)
            words.append(_in_q(text[:most], charset))
            text = text[most:]


def _bytes(text: str, charset: str) -> bytes:
    return encode_jis(text) if charset == ISO_2022_JP else text.encode("utf-8", "replace")


def _in_base64(text: str, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(_bytes(text, charset)).decode('ascii')}?="


def _in_q(text: str, charset: str) -> str:
    """RFC 2047 4.2, with the letters that may stand in a name too (5, rule 3)."""
    coded = "".join(_Q_PLAIN.get(byte, f"={byte:02X}") for byte in _bytes(text, charset))
    return f"=?{charset}?Q?{coded}?="


def listed(addresses: Sequence[Address], charset: str = UTF_8) -> list[str]:
    """Several mailboxes, each with its comma."""
    written = [address_of(address, charset) for address in addresses]
    return [*(one + "," for one in written[:-1]), written[-1]]


def address_of(address: Address, charset: str = UTF_8) -> str:
    """One mailbox of RFC 5322 3.4, folded by itself where its name is long."""
    local, at, domain = address.address.rpartition("@")
    if not at or CONTROL.search(address.address) or not _LOCAL.fullmatch(local):
        raise ComposeError(f"{address.address!r} is no mail address.", address=address.address)
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ComposeError(f"{address.address!r} is no mail address: its domain cannot be written in ASCII.", address=address.address) from error
    if not _DOMAIN.fullmatch(domain) or ".." in domain:
        raise ComposeError(f"{address.address!r} is no mail address.", address=address.address)
    if not local.startswith('"') and not _DOT_ATOM.fullmatch(local):
        local = f'"{local}"'  # mobile carriers gave out addresses such as `a..b@`
    if not address.name:
        return f"{local}@{domain}"
    words = words_of(address.name, "a name", charset)
    if not words[0].startswith(("=?utf-8?", "=?iso-2022-jp?")) and not _ATOMS.fullmatch(address.name):
        words = ('"' + address.name.replace("\\", "\\\\").replace('"', '\\"') + '"').split(" ")
    return "\r\n ".join([" ".join(words), f"<{local}@{domain}>"]) if sum(map(len, words)) > LINE else " ".join([*words, f"<{local}@{domain}>"])


def id_of(message_id: MessageId) -> str:
    """A Message-ID as it stands in a field."""
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > MAX_LINE - 20:
        raise ComposeError(f"{message_id[:100]!r} is no Message-ID.", message_id=message_id[:100])
    return message_id
