"""What comes of a command, and how the line stands: what screens must know of the link, without its HTTP client."""

from datetime import datetime

import msgspec

from mailsync.link.protocol import Done, Refused
from store.domain.ending import Ending
from store.domain.ids import CommandKey


class Queued(msgspec.Struct, frozen=True):
    """The server is away; the command waits under this key and its predicted effect is shown."""

    key: CommandKey


Sent = Done | Refused | Queued


class LinkState(msgspec.Struct, frozen=True):
    """What the banner says. `why` is a sentence while not connected; `ended`: it will not try again by itself, the session is over;
    `over`: who answers says that whoever sits here is no member any more; `ending`: what is written down of it, if that was heard.
    """

    connected: bool
    since: datetime
    queued: int = 0
    why: str = ""
    ended: bool = False
    over: bool = False
    ending: Ending | None = None
