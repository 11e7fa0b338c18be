"""A process that pulls a home once and weighs itself. Arguments: home, port, user, keep, verify. One JSON line of what it took."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from msgspec.structs import replace

from tests.engine.homes import inbox_at, opened


def peak_kib() -> int:
    """Of this program alone: ru_maxrss begins with what the process weighed before it became this program."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1])


def main(home: Path, port: int, user: str, keep: str, verify: str) -> None:
    inbox = inbox_at(port, user)
    inbox = replace(inbox, imap=replace(inbox.imap, keep=keep))
    began = time.monotonic()
    with opened(home, inbox) as (engine, store):
        reports = asyncio.run(engine.pull_once(verify=bool(verify)))
        uids = len(store.uids(reports[0].inbox, "INBOX"))
    used = resource.getrusage(resource.RUSAGE_SELF)
    verified = reports[0].verified
    weighed = {
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": round(peak_kib() / 1024),
        "stored": uids,
        "errors": [str(report.error) for report in reports if report.error],
        "differences": verified.differences if verified else None,
        "checked": verified.checked if verified else None,
    }
    print(json.dumps(weighed), flush=True)


main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
