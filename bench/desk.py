"""The desk beside its peers: start to first list, the first sync of 2,000 mails, a lease on the other screen.

python -m bench.desk [--small]          (--small: 10,000 conversations instead of 100,000)
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from imapclient import IMAPClient

from bench.corpus import corpus
from bench.installed import as_installed, compile_ours
from bench.peers import Peers
from bench.pty_clock import PtyClock
from bench.report import Report, median, percentile
from bench.terminal import start_beside_alot

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/servers"))

from start_dovecot import Dovecot  # noqa: E402  (the path above has to be set first)
from start_exim import Exim  # noqa: E402

from tests.line.house import QUIET, SETTINGS, House  # noqa: E402

MADO = str(ROOT / ".venv/bin/mado")
SYNCED_MAILS = 2_000
LEASES = 40


def first_sync(report: Report, folder: Path, dovecot: Dovecot) -> None:
    """2,000 mails over TLS into an empty store, searchable, against mbsync and `notmuch new`, in turns."""
    user = dovecot.add_user()
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(user.name, user.password)
        for raw in corpus(SYNCED_MAILS, 7):
            client.append("INBOX", raw)
    settings = SETTINGS.format(
        name="bench",
        port=9,
        address=user.name,
        imap_port=dovecot.imaps_port,
        imap_ca=dovecot.tls.ca,
        smtp_port=9,
        smtp_tls="implicit",
        smtp_ca="",
        password=user.password,
    )
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(3):
        home = folder / f"sync{turn}"
        home.mkdir()
        (home / "settings.toml").write_text(settings, "utf-8")
        began = time.perf_counter()
        subprocess.run([MADO, "--home", str(home), "sync", "--once"], check=True, capture_output=True, env=as_installed())
        ours.append(time.perf_counter() - began)
        peers = Peers(folder / f"mbsync{turn}")
        fetched = peers.mbsync(port=dovecot.imaps_port, user=user.name, password=user.password, ca=dovecot.tls.ca)
        theirs.append(fetched + peers.notmuch_new())
    report.add("first_sync_2000", median(ours), "s")
    report.add("first_sync_2000_mbsync_notmuch", median(theirs), "s")
    report.add("first_sync_2000_over_mbsync_notmuch", median(ours) / median(theirs), "ratio", 1.0)


def lease_on_the_other_screen(report: Report, dovecot: Dovecot, exim: Exim) -> None:
    """`r` on one terminal until `✎` stands on the other's list."""
    with House(dovecot, exim) as house:
        house.customer_writes("見積のお願い", "よろしくお願いします。")
        sato, tanaka = house.joins("Sato"), house.joins("Tanaka")
        seconds: list[float] = []
        with PtyClock([MADO, "--home", str(sato.home)], env=QUIET) as writer, PtyClock([MADO, "--home", str(tanaka.home)], env=QUIET) as watcher:
            for screen in (writer, watcher):
                screen.seconds_until("見積".encode())
                screen.settle(2.0)
            for _ in range(LEASES):
                watcher.seen = b""
                writer.press("r", quiet_seconds=0)
                began = time.perf_counter()
                while "✎".encode() not in watcher.seen:
                    watcher.settle(0)
                    if time.perf_counter() - began > 20:
                        raise TimeoutError("the lease never showed")
                seconds.append(time.perf_counter() - began)
                writer.settle(0.5)
                writer.press("\x1b")
                writer.settle(0.5)
                watcher.settle(0.7)
        report.add("lease_on_other_screen_p50", percentile(seconds, 50), "s")
        report.add("lease_on_other_screen_p99", percentile(seconds, 99), "s", 1.0)


def with_mail_servers(report: Report, folder: Path) -> None:
    """What needs Dovecot and Exim."""
    dovecot = Dovecot()
    exim = Exim(dovecot)
    try:
        first_sync(report, folder, dovecot)
        lease_on_the_other_screen(report, dovecot, exim)
    finally:
        exim.close()
        dovecot.close()


def main() -> int:
    """Run all; the table as it goes, the JSON lines at the end."""
    report = Report("desk")
    folder = Path(tempfile.mkdtemp(prefix="mado-bench-"))
    try:
        compile_ours()
        with_mail_servers(report, folder)
        for count in (1_000, 10_000 if "--small" in sys.argv else 100_000):
            start_beside_alot(report, folder, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
