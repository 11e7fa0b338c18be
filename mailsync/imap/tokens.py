"""The grammar below a response line: atoms, quoted strings, literals, parentheses (RFC 9051 9), read without recursion."""

import re
from collections.abc import Sequence

Value = bytes | None | list["Value"]
"""An atom, string or literal; NIL; a parenthesised list."""

TOKEN = re.compile(
    rb"""
    \ *(?:(?P<open>\() | (?P<close>\)) |
    "(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)" |
    (?P<atom>(?:BODY|BINARY)\[[^\]]*\](?:<\d+>)? | [^\ ()"]+) | \Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
NIL = b"NIL"
LITERAL_MARK = re.compile(rb"~?\{\d+\+?\}\Z")
ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


class BadTokens(ValueError):
    """What the server sent cannot be read as IMAP."""


def read_values(fragments: Sequence[bytes]) -> list[Value]:
    """Read a response's arguments: text and literals by turns, beginning and ending with text. Raises BadTokens."""
    top: list[Value] = []
    stack = [top]
    for index, fragment in enumerate(fragments):
        if index % 2:
            stack[-1].append(fragment)
            continue
        has_literal = index + 1 < len(fragments)
        _read_text(LITERAL_MARK.sub(b"", fragment) if has_literal else fragment, stack)
    if len(stack) != 1:
        raise BadTokens("a parenthesis is never closed")
    return top


def _read_text(text: bytes, stack: list[list[Value]]) -> None:
    here = stack[-1]
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise BadTokens("a quotation mark is never closed")
        at = found.end()
        match found.lastgroup:
            case "atom":
                atom = found["atom"]
                here.append(None if len(atom) == len(NIL) and atom.upper() == NIL else atom)
            case "quoted":
                quoted = found["quoted"]
                here.append(ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted)
            case "open":
                inner: list[Value] = []
                here.append(inner)
                stack.append(inner)
                here = inner
            case "close":
                if len(stack) == 1:
                    raise BadTokens("a parenthesis was never opened")
                stack.pop()
                here = stack[-1]
            case _:
                pass
