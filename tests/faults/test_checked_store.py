"""What the store finds wrong in itself without any server: comments that no search finds, a file whose pages are damaged."""

from pathlib import Path

import pytest

from store.domain.events import CommentAdded
from store.domain.ids import CommentId
from store.domain.query import All, parse_query
from store.local.flaws import Flaw, FlawKind
from store.local.store import LocalStore
from store.sqlite.connection import connect
from store.sqlite.errors import StoreCorrupt
from tests.store.local_store_makers import SATO, arrived, conversation_of, new_mail, opened, pull, recorded


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two hundred mails and a comment."""
    store = LocalStore.open(tmp_path)
    pull(store, *(new_mail(n, text=f"本文 {n} " * 300) for n in range(1, 201)))
    comment = recorded(3, conversation_of(1), CommentAdded(CommentId("c1"), "倉庫に確認済み", ()), by=SATO)
    store.apply_events([opened(1, 1), arrived(2, 1), comment], epoch=1)
    store.close()
    return tmp_path


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("DELETE FROM comment_words", FlawKind.COMMENTS_NOT_INDEXED),
        ("INSERT INTO comment_words (rowid, text) VALUES (77, '幽霊')", FlawKind.INDEX_WITHOUT_COMMENT),
    ],
)
def test_comments_and_their_index_are_made_to_agree(home: Path, statement: str, kind: FlawKind) -> None:
    connection = connect(home / "cache" / "mail.db")
    connection.execute(statement)
    connection.close()
    store = LocalStore.open(home)
    assert store.ledger.mend() == (Flaw(kind, 1),)
    assert store.ledger.check(deep=True) == ()
    assert [hit.comment_id for hit in store.search(parse_query("倉庫"))] == ["c1"]
    assert store.search(parse_query("幽霊")) == ()
    store.close()


def test_a_store_in_order_is_not_touched(home: Path) -> None:
    store = LocalStore.open(home)
    heard: list[object] = []
    store.changes.subscribe(heard.append)
    assert store.ledger.mend(deep=True) == ()
    assert heard == []
    store.close()


def test_damaged_pages_are_found_and_the_next_start_makes_the_cache_anew(home: Path) -> None:
    path = home / "cache" / "mail.db"
    content = bytearray(path.read_bytes())
    intact = 80 * 4096
    content[intact:] = b"\xff" * (len(content) - intact)
    path.write_bytes(content)
    store = LocalStore.open(home)
    with pytest.raises(StoreCorrupt):
        store.ledger.mend(deep=True)
    store.close()
    again = LocalStore.open(home)
    assert "damaged" in again.repairs[0]
    assert again.count(All()) == 0
    again.close()
