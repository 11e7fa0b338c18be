"""A try at a secret: counted before it is looked at, and taken back when it was no guess."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from mailsync.server.errors import CallRefused, NotYours, TooMany, WhoAreYou, WrongCode
from mailsync.server.house import House
from store.domain.guessing import Limit
from store.domain.ids import MemberKey
from store.team.errors import TriedTooOften

LOGIN_FAILED = "login_failed"

GUESSED = frozenset({WhoAreYou, NotYours, WrongCode})
"""What says that a secret was wrong; that another one is needed as well is no guess."""


@asynccontextmanager
async def a_try(house: House, limits: Sequence[Limit], who: MemberKey, place: str) -> AsyncIterator[None]:
    """Around the look at a secret. Left by one of `GUESSED` it was a guess; by another refusal it was none, and nothing is forgotten either.

    Raises:
        TooMany: One of the limits is reached; the secret is not looked at.
    """
    guesses = house.desk.people.guesses
    try:
        await guesses.begin(limits)
    except TriedTooOften as error:
        raise TooMany(str(error)) from error
    try:
        yield
    except CallRefused as error:
        if type(error) in GUESSED:
            await guesses.wrong(who, LOGIN_FAILED, place)
        else:
            await guesses.take_back(limits)
        raise
    await guesses.right(limits)
