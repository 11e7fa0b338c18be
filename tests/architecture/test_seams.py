"""Each foreign library has one seam: who imports it is read from the source, so that no import inside a function escapes."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SEAMS = {
    "imapclient": "mailsync/imap/",
    "imaplib": "mailsync/imap/",
    "aiosmtplib": "mailsync/smtp/",
    "aiosmtpd": "mailsync/demo/",
    "apsw": "store/sqlite/",
    "psycopg": "store/postgres/",
    "alembic": "store/team/migrations/",
    "sqlalchemy": "store/team/",
    "keyring": "store/settings/secrets.py",
    "tinydb": "store/settings/kept.py",
    "argon2": "mailsync/server/passwords.py",
    "cryptography": "mailsync/server/",
    "click": "tui/cli/",
    "textual": "tui/",
    "selectolax": "mailsync/mime/",
    "chardet": "mailsync/mime/",
    "zstandard": "store/local/",
}


@dataclass(frozen=True)
class Source:
    """What is read out of a module of ours."""

    imports: set[str]
    """The top names of everything it imports, indented imports included."""
    catches_all_in: list[int]
    """The lines that catch whatever comes."""


def read(path: Path) -> Source:
    found: set[str] = set()
    catching = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
        elif catches_everything(node):
            catching.append(node.lineno)
    return Source(found, catching)


@cache
def sources() -> dict[str, Source]:
    """Every module of ours, read when the first test asks."""
    return {str(path.relative_to(ROOT)): read(path) for top in ("tui", "mailsync", "store") for path in (ROOT / top).rglob("*.py")}


@pytest.mark.parametrize("library", SEAMS)
def test_a_library_is_imported_at_its_seam_only(library: str) -> None:
    users = {name for name, source in sources().items() if library in source.imports}
    assert users, f"{library} is required but nobody uses it"
    assert not {name for name in users if not name.startswith(SEAMS[library])}


def test_only_the_clock_and_the_seams_read_the_time() -> None:
    """The rules get `now` handed in; a hidden clock would make a replay differ."""
    readers = set()
    for name in sources():
        if name.startswith(("store/domain/", "mailsync/mime/", "tui/view/")):
            text = (ROOT / name).read_text("utf-8")
            if any(read in text for read in ("datetime.now(", "time.time(", "time.monotonic(", "date.today(", "utcnow(")):
                readers.add(name)
    assert not readers


def catches_everything(node: ast.AST) -> bool:
    """A handler for whatever comes that does not hand it on: one that ends in a bare `raise` only tidies up."""
    if not isinstance(node, ast.ExceptHandler) or not (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}):
        return False
    last = node.body[-1]
    return not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_in_one_place_only() -> None:
    """`except Exception` hides bugs; the program has one last resort."""
    catching = [f"{name}:{line}" for name, source in sources().items() for line in source.catches_all_in]
    assert len(catching) == 1, catching
