"""What the contracts cannot see: each room imported in a fresh interpreter, and what came with it."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FOREIGN = {
    "apsw",
    "psycopg",
    "aiohttp",
    "aiosmtplib",
    "aiosmtpd",
    "imapclient",
    "keyring",
    "sqlalchemy",
    "textual",
    "tinydb",
    "uvloop",
    "argon2",
    "click",
}

ROOMS = {
    "store.domain": FOREIGN | {"asyncio", "socket", "sqlite3", "subprocess", "rich"},
    "store.sqlite": FOREIGN - {"apsw"} | {"rich"},
    "store.postgres": FOREIGN - {"apsw", "psycopg"} | {"rich"},
    "store.local": FOREIGN - {"apsw"} | {"rich"},
    "store.team": FOREIGN - {"apsw", "sqlalchemy"} | {"rich"},
    "store.settings": FOREIGN - {"keyring", "tinydb"} | {"rich"},
    "mailsync.mime": FOREIGN | {"rich"},
    "mailsync.imap": FOREIGN - {"imapclient"} | {"rich"},
    "mailsync.net": FOREIGN | {"rich"},
    "mailsync.oauth": FOREIGN | {"rich"},
    "mailsync.smtp": FOREIGN - {"aiosmtplib"} | {"rich"},
    "mailsync.link": FOREIGN - {"aiohttp", "apsw"} | {"rich"},
    "tui.view": FOREIGN,
}
"""A room, and what must not be in the process after every module of it was imported."""

PROGRAM = """
import importlib, pkgutil, sys
room = importlib.import_module({room!r})
for found in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
    importlib.import_module(found.name)
print("\\n".join(sys.modules))
"""


def modules_after(program: str) -> set[str]:
    """Run a program in an interpreter of its own and return the names it printed."""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_brings_no_library_that_belongs_to_another(room: str) -> None:
    loaded = {name.partition(".")[0] for name in modules_after(PROGRAM.format(room=room))}
    assert not loaded & ROOMS[room]


@pytest.mark.parametrize("room", ["store.domain", "mailsync.mime"])
def test_a_pure_room_brings_no_room_above_it(room: str) -> None:
    loaded = modules_after(PROGRAM.format(room=room))
    assert not {name for name in loaded if name.startswith(("tui", "mailsync.imap", "mailsync.server", "store.local", "store.sqlite"))}


def test_every_room_is_on_the_list() -> None:
    """A new room must say what it may bring."""
    rooms = {f"{top}.{found.name}" for top in ("mailsync", "store") for found in pkgutil.iter_modules([str(ROOT / top)]) if found.ispkg}
    assert rooms - set(ROOMS) <= {"mailsync.server", "mailsync.demo", "mailsync.engine"}


def test_the_splash_comes_before_anything_heavy() -> None:
    """At most 40 modules beyond the interpreter's own stand between `mado` and its first picture."""
    bare = modules_after("import sys; print('\\n'.join(sys.modules))")
    with_entry = modules_after("import tui.entry, sys; print('\\n'.join(sys.modules))")
    assert len(with_entry - bare) <= 40, sorted(with_entry - bare)
    assert "textual" not in with_entry


def test_searching_from_the_command_line_starts_no_network_and_no_screen() -> None:
    loaded = modules_after("import tui.cli.search, sys; print('\\n'.join(sys.modules))")
    assert not {"aiohttp", "textual", "asyncio"} & {name.partition(".")[0] for name in loaded}


def test_a_plain_search_does_not_even_read_its_command_line_with_a_library() -> None:
    loaded = modules_after("import tui.entry, tui.cli.quick, tui.cli.answering, sys; print('\\n'.join(sys.modules))")
    assert not {"click", "locale", "zstandard", "aiohttp", "textual", "asyncio"} & {name.partition(".")[0] for name in loaded}
