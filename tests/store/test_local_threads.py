"""A store shows the same conversations, under the same ids, in whatever order and in whatever pieces the mail was pulled."""

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from store.domain.draft import Draft
from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.query import parse_query
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.threading import key_of
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore
from tests.store.letters import SUPPORT, letter, torn_letters

TEARING = Path(__file__).with_name("tearing_process.py")


def pull(store: LocalStore, mails: Sequence[NewMail], mailbox: str = "INBOX") -> None:
    store.commit_pull(SUPPORT, mailbox, mails, Cursor(1, max(mail.uid for mail in mails)))


def shown(store: LocalStore) -> dict[ConversationId, set[tuple[MessageId, str]]]:
    rows = store.page(parse_query(""), limit=500).rows
    return {row.id: {(stored.message_id, stored.message.text) for stored in store.messages(row.id)} for row in rows}


def in_pieces(home: Path, mails: Sequence[NewMail], chance: random.Random) -> LocalStore:
    """The mails in any order, in any number of pulls, of two mailboxes; closed and opened again now and then."""
    store = LocalStore.open(home)
    left = list(mails)
    chance.shuffle(left)
    while left:
        piece = [left.pop() for _ in range(min(len(left), chance.randrange(1, 6)))]
        pull(store, piece, chance.choice(["INBOX", "Sent"]))
        if chance.random() < 0.1:
            store.close()
            store = LocalStore.open(home)
    return store


@pytest.mark.parametrize("seed", range(8))
def test_every_order_and_every_way_to_cut_it_gives_the_same_conversations(tmp_path: Path, seed: int) -> None:
    mails = torn_letters(seed)
    chance = random.Random(seed)
    first = in_pieces(tmp_path / "first", mails, chance)
    expected = shown(first)
    first.close()
    assert sum(map(len, expected.values())) == len({(mail.message_id, mail.content_sha256) for mail in mails})
    for turn in range(8):
        store = in_pieces(tmp_path / str(turn), mails, chance)
        assert shown(store) == expected
        assert store.count(parse_query("")) == len(expected)
        store.close()


def test_the_name_a_conversation_had_still_leads_to_it(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    pull(store, [letter("b", in_reply_to=["q"], minute=1)])
    (before,) = shown(store)
    assert before == key_of(SUPPORT, "<q@x>")
    pull(store, [letter("q", references=["a"], minute=2)])
    (after,) = shown(store)
    assert after == key_of(SUPPORT, "<a@x>")
    assert store.resolve(before) == after
    store.close()


def test_a_draft_goes_with_its_conversation_when_that_gets_another_name(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    pull(store, [letter("b", in_reply_to=["q"], minute=1), letter("z", minute=2)])
    old, other = key_of(SUPPORT, "<q@x>"), key_of(SUPPORT, "<z@x>")
    store.save_draft(Draft(conversation_id=ConversationId(old), body="半分書いた返信"))
    store.save_draft(Draft(conversation_id=ConversationId(other), body="もう一つの返信"))
    pull(store, [letter("q", references=["a"], minute=3)])
    now = store.resolve(old)
    assert now == key_of(SUPPORT, "<a@x>")
    draft = store.draft(now)
    assert draft is not None
    assert (draft.conversation_id, draft.body) == (now, "半分書いた返信")
    # And where both have one, no word is lost.
    pull(store, [letter("c", references=["a", "z"], minute=4)])
    (whole,) = shown(store)
    draft = store.draft(whole)
    assert draft is not None
    assert "半分書いた返信" in draft.body
    assert "もう一つの返信" in draft.body
    assert len(store.drafts()) == 1
    store.close()


def test_each_message_says_why_it_is_there(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    pull(store, [letter("a"), letter("c", references=["a", "b"], minute=1), letter("c", references=["a"], body="again", minute=2)])
    (conversation_id,) = shown(store)
    assert [stored.evidence for stored in store.messages(conversation_id)] == [
        ThreadEvidence(),
        ThreadEvidence(By.REFERENCES, 1, "<a@x>"),
        ThreadEvidence(By.SAME_ID, id="<c@x>"),
    ]
    store.close()


def test_a_mail_to_two_inboxes_is_a_conversation_in_each_and_each_says_so(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    sales = InboxKey("sales")
    pull(store, [letter("a"), letter("z", minute=1)])
    assert store.also_in(list(shown(store))) == {}
    there = msgspec.structs.replace(letter("a"), thread_key=key_of(sales, "<a@x>"))
    store.commit_pull(sales, "INBOX", [there], Cursor(1, 1))
    here, away = ConversationId(key_of(SUPPORT, "<a@x>")), ConversationId(key_of(sales, "<a@x>"))
    assert store.also_in(list(shown(store))) == {here: (sales,), away: (SUPPORT,)}
    assert store.messages_also_in(here) == {"<a@x>": (sales,)}
    assert store.messages_also_in(ConversationId(key_of(SUPPORT, "<z@x>"))) == {}
    store.close()


def test_killed_in_the_middle_of_a_torn_thread_again_and_again_nothing_is_torn(tmp_path: Path) -> None:
    mails = torn_letters(77, count=60)
    whole = LocalStore.open(tmp_path / "whole")
    pull(whole, mails)
    expected = shown(whole)
    whole.close()
    home, chance = tmp_path / "killed", random.Random(77)
    for _ in range(12):
        process = subprocess.Popen([sys.executable, str(TEARING), str(home)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 9)):
            process.stdout.readline()
        process.kill()
        process.wait(10)
        process.stdout.close()
        store = LocalStore.open(home)
        # What is there is threaded as it would be had nothing else ever been: no half of a join was kept.
        here = {message for messages in shown(store).values() for message in messages}
        fresh = LocalStore.open(tmp_path / f"fresh {len(here)}")
        if some := [mail for mail in mails if (mail.message_id, mail.message.text) in here]:
            pull(fresh, some)
        assert shown(store) == shown(fresh)
        fresh.close()
        store.close()
    store = LocalStore.open(home)
    pull(store, mails)
    assert shown(store) == expected
    store.close()
