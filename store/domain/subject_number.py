"""`[#123]` in a subject: the number of one of our conversations, written by a person or their mail program. Pure."""

import re

MOST_NUMBERS = 5
MOST_CHARACTERS = 2_000

_NUMBER = re.compile(r"[\[［]\s?[#＃]\s?([0-9０-９]{1,12})\s?[\]］]")


def numbers_in(subject: str) -> tuple[int, ...]:
    """The numbers in brackets of their own, in order, each once, full-width forms too. `[ABC #1]`, `[#ABC-1]` and `#1` are not our form."""
    found = (int(digits) for digits in _NUMBER.findall(subject[:MOST_CHARACTERS]))
    return tuple(dict.fromkeys(number for number in found if number))[:MOST_NUMBERS]
