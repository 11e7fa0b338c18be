"""Japanese and English are complete, from the start."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PO = ROOT / "tui/words/ja/LC_MESSAGES/mado.po"
FIELD = re.compile(r"\{(\w*)[^}]*\}")


def test_every_word_for_people_has_a_japanese_one() -> None:
    ran = subprocess.run([sys.executable, "scripts/words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_translation_fills_in_the_same_facts() -> None:
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="ja")
    for message in catalogue:
        if message.id:
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
            wanted = set().union(*(FIELD.findall(each) for each in ids))
            for string in strings:
                assert set(FIELD.findall(string)) == wanted, message.id


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with PO.open("rb") as file, PO.with_suffix(".mo").open("rb") as compiled:
        written = {message.id: message.string for message in read_po(file, locale="ja") if message.id}
        shipped = {message.id: message.string for message in read_mo(compiled) if message.id}
    assert {str(key) for key in written} == {str(key) for key in shipped}
    assert all(str(shipped[key]) == str(value) for key, value in written.items() if key in shipped)


def test_no_screen_says_anything_that_cannot_be_translated() -> None:
    """A literal handed to `notify`, `update` or a title must go through `_`."""
    loose = []
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") not in {"notify", "show_banner", "echo"}:
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and re.search(r"[A-Za-z]{3,} [a-z]", first.value):
                loose.append(f"{path.relative_to(ROOT)}:{node.lineno} {first.value!r}")
    assert not loose
