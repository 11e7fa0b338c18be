"""What a mirror reads of the server: conversations, and the journal, in pages."""

from typing import Annotated

import msgspec

from store.domain.conversation import Conversation
from store.domain.events import Recorded, TeamEvent
from store.domain.ids import ConversationId, Seq
from store.domain.people import Member
from store.domain.template import Template, TemplateUses


class SnapshotPage(msgspec.Struct, frozen=True):
    """Conversations in order of id. The first page also tells members and templates; `next` None: that was all.

    `seq` is the journal position of the page: apply events since the *first* page's seq afterwards; `evolve` skips what a state already has.
    """

    epoch: int
    seq: Seq
    conversations: tuple[Conversation, ...]
    next: ConversationId | None
    members: tuple[Member, ...] = ()
    templates: tuple[Template, ...] = ()
    team: tuple[TeamEvent, ...] = ()
    """The latest event of each status, group and absence."""


class NewestPage(msgspec.Struct, frozen=True):
    """Conversations, those with the highest numbers first; the first page of the open ones also tells members and templates.

    With the first page, and every event after its `seq`, a mirror is right in all that it holds; what it does not hold yet (`next`, then
    the closed ones) may come in any order and at any time, or one by one (`states`) when an event names it.
    """

    epoch: int
    seq: Seq
    conversations: tuple[Conversation, ...]
    next: int | None = None
    members: tuple[Member, ...] = ()
    templates: tuple[Template, ...] = ()
    team: tuple[TeamEvent, ...] = ()
    """The latest event of each status, group, absence and field."""
    uses: tuple[TemplateUses, ...] = ()
    """How often the templates were used, up to `seq`."""


class StatesWanted(msgspec.Struct, frozen=True):
    """Conversations by their ids; those that are not there, or not the caller's to see, are left out of the answer."""

    ids: Annotated[tuple[ConversationId, ...], msgspec.Meta(max_length=500)]


class EventsPage(msgspec.Struct, frozen=True):
    """Events with seq > since, in order, without gap; `seq` is the journal's newest."""

    epoch: int
    seq: Seq
    recorded: tuple[Recorded, ...]
