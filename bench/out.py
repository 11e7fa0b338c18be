"""Mail out: what a reply costs at a real terminal, until it can be written in and while it is written.

python -m bench.out [composer] [picker] [--small]          (--small: 40 presses instead of 200)
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.fill import START, fill_home
from bench.pty_clock import PtyClock
from bench.report import Report, percentile
from store.domain.events import Recorded, TemplateSaved
from store.domain.ids import Seq, TemplateKey
from store.domain.people import SERVER
from store.domain.template import Template
from store.local.store import LocalStore

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/servers"))

from tests.line.house import QUIET  # noqa: E402  (the path above has to be set first)

MADO = str(ROOT / ".venv/bin/mado")
CONVERSATIONS = 1_000
TEMPLATES = 2_000
PRESSES, PRESSES_SMALL = 200, 40
LINES = 10_000
LETTERS = 200
"""Keys typed in the long text."""
QUOTED = b"> "
FOOTER = b"^S"
EMPTIED = "\x0b"
"""^K: the draft is thrown away, so that the next `r` begins anew."""


def composer(report: Report, folder: Path, presses: int) -> None:
    """`r` until fields, quotation and footer stand on the screen; `^T` and Enter until the merged template does too."""
    home = folder / "home"
    fill_home(home, CONVERSATIONS)
    _with_templates(home, _one())
    opened: list[float] = []
    merged: list[float] = []
    with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
        clock.seconds_until(f"No.{CONVERSATIONS}".encode())
        clock.settle(2.0)
        for _ in range(presses + 1):  # the first is a warm-up
            opened.append(_until(clock, "r", FOOTER))
            clock.settle(0.1)
            clock.press("\x14")
            merged.append(_until(clock, "\r", "合計".encode()))
            clock.settle(0.1)
            _until(clock, EMPTIED, b"Work tray")
            clock.settle(0.1)
    report.add("r_to_composer_p50", percentile(opened[1:], 50) * 1000, "ms")
    report.add("r_to_composer_p99", percentile(opened[1:], 99) * 1000, "ms", 50)
    report.add("template_merged_p50", percentile(merged[1:], 50) * 1000, "ms")
    report.add("template_merged_p99", percentile(merged[1:], 99) * 1000, "ms", 50)


def picker(report: Report, folder: Path, presses: int) -> None:
    """`^T` among 2,000 templates until they stand there, each letter typed into it, and each ↓ until the next preview is merged."""
    home = folder / "picker"
    fill_home(home, CONVERSATIONS)
    _with_templates(home, _thousands())
    opened: list[float] = []
    letters: list[float] = []
    previews: list[float] = []
    with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
        clock.seconds_until(f"No.{CONVERSATIONS}".encode())
        clock.settle(2.0)
        _until(clock, "r", FOOTER)
        clock.settle(0.5)
        for n in range(presses + 1):  # the first is a warm-up
            opened.append(_until(clock, "\x14", f"({TEMPLATES})".encode()))
            clock.settle(0.1)
            letters += [clock.press(letter).seconds for letter in f"q{n % 9 + 1}{n // 9 % 10}"]
            clock.settle(0.1)
            moved = clock.press("\x1b[B")
            if not moved.count_bytes:
                raise ValueError(f"no other preview came after press {n}")
            previews.append(moved.seconds)
            clock.press("\x1b", quiet_seconds=0.3)
    for name, took in (("picker_open", opened[1:]), ("picker_letter", letters[3:]), ("picker_preview", previews[1:])):
        report.add(f"{name}_p50", percentile(took, 50) * 1000, "ms")
        report.add(f"{name}_p99", percentile(took, 99) * 1000, "ms", 50)


def long_text(report: Report, folder: Path) -> None:
    """What a letter and a new line cost in a text of 10,000 lines, with autosave going on."""
    home = folder / "home"
    with PtyClock([MADO, "--home", str(home)], env=QUIET) as clock:
        clock.seconds_until(f"No.{CONVERSATIONS}".encode())
        clock.settle(2.0)
        clock.press("r", quiet_seconds=0.3)
        text = "\n".join(f"{number} 行目です。お世話になっております。よろしくお願いいたします。" for number in range(LINES))
        _paste(clock, text)
        clock.settle(3.0)
        clock.press("\x1b[1;5H", quiet_seconds=0.3)
        letters = [clock.press("x").seconds for _ in range(LETTERS)]
        line_ends = [clock.press("\r").seconds for _ in range(LETTERS)]
        clock.press(EMPTIED, quiet_seconds=0.3)
    report.add("letter_in_10000_lines_p50", percentile(letters, 50) * 1000, "ms")
    report.add("letter_in_10000_lines_p99", percentile(letters, 99) * 1000, "ms")
    report.add("line_end_in_10000_lines_p99", percentile(line_ends, 99) * 1000, "ms")


def _paste(clock: PtyClock, text: str) -> None:
    """In pieces: a terminal takes only so much before the program has read it."""
    clock.type("\x1b[200~")
    for at in range(0, len(text), 1000):
        clock.type(text[at : at + 1000])
        clock.settle(0)
    clock.type("\x1b[201~")


def _until(clock: PtyClock, keys: str, words: bytes) -> float:
    """Seconds from the key until these bytes have come."""
    clock.seen = b""
    began = time.perf_counter()
    clock.type(keys)
    while words not in clock.seen:
        clock.settle(0)
        if time.perf_counter() - began > 20:
            raise TimeoutError(f"{words!r} never came after {keys!r}; the end was {clock.seen[-400:]!r}")
    return time.perf_counter() - began


def _one() -> tuple[Template, ...]:
    body = "{{customer}} 様\n\nお問い合わせありがとうございます。\n担当の {{agent|担当}} です。\n合計をお知らせします。\n"
    return (Template(TemplateKey("total"), "合計", body),)


def _thousands() -> tuple[Template, ...]:
    text = "お問い合わせありがとうございます。担当の {{agent|担当}} です。\n" * 8
    every = range(TEMPLATES)
    return tuple(Template(TemplateKey(f"k{n}"), f"定型 q{n}", f"{{{{customer}}}} 様\n\n本文 {n}\n{text}", folder=(f"組{n % 40}",)) for n in every)


def _with_templates(home: Path, templates: Sequence[Template]) -> None:
    saved = [Recorded(Seq(n), START, SERVER, None, TemplateSaved(one)) for n, one in enumerate(templates, 1)]
    store = LocalStore.open(home)
    store.begin_snapshot(1)
    store.end_snapshot(Seq(0), (), ())
    store.apply_events(saved, epoch=1)
    store.close()


def main() -> int:
    """Run the parts that are named, or all; the table as it goes, the JSON lines at the end."""
    report = Report("out")
    folder = Path(tempfile.mkdtemp(prefix="mado-bench-"))
    try:
        presses = PRESSES_SMALL if "--small" in sys.argv else PRESSES
        wanted = {"composer", "picker"} & set(sys.argv) or {"composer", "picker"}
        if "composer" in wanted:
            composer(report, folder, presses)
            long_text(report, folder)
        if "picker" in wanted:
            picker(report, folder, presses)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
