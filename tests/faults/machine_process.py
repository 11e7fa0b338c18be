"""A process on a machine in trouble: writes a home until something fails, says what, and tries again when told to by a line on stdin.

Arguments: home, port, user, what to limit ("size BYTES": the largest file; "tmpfs BYTES": the home's whole disk; "": nothing). One line
out for each pull: the error's class and sentence, or "fine" and the number of mails. A draft is saved before each pull.
"""

import asyncio
import resource
import signal
import subprocess
import sys
from pathlib import Path

from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.errors import MadoError
from store.local.store import LocalStore
from tests.engine.homes import inbox_at, opened

HERE = ConversationId("abcd")


def limit(home: Path, kind: str, amount: str) -> None:
    """Make room scarce; a second call gives all that is wanted."""
    if kind == "size":
        # Without this the kernel would end the process instead of letting the write fail.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(amount), resource.RLIM_INFINITY))
    elif kind == "tmpfs":
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={amount},mode=0700", "tmpfs", str(home)], check=True)


def relieve(home: Path, kind: str) -> None:
    if kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    elif kind == "tmpfs":
        subprocess.run(["mount", "-o", "remount,size=200m", str(home)], check=True)


def pull(home: Path, port: int, user: str) -> str:
    try:
        with opened(home, inbox_at(port, user)) as (engine, store):
            said = [save_draft(store)]
            reports = asyncio.run(engine.pull_once())
            said += [f"{type(report.error).__name__}: {report.error}" for report in reports if report.error]
            return " | ".join(filter(None, said)) or f"fine {len(store.uids(reports[0].inbox, 'INBOX'))}"
    except MadoError as error:
        return f"{type(error).__name__}: {error}"


def save_draft(store: LocalStore) -> str:
    """A draft of 100 kB; what was kept before stays whatever happens."""
    try:
        store.save_draft(Draft(conversation_id=HERE, body="大" * 30_000))
    except MadoError as error:
        return f"draft {type(error).__name__}: {error}"
    kept = store.draft(HERE)
    return "" if kept is not None and len(kept.body) == 30_000 else "the draft was lost"


def main(home: Path, port: int, user: str, kind: str = "", amount: str = "") -> None:
    limit(home, kind, amount)
    print(pull(home, port, user), flush=True)
    for line in sys.stdin:
        if line.strip() == "room":
            relieve(home, kind)
        print(pull(home, port, user), flush=True)
    with opened(home, inbox_at(port, user)) as (engine, _):
        reports = asyncio.run(engine.pull_once(verify=True))
    print(*(report.verified for report in reports), flush=True)


main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
