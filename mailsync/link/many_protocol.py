"""Many commands in one call, as both ends see it: a part of `mailsync.link.protocol`."""

from typing import Annotated

import msgspec

from mailsync.link.protocol import Answer
from store.domain.ids import CommandKey, Seq
from store.domain.sorting import MOST_AT_ONCE, SortingCommand


class Given(msgspec.Struct, frozen=True):
    """A command under its own key: given again in another call, or alone, it is the same command once."""

    key: CommandKey
    command: SortingCommand


class ManyRequest(msgspec.Struct, frozen=True):
    """Decided in this order, each by itself: a refusal of one stops none. `epoch`: of the client's mirror; another one is a 409."""

    commands: Annotated[tuple[Given, ...], msgspec.Meta(max_length=MOST_AT_ONCE)]
    epoch: int | None = None


class ManyAnswer(msgspec.Struct, frozen=True):
    """What became of each, in the order in which they were given. What belongs to an inbox that is not the caller's is `NotAllowed`."""

    as_of: Seq
    answers: tuple[Answer, ...]
