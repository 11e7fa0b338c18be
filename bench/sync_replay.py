"""What the first sync's own work costs a mail, without network and peers: the steps of one real pull, replayed phase by phase in one process.

python -m bench.sync_replay [--count N] [--corpus FOLDER] [--tape FILE]

CPU seconds, so that a machine with other work says nearly the same; run it before and after a change. FILE keeps the fetched steps.
"""

import argparse
import gc
import pickle
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.mailbox import link_into, write_mails
from bench.report import Report

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/servers"))

from server_process import give_to_server  # noqa: E402  (the path above has to be set first)
from start_dovecot import Dovecot  # noqa: E402

from mailsync.engine.helper_process import Batch, pack_batch, pack_prepared, prepare_batch, unpack_prepared  # noqa: E402
from mailsync.engine.reading import outline, read_mail  # noqa: E402
from mailsync.imap.access import ImapAccess  # noqa: E402
from mailsync.imap.pull import KEEP_BYTES, Pull, Pulled  # noqa: E402
from mailsync.imap.session import MailSession  # noqa: E402
from store.domain.ids import InboxKey  # noqa: E402
from store.local import worded  # noqa: E402
from store.local.codec import pack_bytes, pack_message  # noqa: E402
from store.local.rows import Cursor  # noqa: E402
from store.local.store import LocalStore  # noqa: E402

INBOX = InboxKey("support")
T = TypeVar("T")


@dataclass(frozen=True)
class Known:
    """A password for a server of our own."""

    word: str

    def reveal(self) -> str:
        """It."""
        return self.word


class Costs:
    """CPU by phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def of(self, name: str, work: Callable[[], T]) -> T:
        """Do it and add what it cost."""
        began = time.process_time()
        done = work()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - began
        return done


def record(count: int, corpus: Path, costs: Costs) -> list[Pulled]:
    """Pull a mailbox of so many mails, and keep its steps; the cost of fetching is this process's alone."""
    write_mails(corpus, count)
    dovecot = Dovecot()
    try:
        user = dovecot.add_user("bench@example.test")
        link_into(corpus, dovecot.root / "mail" / user.name / "maildir")
        give_to_server(dovecot.root / "mail")
        access = ImapAccess("127.0.0.1", dovecot.imaps_port, "implicit", user.name, Known(user.password), ca_file=dovecot.tls.ca)
        with MailSession.open(access) as session:
            pull = Pull(session, lambda: (), KEEP_BYTES, outline)
            return costs.of("fetch", lambda: list(pull.run("INBOX", None, stored_messages=0, first_look=True)))
    finally:
        dovecot.close()


def replay(steps: list[Pulled], folder: Path, costs: Costs) -> None:
    """Every step through every phase, as the engine does it."""
    store = LocalStore.open(folder)
    for step in steps:
        fetched = list(step.fetched)
        packed = costs.of("to_helper", lambda: pack_batch(Batch(INBOX, fetched)))  # noqa: B023 - called at once
        del packed
        mails = costs.of("parse", lambda: [read_mail(INBOX, each) for each in fetched])  # noqa: B023
        costs.of("words", lambda: [worded.words_of(each.message) for each in mails])  # noqa: B023
        costs.of("pack_text", lambda: [pack_message(each.message) for each in mails])  # noqa: B023
        costs.of("pack_raw", lambda: [pack_bytes(each.raw) for each in mails if each.raw is not None])  # noqa: B023
        prepared = prepare_batch(INBOX, fetched)
        answer = costs.of("from_helper_pack", lambda: pack_prepared(prepared))  # noqa: B023
        prepared = costs.of("from_helper_read", lambda: unpack_prepared(answer))  # noqa: B023
        c = step.covered
        cursor = Cursor(c.uidvalidity, c.highest_uid, c.lowest_uid, c.modseq)
        costs.of("commit", lambda: store.commit_pull(INBOX, "INBOX", prepared, cursor, gone=step.gone, flags=step.flags))  # noqa: B023
    store.close()


def main() -> int:
    """One table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=3_000)
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--tape", type=Path)
    asked = arguments.parse_args()
    report = Report("sync_replay")
    folder = Path(tempfile.mkdtemp(prefix="mado-bench-"))
    costs = Costs()
    try:
        if asked.tape is not None and asked.tape.exists():
            steps: list[Pulled] = pickle.loads(asked.tape.read_bytes())
        else:
            steps = record(asked.count, (asked.corpus or folder / "corpus") / str(asked.count), costs)
            if asked.tape is not None:
                asked.tape.write_bytes(pickle.dumps(steps))
        home = folder / "home"
        home.mkdir()
        gc.freeze()
        replay(steps, home, costs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    mails = sum(not each.preview for step in steps for each in step.fetched)
    report.add("mails", mails, "mails")
    for name, seconds in costs.seconds.items():
        report.add(f"{name}_cpu", seconds * 1000 / mails, "ms a mail")
    report.add("all_cpu", sum(costs.seconds.values()) * 1000 / mails, "ms a mail")
    report.print_json()
    return 0


if __name__ == "__main__":
    sys.exit(main())
