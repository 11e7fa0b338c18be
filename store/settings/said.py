"""msgspec's complaints in the words of the one who wrote the file: which key, what is wrong, what would be right."""

import re

_PLACE = re.compile(r" - at `\$\.?(?P<place>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<key>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<key>.*)`$", re.DOTALL)
_TYPE = re.compile(r"^Expected `(?P<wanted>.*)`, got `(?P<got>.*)`$", re.DOTALL)
_CHOICE = re.compile(r"^Invalid enum value (?P<got>.*)$", re.DOTALL)

TYPES = {
    "str": 'a text in quotes, such as "…"',
    "int": "a whole number, without quotes",
    "bool": "true or false, without quotes",
    "array": 'a list, such as ["…"]',
    "object": "a table, such as [inbox.imap]",
    "null": "nothing",
}
GOT = {"str": "a text", "int": "a number", "float": "a number", "bool": "true or false", "array": "a list", "object": "a table"}
CHOICES = {
    "tls": '"implicit", "starttls" or "none"',
    "auth": '"password", "xoauth2" or "oauthbearer"',
    "keep": '"small" or "all"',
    "tls_min": '"1.2" or "1.3"',
    "honorific": '"様", "さん" or ""',
    "theme": '"terminal", "dark", "light" or "contrast"',
    "ambiguous_width": "1 or 2",
}


def key_and_problem(complaint: str) -> tuple[str, str]:
    """The key, such as `inbox[0].imap.port`, and the rest of the sentence that begins with it."""
    found = _PLACE.search(complaint)
    place = found.group("place") if found else ""
    what = complaint[: found.start()] if found else complaint
    if unknown := _UNKNOWN.match(what):
        return _below(place, unknown.group("key")), "is not a setting; look for a slip of the pen, or take it out"
    if missing := _MISSING.match(what):
        return _below(place, missing.group("key")), "is missing; add it"
    if wrong := _TYPE.match(what):
        wanted = " or ".join(TYPES.get(one, one) for one in wrong.group("wanted").split(" | ") if one != "null")
        return place, f"must be {wanted}, not {GOT.get(wrong.group('got'), wrong.group('got'))}"
    if choice := _CHOICE.match(what):
        return place, f"must be {CHOICES.get(place.rpartition('.')[2], 'one of its known values')}, not {choice.group('got')}"
    return place, f"cannot be used: {what}"


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
