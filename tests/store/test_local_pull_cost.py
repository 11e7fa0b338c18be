"""What a batch of mail costs in writes: counted by the kernel, and the same on every machine."""

from pathlib import Path

import pytest

from store.local.rows import Cursor
from tests.store.local_store_makers import at, new_mail, pull

IO = Path("/proc/thread-self/io")
MAILS, BATCH = 2_000, 100
MOST_WRITES_A_MAIL = 4.0


@pytest.mark.skipif(not IO.exists(), reason="the writes of a thread are told by Linux")
def test_new_lines_of_the_list_copy_no_page_aside(store) -> None:
    writes = 0
    for start in range(1, MAILS, BATCH):
        mails = [new_mail(n, internaldate=at(60 * n)) for n in range(start, start + BATCH)]
        before = store._files.write(_writes)
        pull(store, *mails, cursor=Cursor(1, start + BATCH - 1))
        writes += store._files.write(_writes) - before
    assert writes / MAILS < MOST_WRITES_A_MAIL


def _writes(_connection: object) -> int:
    """So far, of the thread that writes the store."""
    return int(next(line for line in IO.read_text("ascii").splitlines() if line.startswith("syscw")).split()[1])
