"""A process that pulls a torn thread mail by mail, in an order of its own, until somebody kills it: `python tearing_process.py HOME`."""

import os
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.store.letters import SUPPORT, torn_letters


def main(home: Path) -> None:
    mails = torn_letters(77, count=60)
    store = LocalStore.open(home)
    known = store.uids(SUPPORT, "INBOX")
    left = [mail for mail in mails if mail.uid not in known]
    random.Random(os.getpid()).shuffle(left)
    for mail in left:
        store.commit_pull(SUPPORT, "INBOX", [mail], Cursor(1, 10_000))
        print(mail.uid, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
