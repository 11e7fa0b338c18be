"""Files of this machine that go along with a mail: what they are, what a pasted path means, what a folder holds. Blocking: not on the loop."""

import mimetypes
import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from tui.view.along import Along

_WHOLE = re.compile(r"^.*/(?=/|~/)", re.DOTALL)
MOST_ENTRIES = 2_000
"""Of a folder that is shown."""


def files_along(paths: Sequence[str]) -> tuple[Along, ...]:
    """What each of these is now; one that is not there any more has no size."""
    return tuple(_look_at(Path(path).expanduser()) for path in paths)


def _look_at(path: Path) -> Along:
    try:
        size_bytes = path.stat().st_size if path.is_file() and os.access(path, os.R_OK) else None
    except OSError:
        size_bytes = None
    return Along(path.name, mimetypes.guess_type(path.name)[0] or "application/octet-stream", size_bytes)


def paths_in(pasted: str) -> tuple[str, ...]:
    """The files that one line of pasted text names and nothing else; () where it is text.

    Terminals put a dragged file's path down as it is, in quotes, with backslashes before blanks, or as a file:// address.
    """
    text = pasted.strip()
    if not text or "\n" in text or len(text) > 16_384:
        return ()
    if _is_file(text):
        return (text,)
    # Start-up cost: only what is dragged here is an address.
    from urllib.parse import unquote, urlsplit

    try:
        words = shlex.split(text)
    except ValueError:
        return ()
    paths = tuple(unquote(urlsplit(word).path) if word.startswith("file://") else word for word in words)
    return paths if paths and all(_is_file(path) for path in paths) else ()


def _is_file(path: str) -> bool:
    # A bare name may be a word of the text that happens to be a file where the program was started.
    if not path.startswith(("/", "~")):
        return False
    try:
        return Path(path).expanduser().is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def completed(typed: str, most: int = 50) -> tuple[str, ...]:
    """What the path typed so far may become: folders first, each with its slash; one that does not begin at / or ~ counts from the home."""
    meant = begun_anew(typed)
    # A slash too many is none where nothing begins as what would be meant behind it.
    return _completed(meant, most) or (_completed(typed, most) if meant != typed else ())


def _completed(path: str, most: int) -> tuple[str, ...]:
    folder_typed, slash, begun = path.rpartition("/")
    folder_typed += slash
    try:
        names = _entries(_from_home(folder_typed))
    except (OSError, RuntimeError):
        return ()
    found = ((not is_folder, name) for is_folder, name in names if name.startswith(begun) and (begun or not name.startswith(".")))
    return tuple(folder_typed + name + ("" if is_file else "/") for is_file, name in sorted(found)[:most])


def folder_of(typed: str) -> Path:
    """The file or folder that is meant: of `files//2026/a.pdf` where there is no `/2026/a.pdf` the one that is there."""
    meant = _from_home(begun_anew(typed))
    as_typed = _from_home(typed)
    return as_typed if not _is_there(meant) and _is_there(as_typed) else meant


def _from_home(path: str) -> Path:
    return Path.home() / Path(path).expanduser()


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def begun_anew(typed: str) -> str:
    """What counts of `~//srv/a.pdf`: whoever types or pastes a whole path behind the one that stands there means that one."""
    return _WHOLE.sub("", typed)


def in_folder(folder: Path) -> tuple[tuple[bool, str], ...]:
    """What lies there, folders first: whether it is one, and its name. Hidden ones are left out.

    Raises:
        OSError: It cannot be read.
    """
    return tuple(sorted((each for each in _entries(folder) if not each[1].startswith(".")), key=lambda each: (not each[0], each[1])))


def _entries(folder: Path) -> list[tuple[bool, str]]:
    with os.scandir(folder) as entries:
        return [(each.is_dir(), each.name) for each, _number in zip(entries, range(MOST_ENTRIES), strict=False)]
