"""`mado server run` that is taken over sooner than in a house: `python -m tests.server.serve_process HOME URL`."""

import asyncio
import json
import sys
from pathlib import Path

from mailsync.server.duties import DutyPace
from mailsync.server.run import serve
from store.settings.settings import load_settings


def ready(url: str) -> None:
    print(json.dumps({"ready": True, "url": url}), flush=True)


if __name__ == "__main__":
    home = Path(sys.argv[1])
    pace = DutyPace(beat_seconds=0.1, silent_seconds=2.5, look_seconds=0.05)
    asyncio.run(serve(load_settings(home), home, database=sys.argv[2], on_ready=ready, pace=pace))
