"""What the servers of one house tell each other beside the journal: where their terminals are, and that there may be new mail.

Nothing of it is kept, and any of it may be lost: then it is late by the time of one `EVERYTHING_SECONDS`, never wrong for longer.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping

import msgspec

from mailsync.server.presence import Look, Presence
from store.domain.ids import InboxKey, MemberKey
from store.team.desk import TeamDesk

GATHER_SECONDS = 0.05
"""What changes within it goes in one word."""
EVERYTHING_SECONDS = 15.0
"""How often each server says where all of its terminals are; a third of the time after which a silent one is gone."""
LOOKS_A_WORD = 20
LONGEST_BYTES = 7500

_log = logging.getLogger(__name__)


class Where(msgspec.Struct, frozen=True, tag_field="w", tag="where"):
    """Terminals of a server; None: at the list, or gone."""

    server: str
    looks: dict[int, Look | None]


class WhoIsWhere(msgspec.Struct, frozen=True, tag_field="w", tag="who"):
    """A server asks everybody to say all they know."""

    server: str


class Ended(msgspec.Struct, frozen=True, tag_field="w", tag="ended"):
    """A server stops."""

    server: str


class MayBeMail(msgspec.Struct, frozen=True, tag_field="w", tag="mail"):
    """Whoever watches the inbox is to look."""

    server: str
    inbox: InboxKey


class HasRead(msgspec.Struct, frozen=True, tag_field="w", tag="read"):
    """A member's read marks have come to `n`."""

    server: str
    member: MemberKey
    n: int


Word = Where | WhoIsWhere | Ended | MayBeMail | HasRead

_encode = msgspec.json.Encoder().encode
_read: Callable[[str], Word] = msgspec.json.Decoder(Word).decode


class Neighbours:
    """This server's end. `changed`: presence is another one now; `look`: have the inbox's mailboxes looked at, if that is our work; `read`: a
    member has read something."""

    def __init__(
        self,
        desk: TeamDesk,
        presence: Presence,
        changed: Callable[[], None],
        look: Callable[[InboxKey], None],
        read: Callable[[MemberKey, int], None] | None = None,
    ) -> None:
        self._desk = desk
        self._presence = presence
        self._changed = changed
        self._look = look
        self._read = read
        self._name = secrets.token_hex(8)
        self._asked = asyncio.Event()
        desk.listen(self._heard)

    async def run(self) -> None:
        """Tell the others where our terminals are, at once and now and then; for ever. Where there can be no others, at once over."""
        loop = asyncio.get_running_loop()
        everything_at = loop.time()
        while self._desk.shared:
            if self._asked.is_set() or loop.time() >= everything_at:
                self._asked.clear()
                self._say_where(self._presence.here())
                everything_at = loop.time() + EVERYTHING_SECONDS
            await self._something(everything_at)
            await asyncio.sleep(GATHER_SECONDS)
            self._say_where(self._presence.news())

    def hint(self, inbox: InboxKey) -> None:
        """There may be new mail: whoever watches the inbox, here or elsewhere, is to look."""
        self._look(inbox)
        self._say(MayBeMail(self._name, inbox))

    def has_read(self, member: MemberKey, n: int) -> None:
        """A member's read marks have come to `n` here; one of their terminals may be at another server."""
        self._say(HasRead(self._name, member, n))

    def close(self) -> None:
        """We stop: nobody is here any more."""
        self._say(Ended(self._name))

    async def _something(self, until: float) -> None:
        waiting = [asyncio.ensure_future(event.wait()) for event in (self._presence.moved, self._asked)]
        try:
            await asyncio.wait(waiting, timeout=max(0.0, until - asyncio.get_running_loop().time()), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    def _heard(self, word: str) -> None:
        if not word:
            # Nobody listened for a moment: ours may have been missed as well.
            self._say(WhoIsWhere(self._name))
            self._asked.set()
            return
        try:
            said = _read(word)
        except msgspec.MsgspecError:
            _log.info("another server said something that this version does not know")
            return
        if said.server != self._name:
            self._take(said)

    def _take(self, said: Word) -> None:
        match said:
            case Where(server=server, looks=looks):
                self._presence.elsewhere(server, looks)
                self._changed()
            case Ended(server=server):
                self._presence.forget(server)
                self._changed()
            case WhoIsWhere():
                self._asked.set()
            case HasRead(member=member, n=n) if self._read is not None:
                self._read(member, n)
            case HasRead():
                pass
            case MayBeMail(inbox=inbox):
                self._look(inbox)

    def _say_where(self, looks: Mapping[int, Look | None]) -> None:
        for part in _parts(list(looks.items())):
            self._say(Where(self._name, part))

    def _say(self, word: Word) -> None:
        encoded = _encode(word)
        if self._desk.shared and len(encoded) <= LONGEST_BYTES:
            self._desk.say(encoded.decode())


def _parts(looks: list[tuple[int, Look | None]]) -> Iterable[dict[int, Look | None]]:
    return (dict(looks[start : start + LOOKS_A_WORD]) for start in range(0, len(looks), LOOKS_A_WORD))
