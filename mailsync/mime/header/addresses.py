"""Address lists of RFC 5322 3.4 as they are really written: unquoted commas, missing brackets, groups, comments, names in encoded words."""

import re
from functools import lru_cache

from mailsync.mime.header.fields import raw_text
from mailsync.mime.text.charset_labels import Chosen
from mailsync.mime.text.encoded_words import decode_words
from store.domain.message import Address

MAX_ADDRESSES = 2_000
SHORT_VALUE = 400
"""Bytes of a field that may be met again."""
_NOBODY = Address("", "")

# Bounded repeats: an opening without an end must not cost the square of the field's length.
_TOKEN = re.compile(
    r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=|"(?:[^"\\]|\\.){0,250}+"|\((?:[^()\\]|\\.){0,250}+\)|<[^<>]*>|[,;:]|[^,;:"(<=]+|.', re.DOTALL
)
_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[qQ]\?[^?]{0,2000}\?=")
_SPECIAL = re.compile(r'[<>(),;:"@\[\]\\]')
_COMMENT = re.compile(r"\((?:[^()\\]|\\.){0,250}+\)", re.DOTALL)
_NAMED_ANGLE = re.compile(r"[^<>]*<[^<>]*>")
_ANGLE = re.compile(r"<([^<>]*)>")
_APART = r"\s<>()\[\],;:\"'「」『』【】（）、，；："
# Only from the beginning of a word: a word of 100,000 letters would be tried from each of them.
_BARE = re.compile(rf"(?<![^{_APART}])[^{_APART}]+@(?:[^{_APART}]+|\[[^\]\s]{{1,60}}\])")
_AROUND_AT = re.compile(r" ?@ ?")
_FULL_WIDTH = {"＠": "@", "＜": "<", "＞": ">"}
"""What Japanese hands type when they leave the input method on; read so where the field has none of the narrow ones."""
_DOTTED = re.compile(r"\"([\w.!#$%&'*+/=?^`{|}~-]+)\"")
_MASK = {ord(special): 0xF0000 + ord(special) for special in "<>()@,;:"}
"""What stands in quotes means nothing: out of the way while an address is taken apart."""
_UNMASK = {hidden: special for special, hidden in _MASK.items()}
_SPACES = re.compile(r"\s+")


def parse_addresses(raw: bytes, hint: str = "") -> tuple[Address, ...]:
    """Every address of a field, in order. One that has only a name keeps it; an empty group gives none."""
    # Who writes, writes again, and nearly everything is to one of a few addresses.
    return _parsed(raw, hint) if len(raw) > SHORT_VALUE or isinstance(hint, Chosen) else _parsed_of_short(raw, hint)


def _parsed(raw: bytes, hint: str) -> tuple[Address, ...]:
    value = raw_text(raw, hint)
    if not value.isascii():
        for wide, narrow in _FULL_WIDTH.items():
            value = value.replace(wide, narrow) if narrow not in value else value
    if "=?" in value:
        value = _ENCODED.sub(_harmless, value)
    found = _found(value)
    if len(found) == 1 and not found[0].address and "@" in found[0].name and "=?" in value:
        # The whole field, address and all, was put into encoded words.
        found = _found(decode_words(value)) or found
    return tuple(found)


_parsed_of_short = lru_cache(1_024)(_parsed)


def _found(value: str) -> list[Address]:
    return [address for item in _items(value) for piece in _pieces(item) if (address := _address(piece)) is not None and address != _NOBODY]


def _pieces(item: str) -> list[str]:
    """The item, or its addresses where several stand side by side with nothing between but blanks."""
    if item.count("@") < 2:
        return [item]
    if item.count("<") > 1 and "<<" not in item and "(" not in item:
        return _of_brackets(item)
    if "<" in item or '"' in item:
        return [item]
    bare = _BARE.findall(item)
    return bare if len(bare) > 1 and not _BARE.sub("", item).strip(" \t、，；") else [item]


def _of_brackets(item: str) -> list[str]:
    """The addresses in brackets that stand side by side, each with the name before it; a list's commas may be Japanese or none at all."""
    whole = [found for found in _NAMED_ANGLE.findall(item) if "@" in found.rpartition("<")[2]]
    several = len({found.rpartition("<")[2].lower() for found in whole}) > 1
    return [piece.lstrip(" \t、，；") for piece in whole] if several else [item]


def _harmless(word: re.Match[str]) -> str:
    """An encoded word whose text looks like nothing else: some senders leave commas, brackets and quotes bare in it."""
    return _SPECIAL.sub(lambda special: f"={ord(special[0]):02X}", word[0])


def _items(value: str) -> list[str]:
    """The field cut at its commas. A piece without an address before one that has both is a name with a bare comma: `Doe, John <j@x>`."""
    items: list[str] = []
    piece = ""
    for match in _TOKEN.finditer(value):
        piece_of_it = match[0]
        if piece_of_it == ":" and "@" not in piece and "<" not in piece:
            piece = ""  # a group's name
        elif piece_of_it in (",", ";"):
            items.append(piece)
            piece = ""
            if len(items) >= MAX_ADDRESSES:
                break
        else:
            piece += piece_of_it.translate(_MASK) if piece_of_it[0] == '"' else piece_of_it
    items.append(piece)
    joined: list[str] = []
    for item in items:
        if joined and joined[-1].strip() and not _has_address(joined[-1]) and "<" in item and item.split("<", 1)[0].strip():
            joined[-1] += "," + item
        elif item.strip():
            joined.append(item)
    return joined


def _has_address(item: str) -> bool:
    return "@" in item or "<" in item


def _address(item: str) -> Address | None:
    bare = _COMMENT.sub(" ", item) if "(" in item else item
    if "(" in bare and len(bare) <= SHORT_VALUE:
        bare = _COMMENT.sub(" ", bare)  # a comment in a comment
    angles = _ANGLE.findall(bare)
    if angles:
        inside = angles[-1]
        name = _phrase(_ANGLE.sub(" ", bare).replace("<", " ").replace(">", " ")) or (_comment(item) if bare != item else "")
        if "@" not in inside and not inside.strip() and (lost := _BARE.search(bare)):
            inside = lost[0]
        return _made(name, inside)
    if "<" in bare:
        phrase, _, inside = bare.partition("<")
        return _made(_phrase(phrase), inside)
    if (quoted := re.fullmatch(r'\s*("(?:[^"\\]|\\.)*")\s*@\s*(\S+)\s*', bare)) is not None:
        return _made(_comment(item), f"{quoted[1]}@{quoted[2]}")
    if (lone := _BARE.search(bare)) is not None:
        rest = (
            bare.replace(lone[0], " ", 1)
            .replace(">", " ")
            .replace("[mailto:", " ")
            .replace("[", " ")
            .replace("]", " ")
            .replace("mailto:", " ")
            .replace("「", " ")
            .replace("」", " ")
        )
        return _made(_phrase(rest) or _comment(item), lone[0])
    name = _phrase(bare)
    return _without_address(name, quoted='"' in item) if name else None


def _without_address(name: str, *, quoted: bool) -> Address:
    """What only looked like a name may be an address in quotes, or one with blanks in it; a lone word is a local one."""
    if "@" in name and _BARE.fullmatch(apart := _AROUND_AT.sub("@", name)):
        return _made("", apart)
    return Address("", name) if re.fullmatch(r"[\w.-]+", name, re.ASCII) and not quoted else Address(name, "")


def _made(name: str, inside: str) -> Address:
    address = decode_words(inside).translate(_UNMASK).strip()
    address = (address if '"' in address else _SPACES.sub("", address)).removeprefix("mailto:").strip("<>")
    if address.startswith("@") and ":" in address:
        address = address.rsplit(":", 1)[-1]  # a source route, RFC 5322 4.4
    local, at, domain = address.rpartition("@")
    if at:
        if (unneeded := _DOTTED.fullmatch(local)) is not None:
            local = unneeded[1]
        address = f"{local}@{domain.lower()}"
    return Address(name, address)


def _comment(item: str) -> str:
    comments = _COMMENT.findall(item)
    return _phrase(comments[-1][1:-1]) if comments else ""


def _phrase(text: str) -> str:
    """A display name: encoded words decoded, quotes off, spaces collapsed."""
    text = text.strip().translate(_UNMASK)
    if '"' in text:
        text = (
            re.sub(r'"((?:[^"\\]|\\.){0,250})"', lambda found: re.sub(r"\\(.)", r"\1", found[1]), text)
            if text.count('"') > 1
            else text.replace('"', "")
        )
    encoded = "=?" in text
    text = decode_words(text)
    if encoded and len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _SPACES.sub(" ", text).strip()
