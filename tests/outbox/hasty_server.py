"""`mado server run` that waits no longer for a mail server than a test has time: `python -m tests.outbox.hasty_server HOME [URL]`."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

from mailsync.server.duties import DutyPace
from mailsync.server.outbox import OutboxPace
from mailsync.server.outbox_plan import Patience
from mailsync.server.run import serve
from mailsync.server.sent_habit import CopyPatience
from store.settings.settings import load_settings

DUTIES = DutyPace(beat_seconds=0.1, silent_seconds=2.5, look_seconds=0.05)
OUTBOX = OutboxPace(
    patience=Patience(retry_after=(timedelta(seconds=0.5),), most_attempts=100),
    held_retry_seconds=0.3,
    look_every_seconds=1.0,
    smtp_seconds=2.0,
    final_answer_seconds=2.0,
    copy_retry_seconds=0.3,
    copy_patience=CopyPatience(first_seconds=0.0),
)


def ready(url: str) -> None:
    print(json.dumps({"ready": True, "url": url}), flush=True)


if __name__ == "__main__":
    home, *url = sys.argv[1:]
    database = url[0] if url else None
    asyncio.run(serve(load_settings(Path(home)), Path(home), database=database, on_ready=ready, pace=DUTIES, outbox_pace=OUTBOX))
