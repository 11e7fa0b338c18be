"""Every screen at both sizes, in both languages and all themes, as pictures in `snapshots/`.

python -m tests.tui.snapshots [--update]        compares them with what the program shows now; --update writes them anew
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/servers")]

from pty_screen import PtyScreen  # noqa: E402  (the path above has to be set first)

from store.domain.events import CommentAdded, LeaseTaken, OwnerChanged, StatusChanged, TemplateSaved, UrgencyChanged  # noqa: E402
from store.domain.ids import CommentId, Revision, TemplateKey  # noqa: E402
from store.domain.lease import Token  # noqa: E402
from store.domain.status import HOLD, NEW, Urgency  # noqa: E402
from store.domain.template import Template  # noqa: E402
from tests.tui.home_builder import NOON, SATO, TANAKA, HomeBuilder  # noqa: E402
from tests.tui.snapshot_svg import Ground, cells_of, drawn, grid_of  # noqa: E402
from tests.tui.standing_still import POSED, THEMED  # noqa: E402

FOLDER = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (200, 50))
LANGUAGES = ("en", "ja")
THEMES = {"dark": Ground("#dcdfe4", "#16181d"), "light": Ground("#1c1f24", "#ffffff"), "contrast": Ground("#ffffff", "#000000")}
COMPARED_SECONDS = 60.0
QUIET_SECONDS = 0.7
"""So long nothing may be painted before a picture is taken of it."""


@dataclass(frozen=True)
class Step:
    """A screen: its name, and the keys that lead to it from the one before; each comes when the one before it is done. `pose`: it is put there."""

    name: str
    keys: tuple[str, ...]
    pose: int | None

    def __init__(self, name: str, *keys: str, pose: int | None = None) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "keys", keys)
        object.__setattr__(self, "pose", pose)


STEPS = (
    Step("list"),
    Step("reading", "j", "j", "\r"),
    Step("comments", "\t"),
    Step("timeline", "T"),
    Step("page", "T", "\x1b", ":raw\r"),
    Step("status-picker", "\x1b", "\x1b", "s"),
    Step("owner-picker", "\x1b", "a"),
    Step("composer", "\x1b", "j", "r"),
    Step("template-picker", "\x14"),
    Step("send-check", "\r", "12月1日(金)にお届けします。", "\x1b[18~"),
    Step("help", "\x1b", "\x1b", "?"),
    Step("searching", "\x1b", "/返品"),
    Step("found", "\r"),
    Step("empty", "/subject:nothing-of-this\r"),
    Step("collision", "\x1b", pose=0),
    Step("check", "\x1b", pose=1),
    Step("mailings", "\x1b", pose=2),
)


def fill(home: Path) -> None:
    """A team's afternoon: who writes, who calls, what is urgent, a long conversation, templates."""
    builder = HomeBuilder(home)
    ids = builder.many(40, by_now=NOON)
    builder.tell(ids[1], LeaseTaken(TANAKA, Token(1, 1), Revision(2), "t"), OwnerChanged(None, TANAKA), by=TANAKA, at=NOON)
    builder.tell(ids[2], CommentAdded(CommentId("c1"), "@sato 確認をお願いします", (SATO,)), by=TANAKA, at=NOON)
    builder.tell(ids[2], CommentAdded(CommentId("c2"), "在庫は来週の月曜に入ります。", ()), by=TANAKA, at=NOON)
    builder.tell(ids[4], UrgencyChanged(Urgency.NORMAL, Urgency.VERY_URGENT), OwnerChanged(None, SATO), by=SATO, at=NOON)
    builder.tell(ids[5], StatusChanged(NEW, HOLD), by=SATO, at=NOON)
    body = "{{customer}} 様\n\n3日以内にお届けします。\nどうぞよろしくお願いいたします。"
    texts = (("返信/お詫び", "お詫び", body), ("返信/お礼", "お礼", "このたびはありがとうございます。"), ("返金/ご案内", "返金のご案内", body))
    builder.tell(None, *(TemplateSaved(Template(TemplateKey(key), name, text)) for key, name, text in texts), at=NOON)
    builder.close()


def pictures(home: Path, columns: int, rows: int, language: str, folder: Path, *, update: bool) -> Iterator[tuple[str, bool]]:
    """Walk through every screen, each in all themes; each one's file, and whether it is as it was. Moved on as soon as it is."""
    env = {"MADO_LANG": language, "MADO_THEME": "dark", "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "PYTHON_KEYRING_BACKEND": NO_KEYRING}
    fill(home)
    command = [sys.executable, "-m", "tests.tui.standing_still", str(home), NOON.isoformat()]
    with PtyScreen(command, columns=columns, rows=rows, env=env) as screen:
        _wait_for_banner(screen)
        for step in STEPS:
            # Keys wait for each other; what is put there by a signal does not wait for the key before it, which shows.
            patience_seconds = 0.3 if step.pose is None else COMPARED_SECONDS
            for keys in step.keys:
                os.write(screen._terminal, keys.encode())
                screen.settle(patience_seconds=patience_seconds, quiet_seconds=0.05)
            if step.pose is not None:
                os.kill(screen.pid, POSED + step.pose)
                screen.settle(quiet_seconds=0.05)
            file = folder / f"{step.name}-{columns}x{rows}-{language}.svg"
            yield file.name, _taken(screen, file) if update else _compared(screen, file)
    shutil.rmtree(home)


NO_KEYRING = "keyring.backends.fail.Keyring"


def _wait_for_banner(screen: PtyScreen) -> None:
    """The server's absence is said once, when the link has tried; nothing happens by itself from here on."""
    until = time.monotonic() + 60
    while "21:00" not in screen.text():
        if time.monotonic() > until:
            raise TimeoutError(screen.text())
        screen.settle(patience_seconds=0.1, quiet_seconds=0.02, limit_seconds=0.3)


def _taken(screen: PtyScreen, file: Path) -> bool:
    screen.settle(patience_seconds=QUIET_SECONDS, quiet_seconds=QUIET_SECONDS, limit_seconds=10)
    while (now := _in_all_themes(screen, QUIET_SECONDS)) is None:
        pass
    if file.exists() and file.read_text("utf-8") == now:
        return True
    file.write_text(now, "utf-8")
    return False


def _compared(screen: PtyScreen, file: Path) -> bool:
    wanted, until = file.read_text("utf-8") if file.exists() else "", time.monotonic() + COMPARED_SECONDS
    while _in_all_themes(screen, 0.03) != wanted:
        if time.monotonic() > until:
            return False
    return True


def _in_all_themes(screen: PtyScreen, quiet_seconds: float) -> str | None:
    """The picture of what it shows, None where something came between; whoever compares it looks again: it may not be painted yet."""
    grids = []
    for number in range(len(THEMES)):
        os.kill(screen.pid, THEMED + number)
        screen.settle(patience_seconds=max(0.3, quiet_seconds), quiet_seconds=quiet_seconds)
        grids.append(grid_of(screen._screen))
    try:
        return drawn(cells_of(grids), THEMES)
    except ValueError:
        return None


def main() -> int:
    """What differs, by name; the exit code says whether anything does."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--update", action="store_true")
    update = asked.parse_args().update
    differing = 0
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mado-snapshots-") as folder:
        for columns, rows in SIZES:
            for language in LANGUAGES:
                for name, same in pictures(Path(folder) / "home", columns, rows, language, FOLDER, update=update):
                    differing += not same
                    if not same:
                        print(("written: " if update else "differs: ") + name, flush=True)
    return 0 if update else min(1, differing)


if __name__ == "__main__":
    sys.exit(main())
