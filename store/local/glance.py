"""A first look at a home, before its store is opened: the top of a list, its length, and who is who. Writes nothing, waits for nobody."""

from pathlib import Path

import msgspec

from store.domain.ids import MemberKey
from store.domain.people import Member
from store.domain.query import Query
from store.domain.team_facts import TeamFacts
from store.local.files import Presences
from store.local.lists import Lists
from store.local.people import load_members, load_team
from store.local.rows import Page
from store.local.shelf import ReadingShelf
from store.sqlite.connection import Connection
from store.sqlite.errors import StoreError


class Glance(msgspec.Struct, frozen=True):
    """What a list shows first."""

    page: Page
    count: int
    me: MemberKey | None
    members: tuple[Member, ...]
    team: TeamFacts = TeamFacts()


def glance(home: Path, query: Query, limit: int) -> Glance | None:
    """The first `limit` lines of a list; None: there is no store, or it has to be made, mended or waited for first."""
    shelf = _Shelf.open(home, busy_milliseconds=0)
    if shelf is None:
        return None
    try:
        return shelf.read(lambda connection: shelf.look(connection, query, limit))
    except (StoreError, msgspec.DecodeError):
        # A row this version cannot read: the store says so when it is opened.
        return None
    finally:
        shelf.close()


class _Shelf(ReadingShelf):
    """As much of `store.local.files.Files` as `Lists` needs."""

    def __init__(self, cache: Connection, kept: Connection) -> None:
        super().__init__(cache, kept)
        self.presences = Presences()

    def look(self, connection: Connection, query: Query, limit: int) -> Glance:
        """All of one moment."""
        lists = Lists(self)
        page = lists.page(query, limit=limit, after=None, before=None, from_end=False)
        return Glance(page, lists.count(query, None), self.me, load_members(connection), load_team(connection))
