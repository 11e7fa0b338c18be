"""What of a page its parser would take too long for, although it is not large: only an attack is so."""

import re

LONG_TAG = 1_000
"""Characters. Shorter tags have too few attributes to count."""
MOST_PAIRS = 50_000_000
"""Of attributes of one element, each compared by the parser with those before it: about half a second."""

_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{LONG_TAG},}}")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"|'[^']*')""")
_APART = re.compile(r"[\s/]+")


def too_many_attributes(html: str) -> bool:
    """Whether elements have so many attributes that the parser, which compares each with all before it, would take seconds."""
    pairs = 0
    for tag in _LONG_TAG.finditer(html):
        # A picture that lies in its own tag is long, too, and is one attribute.
        pairs += len(_APART.findall(_VALUE.sub("=", tag[0]))) ** 2
        if pairs > MOST_PAIRS:
            return True
    return False
