"""When access ends, nothing of the customers' stays on the machine, and what its owner wrote does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.local.store import LocalStore
from store.local.wiping import KEPT, MARK, OWN_WORDS, AccessOver, WordsNotKept, Written, let_in, wipe

DRAFT = Draft(
    conversation_id=ConversationId("c1"),
    body="承りました。\n\n佐藤\n\n2026-11-28 09:00、山田花子:\n> 注文4711の件です。\n",
    saved_at=datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
)


def test_a_wiped_home_holds_the_own_words_only_and_opens_after_joining_anew(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    store.save_draft(DRAFT)
    drafts = store.drafts()
    store.close()
    assert wipe(tmp_path, [Written(draft.body, draft.saved_at) for draft in drafts]) == tmp_path / OWN_WORDS
    kept = (tmp_path / OWN_WORDS).read_text()
    assert "承りました。" in kept
    assert "山田" not in kept
    assert "4711" not in kept
    assert (tmp_path / OWN_WORDS).stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} == {MARK, OWN_WORDS}
    for _again in range(2):
        with pytest.raises(AccessOver):
            LocalStore.open(tmp_path)
    let_in(tmp_path)
    anew = LocalStore.open(tmp_path)
    assert anew.drafts() == ()
    anew.close()


def test_a_wipe_that_was_cut_off_is_finished_at_the_next_opening(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    store.save_draft(DRAFT)
    store.close()
    (tmp_path / MARK).touch()
    with pytest.raises(AccessOver):
        LocalStore.open(tmp_path)
    assert not (tmp_path / KEPT).exists()
    assert not (tmp_path / "cache").exists()


def test_what_was_written_between_quoted_lines_is_kept(tmp_path: Path) -> None:
    body = "Hello\n\nOn 2026-11-28 09:00, Hanako wrote:\n> one?\nYes:\n> two?\nNo.\n\nSato\n"
    wipe(tmp_path, [Written(body), Written("> only theirs\n"), Written("2026-11-28 09:00 Jiro:\n\nmine\n")])
    assert (tmp_path / OWN_WORDS).read_text() == "---\nHello\n\nYes:\nNo.\n\nSato\n---\n2026-11-28 09:00 Jiro:\n\nmine\n"


def test_where_the_own_words_cannot_be_kept_nothing_is_removed(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    store.save_draft(DRAFT)
    store.close()
    (tmp_path / OWN_WORDS).mkdir()
    with pytest.raises(WordsNotKept, match="nothing was removed"):
        wipe(tmp_path, [Written(DRAFT.body)])
    again = LocalStore.open(tmp_path)
    assert again.drafts() == (DRAFT,)
    again.close()
