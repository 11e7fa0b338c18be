"""Steps of a large pull are stored together, and nothing that must keep its place is."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mailsync.engine.helper_process import prepare_batch
from mailsync.engine.together import TOGETHER_BYTES, TOGETHER_MESSAGES, Together
from mailsync.imap.plan import Covered
from mailsync.imap.pull import Fetched, Pulled
from store.domain.ids import InboxKey
from store.local.intake import Prepared

ONE = Fetched(1, None, (), 9, b"From: a@example.test\r\n\r\n")
(READ,) = prepare_batch(InboxKey("support"), [ONE])


def stored(steps: Sequence[Pulled], *, finished: bool = True) -> list[tuple[Pulled, int]]:
    """What is stored of these steps: the last step of each transaction, and how many mails are in it."""
    done: list[tuple[Pulled, int]] = []

    def store(pulled: Pulled, mails: Sequence[Prepared]) -> None:
        done.append((pulled, len(mails)))

    together = Together(store)
    for each in steps:
        together.add(each, [READ] * len(each.fetched))
    if finished:
        together.finish()
    return done


def past(total: int, *, of_messages: int = 100, fetched: Fetched = ONE) -> list[Pulled]:
    """The steps of a first pull, newest first."""
    dones = range(of_messages, total + 1, of_messages)
    return [Pulled(Covered(1, total - done + 1, total), (fetched,) * of_messages, done=done, total=total) for done in dones]


def test_the_first_hundreds_of_a_large_pull_are_seen_one_by_one_and_the_past_by_five() -> None:
    sizes = [mails for _, mails in stored(past(10_000))]
    assert sizes[:4] == [100] * 4
    assert sizes[-5:] == [TOGETHER_MESSAGES] * 5
    assert sum(sizes) == 10_000
    assert sizes[:-1] == sorted(sizes[:-1])


def test_what_is_gathered_takes_only_so_much_memory() -> None:
    large = replace(ONE, raw=b"x" * (TOGETHER_BYTES // 200))
    assert max(mails for _, mails in stored(past(10_000, fetched=large))) == 200


def test_the_last_step_waits_for_nothing() -> None:
    assert sum(mails for _, mails in stored(past(10_100), finished=False)) == 10_100


ODD = st.sampled_from((None, {"gone": (7,)}, {"flags": {7: ("\\Seen",)}}, {"forget_uids": True}, {"fetched": ()}, {"total": 0}))


@given(st.lists(ODD, max_size=60))
def test_every_mail_is_stored_under_a_cover_that_is_true_and_what_changed_keeps_its_place(odd: list[dict[str, object] | None]) -> None:
    steps = [replace(step, **(what or {})) for step, what in zip(past(6_000)[: len(odd)], odd, strict=True)]
    transactions = stored(steps)
    assert sum(mails for _, mails in transactions) == sum(len(each.fetched) for each in steps)
    so_far = 0
    places = {id(each): sum(mails for _, mails in transactions[: place + 1]) for place, (each, _) in enumerate(transactions)}
    for step, what in zip(steps, odd, strict=True):
        so_far += len(step.fetched)
        if what is not None:
            assert places[id(step)] == so_far
    covers = [each.covered for each, _ in transactions]
    assert covers == sorted(covers, key=lambda cover: -cover.lowest_uid)
