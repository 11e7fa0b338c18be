"""A terminal without a screen: the engine of a home at work until it is killed. Arguments: home, port, user. Says what it is doing."""

import asyncio
import sys
from pathlib import Path

from mailsync.engine.reports import SyncStatus
from tests.engine.homes import inbox_at, opened


async def main(home: Path, port: int, user: str) -> None:
    with opened(home, inbox_at(port, user)) as (engine, _):

        def tell(status: SyncStatus) -> None:
            print(*(each.state for each in status.inboxes.values()), flush=True)

        engine.on_status = tell
        await engine.run()


asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
