"""Threads that turn out to be one: a union of thread keys that gives the same threads, under the same keys, in every order of arrival.

A message's own key is a hash of the id it takes for the root. Where References were cut or are missing, the messages of one thread name
different roots. Each message therefore joins all the ids it names, and of the roots that were named in one thread the smallest counts:
a minimum does not depend on the order in which its parts were seen, nor does the partition of a graph.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.domain.message import Message
from store.domain.thread_evidence import By, ThreadEvidence
from store.domain.threading import Link, Said, key_of, links, root_of


class Names(Protocol):
    """What is known of ids, by their keys. An id that nothing is said of stands for itself."""

    def told(self, keys: Collection[ThreadKey]) -> tuple[dict[ThreadKey, ThreadKey], set[ThreadKey]]:
        """Of those that were found to be one thread with another: with which. And those which a message taken in has for its own key."""
        ...

    def join(self, key: ThreadKey, up: ThreadKey | None) -> None:
        """Say so; None: it stands for itself again."""
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


def take_in(names: Names, inbox: InboxKey, message_id: MessageId, chain: tuple[Link, ...], root: MessageId, own: ThreadKey) -> Joined:
    """Join a message with everything it names; `chain`, `root` and `own` are its `links`, `root_of` and `thread_key`.

    Ask before `names` counts it among those taken in.
    """
    keys = {link.id: own if link.id == root else key_of(inbox, link.id) for link in chain}
    keys[message_id] = own if message_id == root else key_of(inbox, message_id)
    tops, roots = tops_of(names, {own, *keys.values()})
    candidates: dict[ThreadKey, MessageId | None] = {tops[key]: None for key in keys.values() if tops[key] != key}
    candidates |= {key: id_ for id_, key in keys.items() if tops[key] == key and key in roots}
    if tops[own] != own:
        candidates.setdefault(tops[own], None)
    if tops[own] == own or own not in roots:
        candidates[own] = root
    thread = next(iter(candidates)) if len(candidates) == 1 else min(candidates, key=lambda key: candidates[key] or names.root_id(key))
    if thread == own and tops[own] != own:
        names.join(own, None)
    were = tuple(key for key in candidates if key != thread)
    for key in dict.fromkeys((*were, *(key for key in keys.values() if tops[key] == key and key not in candidates))):
        names.join(key, thread)
    known = [link for link in chain if _is_known(keys[link.id], tops, roots)]
    return Joined(own, thread, were, evidence_of(known, named_before=_is_known(keys[message_id], tops, roots)))


def _is_known(key: ThreadKey, tops: Mapping[ThreadKey, ThreadKey], roots: Collection[ThreadKey]) -> bool:
    return tops[key] != key or key in roots


def tops_of(names: Names, keys: Collection[ThreadKey]) -> tuple[dict[ThreadKey, ThreadKey], set[ThreadKey]]:
    """For each key that of the thread it belongs to now, and which of them messages have for their own. A long way there is made short."""
    ups, roots = names.told(keys)
    asked, asking = set(keys), set(ups.values()) - set(keys)
    while asking:
        further, _ = names.told(asking)
        asked |= asking
        ups |= further
        asking = set(further.values()) - asked
    tops: dict[ThreadKey, ThreadKey] = {}
    for key in keys:
        top, passed = key, []
        while top in ups:
            passed.append(top)
            top = ups[top]
        for each in passed[:-1]:
            names.join(each, top)
            ups[each] = top
        tops[key] = top
    return tops, roots


def evidence_of(known: Iterable[Link], *, named_before: bool) -> ThreadEvidence:
    """What decided: the nearest of the ids it names that was known; else that somebody named it; else nothing, and it is new."""
    place = {By.REFERENCES: 2, By.IN_REPLY_TO: 1}
    nearest = max(known, key=lambda link: (place.get(link.by, 0), link.n), default=None)
    if nearest is None:
        return ThreadEvidence(By.NAMED_BY) if named_before else ThreadEvidence()
    return ThreadEvidence(nearest.by, nearest.n, nearest.id)


class NamesInMemory:
    """For files that are threaded once, without a store."""

    def __init__(self) -> None:
        self._up: dict[ThreadKey, ThreadKey] = {}
        self._roots: dict[ThreadKey, MessageId] = {}

    def told(self, keys: Collection[ThreadKey]) -> tuple[dict[ThreadKey, ThreadKey], set[ThreadKey]]:
        """As `Names` says; so the others."""
        return {key: self._up[key] for key in keys if key in self._up}, {key for key in keys if key in self._roots}

    def join(self, key: ThreadKey, up: ThreadKey | None) -> None:
        """As `Names` says."""
        if up is None:
            self._up.pop(key, None)
        else:
            self._up[key] = up

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
        said = Said.by(message.message_id, message)
        root = root_of(*said)
        joined = take_in(names, inbox, message.message_id, links(*said), root, key_of(inbox, root))
        names.count(joined.own, root)
        key_of_message.setdefault(message.message_id, joined.own)
    tops, _ = tops_of(names, set(key_of_message.values()))
    groups: dict[ThreadKey, list[MessageId]] = {}
    for message_id, key in key_of_message.items():
        groups.setdefault(tops[key], []).append(message_id)
    return list(groups.values())
