"""Finding: 200 queries beside notmuch, recall and precision against the mails themselves, the command, and what a page of a list touches.

python -m bench.search [--mails 5000] [--conversations 20000] [--peer-conversations N] [--keep FOLDER [--prepare]] [--corpus FOLDER]
                       [--without-notmuch]

Most of the time at full size (50,000 mails, 1,000,000 conversations) is filling and notmuch's indexing. `--prepare` does that alone, on any
machine; the run after it, with the same `--keep`, only measures. Figures are of the running program: a query parsed, searched, 50 hits with
their snippets read.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.filled import Filled
from bench.installed import as_installed, compile_ours
from bench.notmuch import Notmuch
from bench.queries import Asked, beginnings, queries
from bench.report import Report, median, percentile
from bench.touched import steps_of_pages
from bench.truth import Truth, found_by_us
from store.domain.query import parse_query
from store.local.store import LocalStore

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
TOP = 50
ROUNDS = 3
COMMANDS = 15


def our_seconds(store: LocalStore, asked: list[Asked]) -> tuple[list[float], list[float]]:
    """Of each query the median of `ROUNDS`, after one to warm up: wall time, and this thread's CPU time, which busy neighbours do not stretch."""
    wall: list[float] = []
    cpu: list[float] = []
    for one in asked:
        rounds: list[tuple[float, float]] = []
        for _ in range(ROUNDS + 1):
            began, worked = time.perf_counter(), time.thread_time()
            store.search(parse_query(one.ours), limit=TOP)
            rounds.append((time.perf_counter() - began, time.thread_time() - worked))
        wall.append(median([each[0] for each in rounds[1:]]))
        cpu.append(median([each[1] for each in rounds[1:]]))
    return wall, cpu


def their_seconds(peer: Notmuch, asked: list[Asked]) -> list[float]:
    """The same of notmuch, less a process that does nothing."""
    empty = median([peer.seconds("--version") for _ in range(COMMANDS)])
    return [max(0.0, median([peer.seconds("search", f"--limit={TOP}", one.theirs) for _ in range(ROUNDS)]) - empty) for one in asked]


def speed(report: Report, store: LocalStore, peer: Notmuch | None, asked: list[Asked], name: str, mark: float) -> None:
    """p50 and p95 of all, and of each kind of query ours alone."""
    ours, cpu = our_seconds(store, asked)
    for kind in dict.fromkeys(one.kind for one in asked):
        of_kind = [seconds for seconds, one in zip(ours, asked, strict=True) if one.kind == kind]
        report.add(f"search_{name}_{kind}_p95", percentile(of_kind, 95) * 1000, "ms")
    for percent in (50, 95):
        report.add(f"search_{name}_p{percent}", percentile(ours, percent) * 1000, "ms")
        report.add(f"search_{name}_cpu_p{percent}", percentile(cpu, percent) * 1000, "ms")
    report.add(f"search_{name}_beginning_p95", percentile(our_seconds(store, beginnings())[0], 95) * 1000, "ms")
    if peer is not None:
        theirs = their_seconds(peer, asked)
        for percent in (50, 95):
            report.add(f"search_{name}_notmuch_p{percent}", percentile(theirs, percent) * 1000, "ms")
        report.add(f"search_{name}_p95_over_notmuch", percentile(ours, 95) / max(percentile(theirs, 95), 1e-6), "ratio", mark)


def recall(report: Report, store: LocalStore, truth: Truth, peers: dict[str, Notmuch], asked: list[Asked]) -> None:
    """Against what a naive reading of every mail says."""
    wanted = {one.ours: truth.of(one) for one in asked}
    finders = {"": lambda one: found_by_us(store, one.ours)}
    finders |= {f"_{name}": (lambda one, peer=peer: peer.found(one.theirs)) for name, peer in peers.items()}
    for name, find in finders.items():
        right = total = given = 0
        for one in asked:
            found, true = find(one), wanted[one.ours]
            if not name and found != true:
                print(f"    {one.ours!r}: {len(true - found)} not found, {len(found - true)} too many", flush=True)
            right, total, given = right + len(found & true), total + len(true), given + len(found)
        mark = {"": 0.0}.get(name)
        report.add(f"search_recall_missing{name}", 1 - right / max(total, 1), "share", mark)
        report.add(f"search_precision_wrong{name}", 1 - right / max(given, 1), "share", None if mark is None else 0.001)


def command(report: Report, home: Path, name: str) -> None:
    """`mado search` beside an empty Python process, in turns; with its bytecode on disk, as an installed program has it."""
    env = as_installed()
    lines = {"empty": [BIN / "python", "-c", "pass"], "search": [BIN / "mado", "--home", home, "search", "見積"]}
    wall: dict[str, list[float]] = {"empty": [], "search": []}
    cpu: dict[str, list[float]] = {"empty": [], "search": []}
    for _ in range(COMMANDS + 1):
        for which, line in lines.items():
            began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([str(part) for part in line], check=True, capture_output=True, env=env)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            wall[which].append(time.perf_counter() - began)
            cpu[which].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    for unit, seconds, mark in (("", wall, 60), ("_cpu", cpu, None)):
        empty, ours = median(seconds["empty"][1:]), median(seconds["search"][1:])
        report.add(f"search_{name}_command{unit}_p50", ours * 1000, "ms")
        report.add(f"search_{name}_command{unit}_p50_over_empty_python", (ours - empty) * 1000, "ms", mark)


def pages(report: Report, home: Path, name: str) -> None:
    """SQLite's steps for a page of each view, in steps of a page of all."""
    for view, ratio in steps_of_pages(home).items():
        report.add(f"list_{name}_page_over_plain_page[{view or 'all'}]", ratio, "ratio", 4)


def with_corpus(report: Report, filled: Filled) -> None:
    """Real mails: speed, recall and precision."""
    home = filled.corpus_home()
    peers: dict[str, Notmuch] = {}
    if filled.peer_conversations:
        peers = {"notmuch_ngrams": filled.corpus_peer(ngrams=True), "notmuch_as_shipped": filled.corpus_peer(ngrams=False)}
    store = LocalStore.open(home)
    asked = queries()
    speed(report, store, peers.get("notmuch_ngrams"), asked, f"{filled.mails}_mails", 0.1)
    recall(report, store, Truth(home), peers, asked)
    store.close()
    command(report, home, f"{filled.mails}_mails")


def with_conversations(report: Report, filled: Filled) -> None:
    """Many short ones: speed, the command, and pages of lists."""
    home, name = filled.short_home(), f"{filled.conversations}_conversations"
    peer = None
    if filled.peer_conversations:
        peer = filled.short_peer()
        report.add(f"search_{name}_notmuch_mails", filled.peer_conversations, "mails")
    store = LocalStore.open(home)
    speed(report, store, peer, queries(), name, 0.5)
    store.close()
    command(report, home, name)
    pages(report, home, name)


def main() -> int:
    """Run all; the table as it goes, the JSON lines at the end."""
    wanted = argparse.ArgumentParser(description="How quick and how true searching is.")
    wanted.add_argument("--mails", type=int, default=50_000)
    wanted.add_argument("--conversations", type=int, default=1_000_000)
    wanted.add_argument("--peer-conversations", type=int, default=None, help="as many in notmuch's index (default: as many)")
    wanted.add_argument("--keep", type=Path, help="a folder for stores and indexes, which are taken from there the next time")
    wanted.add_argument("--corpus", type=Path, help="the folder that bench.sync --corpus has filled")
    wanted.add_argument("--prepare", action="store_true", help="fill --keep, which needs no quiet machine, and measure nothing")
    wanted.add_argument("--without-notmuch", action="store_true")
    asked = wanted.parse_args()
    report = Report("search")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="mado-search-"))
    folder.mkdir(parents=True, exist_ok=True)
    peer_count = asked.conversations if asked.peer_conversations is None else asked.peer_conversations
    filled = Filled(folder, asked.mails, asked.conversations, 0 if asked.without_notmuch else max(1, peer_count), asked.corpus)
    try:
        compile_ours()
        filled.make()
        if asked.mails and not asked.prepare:
            with_corpus(report, filled)
        if asked.conversations and not asked.prepare:
            with_conversations(report, filled)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
