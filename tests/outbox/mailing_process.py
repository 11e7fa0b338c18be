"""A server of mailings in a process of its own, to be killed: `python -m tests.outbox.mailing_process HOME IMAP_PORT SMTP_PORT USER PASSWORD`."""

import asyncio
import sys
from pathlib import Path

from start_dovecot import User

from mailsync.server.mailing import MailingPace, MailingRunner
from mailsync.server.outbox import OutboxRunner
from store.domain.ids import InboxKey
from store.team.desk import TeamDesk
from tests.outbox.house import MovedClock, house_of, running


async def reached(_inbox: InboxKey) -> bool:
    """The mailbox was looked at: what is tried here is the way out."""
    return True


async def main(home: Path, imap_port: int, smtp_port: int, user: User) -> None:
    clock = MovedClock()
    desk = await asyncio.to_thread(TeamDesk, home / "team.db", clock)
    house = house_of(desk, clock, home, user, imap_port=imap_port, smtp_port=smtp_port)
    outbox = OutboxRunner(desk, house.settings, house.secrets, clock, reached, pace=house.pace)
    async with running(MailingRunner(desk, house.settings, clock, reached, pace=MailingPace(look_every_seconds=0.05)).run()), running(outbox.run()):
        await asyncio.Event().wait()


if __name__ == "__main__":
    folder, imap, smtp, name, password = sys.argv[1:]
    asyncio.run(main(Path(folder), int(imap), int(smtp), User(name, password)))
