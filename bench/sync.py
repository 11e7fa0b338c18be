"""Mail in, beside its peers and in one run: first sync, resync, new mail, keys meanwhile. Dovecot over TLS on loopback.

python -m bench.sync [--small] [--count N] [--corpus FOLDER] [--without-shipped] [--with-search]

50,000 mails, 1.4 GB, take 12 to 20 minutes on two cores, most of them notmuch's; --small is 3,000 mails in a minute or two. FOLDER keeps the
corpus for the next run.
"""

import argparse
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.installed import compile_ours
from bench.mailbox import link_into, mails_in, write_mails
from bench.peers import Peers
from bench.pty_clock import PtyClock
from bench.raw_imap import RawImap
from bench.report import Report
from bench.spent import Spent, disk_mb, spend

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/servers"))

from server_process import give_to_server  # noqa: E402  (the path above has to be set first)
from start_dovecot import Dovecot, User  # noqa: E402

from bench.sync_again import resyncs  # noqa: E402
from bench.sync_screen import Screen  # noqa: E402
from bench.sync_search import searches  # noqa: E402

MADO = str(ROOT / ".venv/bin/mado")
FULL, SMALL = 50_000, 3_000
SETTINGS = """
[server]
url = "http://127.0.0.1:9"

[[inbox]]
key = "support"
address = "support@example.jp"
mailboxes = ["INBOX"]
  [inbox.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "implicit"
  ca_file = "{ca}"
  user = "{user}"
  password_command = "echo {password}"
  keep = "{keep}"
"""
NO_TEAM_SERVER = 3
"""How `mado sync --once` ends where only the mail servers answer."""


@dataclass(frozen=True)
class Ground:
    """A server full of mail."""

    dovecot: Dovecot
    user: User
    maildir: Path
    folder: Path
    count: int

    @property
    def login(self) -> dict[str, object]:
        """What a peer is told."""
        return {"port": self.dovecot.imaps_port, "user": self.user.name, "password": self.user.password, "ca": self.dovecot.tls.ca}

    def home(self, name: str, keep: str = "small") -> Path:
        """An empty home of ours."""
        home = self.folder / name
        home.mkdir()
        (home / "settings.toml").write_text(SETTINGS.format(keep=keep, **self.login), "utf-8")
        return home

    def raw(self) -> RawImap:
        """A bare connection."""
        return RawImap(self.dovecot.imaps_port, self.dovecot.tls.ca, self.user.name, self.user.password)

    def sent_bytes(self) -> int:
        """How much the server has sent to all sessions that are over."""
        return sum(map(int, re.findall(r"Disconnected: .* out=(\d+)", self.dovecot.log.read_text("utf-8", "replace"))))


@dataclass(frozen=True)
class Theirs:
    """What the peers took."""

    floor_seconds: float
    mbsync: Spent
    notmuch: Spent
    disk_mb: float


def floor(report: Report, ground: Ground) -> float:
    """The better of two fetches: the first one fills the server's caches for everybody."""
    raw = ground.raw()
    runs = [raw.floor(), raw.floor()]
    raw.close()
    seconds, cpu, count = min(runs)
    report.add("floor_wall", seconds, "s")
    report.add("floor_client_cpu", cpu, "s")
    report.add("floor_bytes", count / 1e6, "MB")
    return seconds


def peers(report: Report, ground: Ground, ours: Peers, *, shipped: bool) -> Theirs:
    """mbsync and notmuch on the same mails."""
    seconds = floor(report, ground)
    mbsync = ours.mbsync_spent(**ground.login)  # type: ignore[arg-type]
    report.add("mbsync_wall", mbsync.wall, "s")
    report.add("mbsync_cpu", mbsync.cpu, "s")
    if shipped:
        plain = ours.notmuch_spent(n_grams=False)
        report.add("notmuch_as_shipped_wall", plain.wall, "s")
        report.add("notmuch_as_shipped_cpu", plain.cpu, "s")
        ours.forget_index()
    notmuch = ours.notmuch_spent(n_grams=True)
    report.add("notmuch_n_grams_wall", notmuch.wall, "s")
    report.add("notmuch_n_grams_cpu", notmuch.cpu, "s")
    report.add("notmuch_n_grams_rss", notmuch.rss_mb, "MB")
    disk = disk_mb(ours.mail)
    report.add("maildir_and_notmuch_disk", disk, "MB")
    return Theirs(seconds, mbsync, notmuch, disk)


def first_sync(report: Report, ground: Ground, keep: str) -> tuple[Spent, Path]:
    """`mado sync --once` into an empty store; back when every mail is searchable."""
    home = ground.home(f"keep-{keep}", keep)
    before = ground.sent_bytes()
    spent = spend([MADO, "--home", str(home), "sync", "--once", "--json"], codes=(0, NO_TEAM_SERVER))
    name = "full_sync" if keep == "small" else "full_sync_keep_all"
    deadline = time.perf_counter() + 5
    while (fetched := ground.sent_bytes() - before) == 0 and time.perf_counter() < deadline:
        time.sleep(0.05)
    report.add(f"{name}_wall", spent.wall, "s")
    report.add(f"{name}_cpu", spent.cpu, "s")
    report.add(f"{name}_rss", spent.rss_mb, "MB")
    report.add(f"{name}_fetched", fetched / 1e6, "MB")
    report.add(f"{name}_disk", disk_mb(home), "MB")
    return spent, home


def first_list(report: Report, ground: Ground, ours: Peers) -> None:
    """neomutt's first list on IMAP without a cache, against ours into an empty store; and our keys while the rest comes in."""
    command, env = ours.neomutt(**ground.login)  # type: ignore[arg-type]
    with PtyClock(command, env=env) as clock:
        theirs = clock.seconds_until(b"Msgs:")
    report.add("neomutt_first_list", theirs, "s")
    # The program's files are in the system's cache for neomutt too by now.
    with PtyClock([MADO, "--help"]) as warm:
        warm.settle(0.5)
    with Screen(MADO, ground.home("screen"), ground.count) as screen:
        listed = screen.seconds_until_newest_500()
        report.add("newest_500_on_screen", listed, "s")
        report.add("newest_500_over_neomutt", listed / theirs, "ratio", 0.15)
        busy = screen.keys_while_syncing()
        report.add("keys_during_sync", len(busy), "keys")
        screen.wait_until_synced()
        quiet = screen.keys(max(60, min(300, len(busy))))
        screen.report_keys(report, busy, quiet)
        screen.arrivals(report, ground)


def run(report: Report, ground: Ground, *, shipped: bool, finding: bool) -> None:
    """Everything, in this order: whoever comes later finds warmer caches, so the peers do not come first everywhere."""
    ours = Peers(ground.folder / "peers")
    theirs = peers(report, ground, ours, shipped=shipped)
    spent, home = first_sync(report, ground, "small")
    report.add("full_sync_over_floor_wall", spent.wall / theirs.floor_seconds, "ratio", 4)
    report.add("full_sync_cpu_over_mbsync_notmuch", spent.cpu / (theirs.mbsync.cpu + theirs.notmuch.cpu), "ratio", 0.12)
    report.add("full_sync_rss_over_notmuch", spent.rss_mb / theirs.notmuch.rss_mb, "ratio", 0.6)
    report.add("disk_over_maildir_and_notmuch", disk_mb(home) / theirs.disk_mb, "ratio", 0.35)
    all_spent, all_home = first_sync(report, ground, "all")
    report.add("full_sync_keep_all_over_floor_wall", all_spent.wall / theirs.floor_seconds, "ratio")
    shutil.rmtree(all_home)
    first_list(report, ground, ours)
    resyncs(report, ground, ours, home)
    if finding:
        searches(report, ours, home, ground.count)


def main() -> int:
    """Run all; the table as it goes, the JSON lines at the end."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--small", action="store_true")
    arguments.add_argument("--count", type=int, default=0)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--without-shipped", action="store_true", help="leave out notmuch without n-grams")
    arguments.add_argument("--with-search", action="store_true", help="the marks of finding too, on the same mails")
    asked = arguments.parse_args()
    count = asked.count or (SMALL if asked.small else FULL)
    report = Report("sync")
    folder = Path(tempfile.mkdtemp(prefix="mado-bench-"))
    corpus = (asked.corpus or folder / "corpus") / str(count)
    began = time.perf_counter()
    try:
        write_mails(corpus, count)
        compile_ours()
        dovecot = Dovecot()
        try:
            user = dovecot.add_user("bench@example.test")
            maildir = dovecot.root / "mail" / user.name / "maildir"
            link_into(corpus, maildir)
            give_to_server(dovecot.root / "mail")
            report.add("mails", sum(1 for _ in mails_in(corpus)), "mails")
            run(report, Ground(dovecot, user, maildir, folder, count), shipped=not asked.without_shipped, finding=asked.with_search)
        finally:
            dovecot.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.add("this_run", (time.perf_counter() - began) / 60, "minutes")
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
