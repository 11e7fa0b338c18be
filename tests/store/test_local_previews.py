"""A mail is a header first: its text may say where it belongs, and whatever was done with it until then goes there with it."""

import random
from pathlib import Path

import msgspec
import pytest

from store.domain.draft import Draft
from store.domain.ids import MessageId
from store.domain.message import DeliveryReport
from store.domain.query import parse_query
from store.domain.threading import Said, thread_key
from store.local.rows import NewMail
from store.local.store import LocalStore
from tests.store.letters import SUPPORT, ids, letter, torn_letters
from tests.store.test_local_threads import pull, shown


def preview(mail: NewMail) -> NewMail:
    """What of it comes first."""
    header = msgspec.structs.replace(mail.message, text="", report=None)
    key = thread_key(SUPPORT, *Said.by(mail.message_id, header))
    return msgspec.structs.replace(mail, raw=None, preview=True, header_only=True, message=header, thread_key=key)


def about(mail: NewMail, original: MessageId) -> NewMail:
    """A bounce: its text says which mail did not arrive."""
    message = msgspec.structs.replace(mail.message, report=DeliveryReport((), original))
    key = thread_key(SUPPORT, *Said.by(mail.message_id, message))
    return msgspec.structs.replace(mail, message=message, thread_key=key)


@pytest.mark.parametrize("opened", [False, True], ids=["pulled", "opened"])
def test_a_draft_begun_on_a_preview_goes_where_its_text_belongs(tmp_path: Path, opened: bool) -> None:
    store = LocalStore.open(tmp_path)
    (original,) = ids(["a"])
    bounce = about(letter("bounce", minute=2), original)
    pull(store, [letter("a", minute=1), preview(bounce)])
    alone = next(row for row, messages in shown(store).items() if ("<bounce@x>", "") in messages)
    store.save_draft(Draft(conversation_id=alone, body="半分書いた返信"))
    if opened:
        assert store.complete(SUPPORT, bounce)
    else:
        pull(store, [bounce])
    (now,) = shown(store)
    assert store.resolve(alone) == now
    assert [(draft.conversation_id, draft.body) for draft in store.drafts()] == [(now, "半分書いた返信")]
    store.close()


def test_drafts_of_two_threads_come_together_when_a_mail_that_is_opened_joins_them(tmp_path: Path) -> None:
    store = LocalStore.open(tmp_path)
    (original,) = ids(["a"])
    bounce = about(letter("bounce", minute=3, in_reply_to=["z"]), original)
    pull(store, [letter("a", minute=1), letter("z", minute=2), preview(bounce)])
    for row in shown(store):
        store.save_draft(Draft(conversation_id=row, body=f"on {row}"))
    before = set(shown(store))
    assert store.complete(SUPPORT, bounce)
    (now,) = shown(store)
    (draft,) = store.drafts()
    assert draft.conversation_id == now
    assert all(f"on {row}" in draft.body for row in before)
    store.close()


@pytest.mark.parametrize("seed", range(6))
def test_whether_seen_as_a_header_first_or_not_a_mail_ends_in_the_same_conversation(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    plain = torn_letters(seed)
    mails = [about(mail, chance.choice(plain).message_id) if chance.random() < 0.2 else mail for mail in plain]
    whole = LocalStore.open(tmp_path / "whole")
    pull(whole, mails)
    expected = shown(whole)
    whole.close()
    for turn in range(4):
        store = LocalStore.open(tmp_path / str(turn))
        order = [(mail, first) for mail in mails for first in (True, False)]
        chance.shuffle(order)
        for mail, is_first in order:
            if not is_first and chance.random() < 0.3:
                store.complete(SUPPORT, mail)
            pull(store, [preview(mail) if is_first else mail])
        assert shown(store) == expected
        assert store.count(parse_query("")) == len(expected)
        store.close()
