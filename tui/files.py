"""Files of the agent's machine: where attachments are saved, and how one is opened by another program. Blocking; call it from a thread."""

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from store.errors import MadoError
from tui.view.file_names import free_name
from tui.view.system_words import system_words
from tui.words import _

OPENED = "opened"
"""Below the home's cache: what is open in other programs, a folder for each terminal."""


class CannotWrite(MadoError):
    """The place a person named takes no file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(_("{path} cannot be written: {why}").format(path=path, why=why))


class NoOpener(MadoError):
    """No program is known that opens files, or there is no screen for it."""

    def __init__(self, why: str) -> None:
        super().__init__(_("It cannot be opened here ({why}).").format(why=why))


def download_folder() -> Path:
    """Where this person's downloads go: $XDG_DOWNLOAD_DIR, user-dirs.dirs, else Downloads, else home."""
    named = os.environ.get("XDG_DOWNLOAD_DIR") or _from_user_dirs()
    found = Path(os.path.expandvars(named)).expanduser() if named else Path.home() / "Downloads"
    return found if found.is_dir() else Path.home()


def _from_user_dirs() -> str:
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        for each in (Path(config) / "user-dirs.dirs").read_text("utf-8").splitlines():
            name, _equals, value = each.strip().partition("=")
            if name == "XDG_DOWNLOAD_DIR":
                return value.strip().strip('"')
    return ""


def place_for(typed: str, name: str) -> Path:
    """The file that is meant by what was typed: a folder takes the name, a relative path counts from the downloads."""
    path = download_folder() / Path(typed).expanduser()
    return path / name if typed.endswith("/") or not typed or path.is_dir() else path


def save(path: Path, content: bytes, *, overwrite: bool = False) -> bool:
    """Write it whole or not at all, for this person only (0600). False: there is such a file already, and it was left alone.

    Raises:
        CannotWrite: No such folder, no room, no right.
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=".mado-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            if overwrite:
                Path(temporary).replace(path)
                return True
            return _put_in_place(Path(temporary), path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(path, system_words(error.strerror or str(error))) from error


def _put_in_place(temporary: Path, path: Path) -> bool:
    try:
        # Unlike a rename, a link never takes the place of another file.
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:
        # A drive without links.
        if os.path.lexists(path):
            return False
        temporary.rename(path)
    return True


def free_path(path: Path) -> Path:
    """The path, or the next one with a number that nobody has."""
    return path.with_name(free_name(path.name, lambda name: os.path.lexists(path.with_name(name))))


def paths_from(typed: str, most: int = 20) -> tuple[str, ...]:
    """What the path typed so far may become: folders first, each with its slash; hidden ones only when asked for by their dot."""
    folder_typed, _slash, begun = typed.rpartition("/")
    folder_typed += _slash
    folder = download_folder() / Path(folder_typed).expanduser()
    try:
        with os.scandir(folder) as entries:
            found = [(not each.is_dir(), each.name) for each in entries if each.name.startswith(begun) and (begun or not each.name.startswith("."))]
    except OSError:
        return ()
    return tuple(folder_typed + name + ("" if is_file else "/") for is_file, name in sorted(found)[:most])


class OpenedFiles:
    """The copies that other programs have open. They go when the terminal ends; what a crash left goes at the next start."""

    def __init__(self, home: Path) -> None:
        self._all = home / "cache" / OPENED
        self._own = self._all / str(os.getpid())

    def put(self, name: str, content: bytes) -> Path:
        """A copy under this very name, readable by this person only, that changing does not change the mail.

        Raises:
            CannotWrite: The home takes no file.
        """
        try:
            self._own.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = Path(tempfile.mkdtemp(dir=self._own)) / name
        except OSError as error:
            raise CannotWrite(self._own, system_words(error.strerror or str(error))) from error
        save(path, content)
        return path

    def clear(self) -> None:
        """Remove one's own copies, and those of terminals that are no more."""
        with contextlib.suppress(OSError):
            for folder in list(self._all.iterdir()):
                if folder == self._own or not _is_running(folder.name):
                    shutil.rmtree(folder, ignore_errors=True)
            self._all.rmdir()


def _is_running(pid: str) -> bool:
    if not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def open_outside(target: Path | str, on_failure: Callable[[str, int], None], chosen: Sequence[str] | None = None) -> str:
    """Hand a file or an address to the program that opens it, `chosen` or the usual one, and go on at once; the answer is that program's name.

    `on_failure` is called from another thread, with the program and its exit code, when it ends and says that it failed.

    Raises:
        NoOpener: In words.
    """
    command = list(chosen) if chosen else opener()
    try:
        process = subprocess.Popen(
            [*command, str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        raise NoOpener(_("{program}: {why}").format(program=command[0], why=system_words(error.strerror or str(error)))) from error

    def wait() -> None:
        code = process.wait()
        if code > 0:
            on_failure(command[0], code)

    # A daemon: a viewer that stays open keeps nobody from leaving.
    threading.Thread(target=wait, name="opened", daemon=True).start()
    return command[0]


def opener() -> list[str]:
    """The command that opens a file: $MADO_OPENER, else the desktop's own.

    Raises:
        NoOpener: There is none, or no desktop.
    """
    if chosen := os.environ.get("MADO_OPENER", ""):
        try:
            words = shlex.split(chosen)
        except ValueError as error:
            raise NoOpener(_("MADO_OPENER: {why}").format(why=error)) from error
        if words:
            return words
    name = "open" if sys.platform == "darwin" else "xdg-open"
    if sys.platform != "darwin" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoOpener(_("no desktop; MADO_OPENER names a command"))
    if shutil.which(name) is None:
        raise NoOpener(_("{program} is missing").format(program=name))
    return [name]
