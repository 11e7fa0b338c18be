"""A mailing of the house, handed in as the client does it, and what its customers got."""

from collections import Counter
from email import message_from_bytes

from store.domain.ids import MailingId, MessageId
from store.domain.mailing import Fate, Mailing, MailingRow, MailingState, digest_of
from store.domain.mailing_commands import (
    BeginMailing,
    CancelMailing,
    HandInMailing,
    MailingCommand,
    PauseMailing,
    ResumeMailing,
    StartMailing,
)
from store.team.mailings import Standing
from tests.outbox.house import SUPPORT, House, mail

ID = MailingId("c" * 24)
FAST = 6000
"""A row each hundredth of a second: as fast as it goes."""


def rows(house: House, count: int, first: int = 2) -> tuple[MailingRow, ...]:
    """So many customers, each with a mail of their own."""
    return tuple(_row(house, n) for n in range(first, first + count))


def _row(house: House, n: int) -> MailingRow:
    message_id, address = MessageId(f"<row{n}.mado@example.test>"), f"customer{n}@customer.test"
    return MailingRow(n, address, f"お客様{n}", "ご案内", message_id, mail(message_id, house.address, address, subject="ご案内"))


async def give(house: House, command: MailingCommand) -> Mailing:
    """Ask for it as its maker."""
    answer = await house.desk.mailings.move(house.sato, command)
    assert isinstance(answer, Mailing), answer
    return answer


async def hand_in(house: House, given: tuple[MailingRow, ...], *, per_minute: int = FAST, begin: bool = True) -> None:
    """Start, upload, and begin."""
    start = StartMailing(mailing_id=ID, inbox=SUPPORT, name="ご案内", rows=len(given), per_minute=per_minute)
    await give(house, start)
    await house.desk.mailings.add_rows(ID, house.sato, 0, given)
    await give(house, HandInMailing(mailing_id=ID, sha256=digest_of(given)))
    if begin:
        await give(house, BeginMailing(mailing_id=ID))


async def pause(house: House) -> None:
    await give(house, PauseMailing(mailing_id=ID))


async def resume(house: House) -> None:
    await give(house, ResumeMailing(mailing_id=ID))


async def cancel(house: House) -> None:
    await give(house, CancelMailing(mailing_id=ID))


async def standing(house: House) -> Standing:
    found = await house.desk.mailings.standing(ID)
    assert found is not None
    return found


async def fates(house: House) -> dict[Fate, int]:
    return (await standing(house)).fates


async def state(house: House) -> MailingState:
    return (await standing(house)).mailing.state


def delivered(received: list) -> Counter[str]:
    """How often each Message-ID was taken by the mail server."""
    return Counter(str(message_from_bytes(envelope.content)["Message-ID"]) for envelope in received)
