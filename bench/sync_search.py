"""Searching right behind mail in, in the same run: the store of the first sync beside notmuch's index of the same mails."""

from pathlib import Path

from bench.peers import Peers
from bench.queries import queries
from bench.report import Report
from bench.search import command, recall, speed
from bench.truth import Truth
from store.local.store import LocalStore

MARK = 0.1


def searches(report: Report, ours: Peers, home: Path, count: int) -> None:
    """Speed beside notmuch with n-grams, recall and precision, and `mado search` as a command."""
    peer, asked = ours.index(), queries()
    store = LocalStore.open(home)
    try:
        speed(report, store, peer, asked, f"{count}_mails", MARK)
        recall(report, store, Truth(home), {"notmuch_ngrams": peer}, asked)
    finally:
        store.close()
    command(report, home, f"{count}_mails")
