"""Every screen at both sizes, in both languages and all themes, as pictures in `snapshots/`.

python -m tests.tui.snapshots [--update]        compares them with what the program shows now; --update writes them anew
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
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
from tests.tui.snapshot_svg import Ground, cells_of, drawn  # noqa: E402

FOLDER = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (200, 50))
LANGUAGES = ("en", "ja")
THEMES = {"dark": Ground("#dcdfe4", "#16181d"), "light": Ground("#1c1f24", "#ffffff"), "contrast": Ground("#ffffff", "#000000")}
COMPARED_SECONDS = 20.0
QUIET_SECONDS = 0.7
"""So long nothing may be painted before a picture is taken of it."""


@dataclass(frozen=True)
class Step:
    """A screen: its name, and the keys that lead to it from the one before; each comes when the one before it is done."""

    name: str
    keys: tuple[str, ...]

    def __init__(self, name: str, *keys: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "keys", keys)


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
    """Walk through every screen in all themes at once; each one's file, and whether it is as it was. Moved on as soon as it is."""
    with ExitStack() as stack:
        screens = []
        for theme in THEMES:
            env = {"MADO_LANG": language, "MADO_THEME": theme, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "PYTHON_KEYRING_BACKEND": NO_KEYRING}
            own = home.parent / f"{home.name}-{columns}-{language}-{theme}"
            fill(own)
            command = [sys.executable, "-m", "tests.tui.standing_still", str(own), NOON.isoformat()]
            screens.append(stack.enter_context(PtyScreen(command, columns=columns, rows=rows, env=env)))
        for screen in screens:
            _wait_for_banner(screen)
        for step in STEPS:
            for keys in step.keys:
                for screen in screens:
                    os.write(screen._terminal, keys.encode())
                for screen in screens:
                    screen.settle(patience_seconds=0.3, quiet_seconds=0.05)
            file = folder / f"{step.name}-{columns}x{rows}-{language}.svg"
            yield file.name, _taken(screens, file) if update else _compared(screens, file)


NOT_YET = "not yet"
"""In place of a picture."""
NO_KEYRING = "keyring.backends.fail.Keyring"


def _wait_for_banner(screen: PtyScreen) -> None:
    """The server's absence is said once, when the link has tried; nothing happens by itself from here on."""
    until = time.monotonic() + 60
    while "21:00" not in screen.text():
        if time.monotonic() > until:
            raise TimeoutError(screen.text())
        screen.settle(patience_seconds=0.1, quiet_seconds=0.02, limit_seconds=0.3)


def _taken(screens: list[PtyScreen], file: Path) -> bool:
    for screen in screens:
        screen.settle(patience_seconds=QUIET_SECONDS, quiet_seconds=QUIET_SECONDS, limit_seconds=10)
    return _compared(screens, file) if file.exists() and file.read_text("utf-8") == _now(screens) else _written(screens, file)


def _written(screens: list[PtyScreen], file: Path) -> bool:
    until = time.monotonic() + COMPARED_SECONDS
    while (picture := _now(screens)) == NOT_YET:
        if time.monotonic() > until:
            raise TimeoutError(f"{file.name}: the themes never showed the same step")
        for screen in screens:
            screen.settle(patience_seconds=QUIET_SECONDS, quiet_seconds=QUIET_SECONDS, limit_seconds=1)
    file.write_text(picture, "utf-8")
    return False


def _compared(screens: list[PtyScreen], file: Path) -> bool:
    wanted, until = file.read_text("utf-8") if file.exists() else "", time.monotonic() + COMPARED_SECONDS
    while _now(screens) != wanted:
        if time.monotonic() > until:
            return False
        for screen in screens:
            screen.settle(patience_seconds=0.02, quiet_seconds=0.01, limit_seconds=0.1)
    return True


def _now(screens: list[PtyScreen]) -> str:
    try:
        return drawn(cells_of([screen._screen for screen in screens]), THEMES)
    except ValueError:
        # One of them is a key ahead of the others.
        return NOT_YET


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
