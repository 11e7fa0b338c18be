"""The pages cannot drift from the program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "README.ja.md", "CONTRIBUTING.md", *(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md"))]


def test_the_key_page_is_the_key_map() -> None:
    ran = subprocess.run([sys.executable, "scripts/keymap.py", "--check"], cwd=ROOT, env={**os.environ, "MADO_LANG": "en"}, check=False)
    assert ran.returncode == 0, "run scripts/keymap.py"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_the_readme_names_its_two_commands() -> None:
    for page in ("README.md", "README.ja.md"):
        text = (ROOT / page).read_text("utf-8")
        assert "make demo" in text
        assert "make test" in text


def test_every_file_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for place in re.findall(r"`((?:tui|store|mailsync|tests|docs)/[\w/.]*)`", text):
        assert (ROOT / place).exists(), place
