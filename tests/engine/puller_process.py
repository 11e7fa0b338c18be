"""A process that pulls a home's inbox once and says so; made to be killed. Arguments: home, port, user."""

import asyncio
import sys
from pathlib import Path

from tests.engine.homes import inbox_at, opened


async def main(home: Path, port: int, user: str) -> None:
    with opened(home, inbox_at(port, user)) as (engine, _):
        reports = await engine.pull_once()
    for report in reports:
        print(report.mailbox, report.new, report.error, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
