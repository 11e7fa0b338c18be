"""Resyncs: nothing changed, and a day's worth of changes, against mbsync and notmuch."""

import random
import time
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from bench.peers import Peers
from bench.report import Report, median
from mailsync.engine.puller import Puller
from store.clock import SystemClock
from store.domain.query import parse_query
from store.local.store import LocalStore
from store.settings.secrets import Secrets
from store.settings.settings import load_settings

NEW, FLAGGED, EXPUNGED = 100, 100, 20
ROUNDS = 5
WORD = "再同期の確認"


def resyncs(report: Report, ground: Any, peers: Peers, home: Path) -> None:
    """What the running engine does at a look, over the connection it keeps."""
    store = LocalStore.open(home)
    puller = Puller(store, load_settings(home).inboxes[0], Secrets(home), SystemClock(), lambda _done, _total: None)
    try:
        _pull(puller)
        # Level both with the mail that arrived meanwhile.
        peers.mbsync(**ground.login)
        peers.notmuch_spent(n_grams=True)
        ours = median([_pull(puller) for _ in range(ROUNDS)])
        theirs = median([peers.mbsync(**ground.login) for _ in range(ROUNDS)])
        report.add("resync_unchanged", ours * 1000, "ms")
        report.add("resync_unchanged_mbsync", theirs * 1000, "ms")
        report.add("resync_unchanged_over_mbsync", ours / theirs, "ratio", 0.3)
        change(ground)
        ours = _pull(puller)
        found = len(store.search(parse_query(WORD), limit=NEW + 1))
        theirs_fetched = peers.mbsync(**ground.login)
        theirs_indexed = peers.notmuch_spent(n_grams=True).wall
        report.add("resync_changed", ours * 1000, "ms")
        report.add("resync_changed_searchable", found, "mails")
        report.add("resync_changed_mbsync", theirs_fetched * 1000, "ms")
        report.add("resync_changed_notmuch", theirs_indexed * 1000, "ms")
        report.add("resync_changed_over_mbsync_notmuch", ours / (theirs_fetched + theirs_indexed), "ratio", 0.2)
    finally:
        puller.close()
        store.close()


def _pull(puller: Puller) -> float:
    began = time.perf_counter()
    reports = puller.pull_all()
    seconds = time.perf_counter() - began
    if any(each.error for each in reports):
        raise RuntimeError(str(reports))
    return seconds


def change(ground: Any) -> None:
    """100 new mails, 100 flags, 20 expunges, by another client."""
    chance = random.Random(5)
    with IMAPClient("127.0.0.1", ground.dovecot.imap_port, ssl=False) as client:
        client.login(ground.user.name, ground.user.password)
        client.select_folder("INBOX")
        uids = client.search(["UID", "1:*"])
        picked = chance.sample(uids, FLAGGED + EXPUNGED)
        client.add_flags(picked[:FLAGGED], ["\\Flagged"])
        client.delete_messages(picked[FLAGGED:])
        client.expunge(picked[FLAGGED:])
        for number in range(NEW):
            client.append("INBOX", _mail(number))


def _mail(number: int) -> bytes:
    return (
        f"From: Aoki <aoki{number}@example.com>\r\nTo: support@example.jp\r\nSubject: resync {number}\r\n"
        f"Date: Sat, 28 Nov 2026 11:00:00 +0900\r\nMessage-ID: <resync-{number}-{time.time_ns()}@example.com>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{WORD} {number}\r\n"
    ).encode()
