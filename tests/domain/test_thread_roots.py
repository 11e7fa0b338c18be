"""The same mails make the same threads, under the same keys, in whatever order they come."""

import random
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from store.domain.ids import InboxKey, MessageId
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.thread_roots import NamesInMemory, take_in, tops_of
from store.domain.threading import key_of, links, root_of

SUPPORT = InboxKey("support")


class Letter:
    """What threading reads of a message."""

    def __init__(self, name, references=(), in_reply_to=()):
        self.message_id = MessageId(f"<{name}@x>")
        self.references = tuple(MessageId(f"<{one}@x>") for one in references)
        self.in_reply_to = tuple(MessageId(f"<{one}@x>") for one in in_reply_to)

    def __repr__(self):
        return f"{self.message_id} references={self.references} in_reply_to={self.in_reply_to}"


def threads(letters):
    """Each letter's thread key once all are in, and the evidence of each."""
    names, own, evidence = NamesInMemory(), {}, {}
    for letter in letters:
        said = (letter.message_id, letter.in_reply_to, letter.references)
        root = root_of(*said)
        joined = take_in(names, SUPPORT, letter.message_id, links(*said), root, key_of(SUPPORT, root))
        names.count(joined.own, root)
        own[letter.message_id, letter.references, letter.in_reply_to] = joined.own
        evidence.setdefault(letter.message_id, joined.evidence)
    tops, _ = tops_of(names, set(own.values()))
    return {letter: tops[key] for letter, key in own.items()}, evidence


def keys(letters):
    return threads(letters)[0]


names = st.sampled_from("abcdefgh")
letters = st.builds(Letter, names, st.lists(names, max_size=3), st.lists(names, max_size=2))


@given(st.lists(letters, max_size=12), st.randoms(use_true_random=False))
def test_every_order_gives_the_same_keys(mails, chance):
    shuffled = list(mails)
    chance.shuffle(shuffled)
    assert keys(shuffled) == keys(mails)


@given(st.lists(letters, max_size=8))
def test_a_thread_is_what_is_connected(mails):
    groups = {}
    for (message_id, references, in_reply_to), key in keys(mails).items():
        groups.setdefault(key, set()).update({message_id, *references, *in_reply_to})
    # No id stands in two threads: then each thread is a union of whole components; and one is not more than one, for its key is its own.
    assert sum(map(len, groups.values())) == len(set().union(*groups.values()))
    for group in groups.values():
        reached = {min(group)}
        while True:
            more = {one for mail in mails for one in _named(mail) if reached & _named(mail)} | reached
            if more == reached:
                break
            reached = more
        assert group == reached


def _named(mail):
    return {mail.message_id, *mail.references, *mail.in_reply_to}


def test_thousands_of_orders_of_a_long_torn_thread_give_one_key():
    chance = random.Random(20261128)
    mails = [Letter("0")]
    for n in range(1, 40):
        parent = chance.randrange(n)
        named = [str(parent // 2), str(parent)]
        mails.append(Letter(str(n), **chance.choice([{"in_reply_to": named[1:]}, {"references": named}, {"references": named[1:]}])))
    expected = keys(mails)
    assert len(set(expected.values())) == 1
    for _ in range(2_000):
        chance.shuffle(mails)
        assert keys(mails) == expected


def test_the_reply_whose_parent_comes_last_joins_the_parents_thread():
    reply, parent = Letter("b", in_reply_to=["a"]), Letter("a", references=["r"])
    for order in permutations([reply, parent, Letter("r")]):
        assert len(set(keys(order).values())) == 1


def test_a_circle_goes_by_its_smallest_id():
    circle = [Letter("b", references=["c"]), Letter("c", references=["a"]), Letter("a", references=["b"])]
    for order in permutations(circle):
        assert set(keys(order).values()) == {key_of(SUPPORT, "<a@x>")}


def test_the_evidence_is_the_nearest_id_that_was_known():
    _, evidence = threads([Letter("a"), Letter("b", references=["a"]), Letter("d", references=["a", "b", "c"]), Letter("e", in_reply_to=["z", "d"])])
    assert evidence["<a@x>"] == ThreadEvidence(By.NEW)
    assert evidence["<b@x>"] == ThreadEvidence(By.REFERENCES, 1, "<a@x>")
    assert evidence["<d@x>"] == ThreadEvidence(By.REFERENCES, 2, "<b@x>")
    assert evidence["<e@x>"] == ThreadEvidence(By.IN_REPLY_TO, 2, "<d@x>")


def test_the_evidence_of_a_parent_that_comes_late_is_that_it_was_named():
    _, evidence = threads([Letter("b", references=["a"]), Letter("a")])
    assert evidence["<b@x>"] == ThreadEvidence(By.NEW)
    assert evidence["<a@x>"] == ThreadEvidence(By.NAMED_BY)


def test_a_hostile_chain_of_a_million_ids_is_read_at_its_ends():
    chain = links(MessageId("<m@x>"), (), [MessageId(f"<{n}@x>") for n in range(1_000_000)])
    assert [chain[0].id, chain[-1].id, len(chain)] == ["<0@x>", "<999999@x>", 100]


def test_a_report_about_a_mail_belongs_to_that_mail_under_either_way_of_reading_it():
    seen_whole = links(MessageId("<bounce@x>"), (), (), (), MessageId("<ours@x>"))
    assert [(link.id, link.by) for link in seen_whole] == [("<ours@x>", By.REPORT)]
    assert root_of(MessageId("<bounce@x>"), (), (), (), MessageId("<ours@x>")) == "<ours@x>"
