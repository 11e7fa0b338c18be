"""Threads that turn out to be one: a union of thread keys that gives the same threads, under the same keys, in every order of arrival.

A message's own key is a hash of the id it takes for the root. Where References were cut or are missing, the messages of one thread name
different roots. Each message therefore joins all the ids it names, and of the roots that were named in one thread the smallest counts:
a minimum does not depend on the order in which its parts were seen, nor does the partition of a graph.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.domain.message import Message
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.threading import Link, key_of, links, root_of


class Names(Protocol):
    """What is known of ids, by their keys. An id that nothing is said of stands for itself."""

    def up(self, key: ThreadKey) -> ThreadKey | None:
        """The key that this one was found to be one thread with; None: it stands for itself."""
        ...

    def join(self, key: ThreadKey, up: ThreadKey | None) -> None:
        """Say so; None: it stands for itself again."""
        ...

    def is_root(self, key: ThreadKey) -> bool:
        """Whether a message that was taken in has this for its own key."""
        ...

    def root_id(self, key: ThreadKey) -> MessageId:
        """The id that such a message took for the root."""
        ...


class Joined(NamedTuple):
    """Where a message belongs. `were`: keys that threads had until now which are this one."""

    own: ThreadKey
    thread: ThreadKey
    were: tuple[ThreadKey, ...]
    evidence: ThreadEvidence


def take_in(names: Names, inbox: InboxKey, message_id: MessageId, chain: tuple[Link, ...], root: MessageId) -> Joined:
    """Join a message with everything it names; `chain` and `root` are its `links` and `root_of`. Ask before it is counted by `is_root`."""
    own = key_of(inbox, root)
    tops: dict[ThreadKey, MessageId | None] = {}
    loose: list[ThreadKey] = []
    known: list[Link] = []
    own_top = find(names, own)
    named_before = False
    if own_top == own or not names.is_root(own):
        tops[own] = root
    if own_top != own:
        tops[own_top] = None
    for link in (*chain, Link(message_id, By.NAMED_BY, 0)):
        key = key_of(inbox, link.id)
        top = own_top if key == own else find(names, key)
        is_known = top != key or names.is_root(key)
        if top != key:
            tops.setdefault(top, None)
        elif is_known:
            tops[key] = link.id
        elif key != own:
            loose.append(key)
        if is_known and link.by is not By.NAMED_BY:
            known.append(link)
        elif is_known:
            named_before = True
    thread = next(iter(tops)) if len(tops) == 1 else min(tops, key=lambda key: tops[key] or names.root_id(key))
    if own_top != own and thread == own:
        names.join(own, None)
    were = tuple(key for key in tops if key != thread)
    for key in (*were, *loose):
        names.join(key, thread)
    return Joined(own, thread, were, evidence_of(chain, known, named_before=named_before))


def find(names: Names, key: ThreadKey) -> ThreadKey:
    """The key of the thread that this one belongs to now."""
    top, passed = key, []
    while (up := names.up(top)) is not None:
        passed.append(top)
        top = up
    for each in passed[:-1]:
        names.join(each, top)
    return top


def evidence_of(chain: tuple[Link, ...], known: Iterable[Link], *, named_before: bool) -> ThreadEvidence:
    """What decided: the nearest id of the chain that was known; where none was, the first, which nobody has seen yet."""
    place = {By.REFERENCES: 2, By.IN_REPLY_TO: 1}
    nearest = max(known, key=lambda link: (place.get(link.by, 0), link.n), default=None)
    if nearest is None and named_before:
        return ThreadEvidence(By.NAMED_BY)
    nearest = nearest or next(iter(chain), None)
    return ThreadEvidence(nearest.by, nearest.n, nearest.id) if nearest else ThreadEvidence()


class NamesInMemory:
    """For files that are threaded once, without a store."""

    def __init__(self) -> None:
        self._up: dict[ThreadKey, ThreadKey] = {}
        self._roots: dict[ThreadKey, MessageId] = {}

    def up(self, key: ThreadKey) -> ThreadKey | None:
        """As `Names` says; so the others."""
        return self._up.get(key)

    def join(self, key: ThreadKey, up: ThreadKey | None) -> None:
        """As `Names` says."""
        if up is None:
            self._up.pop(key, None)
        else:
            self._up[key] = up

    def is_root(self, key: ThreadKey) -> bool:
        """As `Names` says."""
        return key in self._roots

    def root_id(self, key: ThreadKey) -> MessageId:
        """As `Names` says."""
        return self._roots[key]

    def count(self, key: ThreadKey, root: MessageId) -> None:
        """A message with this own key was taken in."""
        self._roots.setdefault(key, root)


def threads_of(messages: Iterable[Message]) -> list[list[MessageId]]:
    """Group messages by what they name, also through messages that are not among them; in order of first appearance.

    The order of the messages changes nothing but the order of the answer. Messages without a Message-ID are left out.
    """
    names, key_of_message, inbox = NamesInMemory(), dict[MessageId, ThreadKey](), InboxKey("")
    for message in messages:
        if message.message_id is None:
            continue
        said = (message.message_id, message.in_reply_to, message.references, message.other_ids)
        root = root_of(*said)
        joined = take_in(names, inbox, message.message_id, links(*said), root)
        names.count(joined.own, root)
        key_of_message.setdefault(message.message_id, joined.own)
    groups: dict[ThreadKey, list[MessageId]] = {}
    for message_id, key in key_of_message.items():
        groups.setdefault(find(names, key), []).append(message_id)
    return list(groups.values())
