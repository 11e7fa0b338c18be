"""What is asked of the store to explain a conversation. Blocking: ask the store's reader to do it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from store.domain.ids import ConversationId, MemberKey
from store.domain.query import All, And, Query
from store.domain.query_printer import query_to_text
from store.domain.waiting import span_of_wait
from store.local.store import LocalStore
from store.settings.settings import Settings
from tui.opened import read_opened
from tui.view.keys.making import made
from tui.view.known import Known, Part, Place
from tui.words import _


def waits_of(settings: Settings) -> tuple[timedelta, ...]:
    """The house's own steps of a wait."""
    return tuple(span for text in settings.list.waiting_steps if (span := span_of_wait(text)) is not None)


def place_of(store: LocalStore, conversation_id: ConversationId, query: Query, view: str, *, best: bool = False, newest_first: bool = True) -> Place:
    """How it stands to a list."""
    parts = query.parts if isinstance(query, And) else () if query == All() else (query,)
    fulfilled = tuple(Part(query_to_text(part), store.fulfils(part, conversation_id)) for part in parts)
    row = store.row(conversation_id)
    is_in = row is not None and all(part.holds for part in fulfilled)
    above = store.position(query, row.key) if row is not None and is_in and newest_first else None
    return Place(view, fulfilled or (Part(_("everything but junk"), is_in),), above, best)


def known_of(
    store: LocalStore, settings: Settings, conversation_id: ConversationId, place: Place | None, me: MemberKey | None, now: datetime
) -> Known | None:
    """All that is known of it; None: there is no such conversation (any more)."""
    opened = read_opened(store, conversation_id)
    if opened is None:
        return None
    names: Mapping[MemberKey, str] = {member.key: member.name for member in store.members()}
    return Known(
        opened.row, opened.conversation, opened.timeline, opened.messages, place, me, names, now, made(settings.keys).keys.shown,
        statuses=store.team().every_status(), waits=waits_of(settings),
    )  # fmt: skip
