"""Finding: 200 queries beside notmuch, recall and precision against the mails themselves, the command, and what a page of a list touches.

python -m bench.search [--mails 5000] [--conversations 20000] [--peer-conversations N] [--keep FOLDER] [--without-notmuch]

At full size (50,000 mails, 1,000,000 conversations) half an hour on two cores, most of it notmuch's indexing; `--keep` leaves the stores and
the indexes in a folder and takes them from there the next time. Figures are of the running program: a query parsed, searched, 50 hits with
their snippets read.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.filled import corpus_home, corpus_maildir, short_home, short_maildir
from bench.queries import Asked, queries
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
NGRAMS = {"XAPIAN_CJK_NGRAM": "1"}


class Notmuch:
    """notmuch over one Maildir, with n-grams for Japanese or as shipped."""

    def __init__(self, folder: Path, maildir: Path, *, ngrams: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "notmuch-config"
        database = f"[database]\npath={folder / 'index'}\nmail_root={maildir}\n"
        self.config.write_text(database + "[user]\nname=bench\nprimary_email=support@example.jp\n[new]\ntags=inbox\n")
        (folder / "index").mkdir(exist_ok=True)
        self.env = {**os.environ, "NOTMUCH_CONFIG": str(self.config), "HOME": str(folder), **(NGRAMS if ngrams else {})}

    def run(self, *arguments: str) -> str:
        """Its output."""
        return subprocess.run(["notmuch", *arguments], env=self.env, check=True, capture_output=True, text=True).stdout

    def seconds(self, *arguments: str) -> float:
        """How long a process of it takes."""
        began = time.perf_counter()
        self.run(*arguments)
        return time.perf_counter() - began

    def found(self, query: str) -> set[str]:
        """The Message-IDs of all it finds."""
        return {f"<{line.removeprefix('id:')}>" for line in self.run("search", "--output=messages", "--exclude=false", query).splitlines()}


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
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
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


def with_corpus(report: Report, folder: Path, count: int, *, notmuch: bool) -> None:
    """Real mails: speed, recall and precision."""
    home = corpus_home(folder, count)
    peers: dict[str, Notmuch] = {}
    if notmuch:
        maildir = corpus_maildir(folder, count)
        for name, ngrams in (("notmuch_ngrams", True), ("notmuch_as_shipped", False)):
            peers[name] = Notmuch(folder / f"{name}{count}", maildir, ngrams=ngrams)
            peers[name].run("new", "--quiet")
    store = LocalStore.open(home)
    asked = queries()
    speed(report, store, peers.get("notmuch_ngrams"), asked, f"{count}_mails", 0.1)
    recall(report, store, Truth(home), peers, asked)
    store.close()
    command(report, home, f"{count}_mails")


def with_conversations(report: Report, folder: Path, count: int, peer_count: int) -> None:
    """Many short ones: speed, the command, and pages of lists."""
    home = short_home(folder, count)
    peer = None
    if peer_count:
        peer = Notmuch(folder / f"notmuch_short{peer_count}", short_maildir(folder, peer_count), ngrams=True)
        peer.run("new", "--quiet")
    store = LocalStore.open(home)
    speed(report, store, peer, queries(), f"{count}_conversations", 0.5)
    store.close()
    command(report, home, f"{count}_conversations")
    pages(report, home, f"{count}_conversations")


def main() -> int:
    """Run all; the table as it goes, the JSON lines at the end."""
    wanted = argparse.ArgumentParser(description="How quick and how true searching is.")
    wanted.add_argument("--mails", type=int, default=50_000)
    wanted.add_argument("--conversations", type=int, default=1_000_000)
    wanted.add_argument("--peer-conversations", type=int, default=None, help="as many in notmuch's index (default: as many)")
    wanted.add_argument("--keep", type=Path)
    wanted.add_argument("--without-notmuch", action="store_true")
    asked = wanted.parse_args()
    report = Report("search")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="mado-search-"))
    folder.mkdir(parents=True, exist_ok=True)
    peer_count = asked.conversations if asked.peer_conversations is None else asked.peer_conversations
    try:
        if asked.mails:
            with_corpus(report, folder, asked.mails, notmuch=not asked.without_notmuch)
        if asked.conversations:
            with_conversations(report, folder, asked.conversations, 0 if asked.without_notmuch else peer_count)
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
