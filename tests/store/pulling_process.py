"""A process that pulls mail into a home until somebody kills it: `python pulling_process.py HOME`. Prints a line after each commit."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.store.local_store_makers import SUPPORT, arrived, new_mail, opened, pull

BATCH = 7


def main(home: Path) -> None:
    store = LocalStore.open(home)
    cursor = store.cursor(SUPPORT, "INBOX")
    highest = cursor.highest_uid if cursor else 0
    while True:
        numbers = range(highest + 1, highest + 1 + BATCH)
        pull(store, *(new_mail(n, text="報告 " * 200) for n in numbers), cursor=Cursor(1, highest + BATCH))
        highest += BATCH
        seq = store.mirror_seq()
        store.apply_events([opened(seq + 1, highest), arrived(seq + 2, highest)], epoch=1)
        print(highest, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
