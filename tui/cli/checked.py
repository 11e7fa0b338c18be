"""The send check as verbs run it: a draft with its conversation comes to findings, and a finding to a line of JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from store.clock import SystemClock
from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.finding import Finding
from store.domain.send_check import check
from store.local.rows import StoredMessage
from store.local.store import LocalStore
from store.settings.kept import Kept
from store.settings.settings import Settings
from tui.checking import Desk, facts_around
from tui.cli.hit_shapes import Shape


@dataclass(frozen=True)
class Checked:
    """A draft and what it is part of."""

    draft: Draft
    conversation: Conversation
    messages: Sequence[StoredMessage]


def findings_of(home: Path, store: LocalStore, settings: Settings, checked: Checked) -> tuple[Finding, ...]:
    """What the check says of it, errors first; blocking."""
    own = frozenset(inbox.address.lower() for inbox in settings.inboxes)
    inbox = next((each for each in settings.inboxes if each.key == checked.conversation.inbox), None)
    me = next((member.name for member in store.members() if member.key == store.me()), "")
    signature = (Kept(home).signature(inbox.key) if inbox else "") or me
    desk = Desk(store, own, inbox, signature)
    return check(checked.draft, facts_around(desk, checked.draft, checked.conversation, checked.messages, SystemClock().now()))


def finding_shape(finding: Finding) -> Shape:
    """A finding as an object of JSON; its sentence is in English, whatever the terminal speaks."""
    return {**msgspec.to_builtins(finding), "sentence": finding.sentence}
