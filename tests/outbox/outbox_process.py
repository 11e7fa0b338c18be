"""A watcher and an outbox in a process of their own, to be killed: `python -m tests.outbox.outbox_process HOME IMAP_PORT SMTP_PORT USER PASSWORD`."""

import asyncio
import sys
from pathlib import Path

from start_dovecot import User

from store.team.desk import TeamDesk
from tests.outbox.house import MovedClock, house_of


async def main(home: Path, imap_port: int, smtp_port: int, user: User) -> None:
    clock = MovedClock()
    desk = await asyncio.to_thread(TeamDesk, home / "team.db", clock)
    house = house_of(desk, clock, home, user, imap_port=imap_port, smtp_port=smtp_port)
    async with house.sending():
        await asyncio.Event().wait()


if __name__ == "__main__":
    folder, imap, smtp, name, password = sys.argv[1:]
    asyncio.run(main(Path(folder), int(imap), int(smtp), User(name, password)))
