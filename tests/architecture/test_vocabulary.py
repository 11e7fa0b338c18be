"""One word a thing: the "never" column of the house words, as a check."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NEVER = {
    r"\bassignee\b": "owner",
    r"\bticket_id\b": "conversation_id",
    r"\bsnippet_key\b": "template",
    r"\bmacro\b": "template",
    r"\bmsg_id\b": "message_id or uid",
    r"\butcnow\b": "an aware UTC time",
    r"\btimeout\b\s*:\s*(int|float)\b": "*_seconds",
    r"\buser_note\b": "comment",
}


@pytest.mark.parametrize("word", NEVER)
def test_a_word_we_never_write_is_nowhere(word: str) -> None:
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for top in ("tui", "mailsync", "store")
        for path in (ROOT / top).rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(word, line)
    ]
    assert not places, f"write {NEVER[word]} instead"
