"""`mado log verify --file`: the audit log of a database that no server is using, a backup for one."""

from pathlib import Path

from mailsync.link.trail import LogVerified
from store.domain.audit import read_head
from store.team.log_file import verify_database


def verify_file(path: Path, heads: tuple[str, ...]) -> LogVerified:
    """Walk the whole chain.

    Raises:
        StoreError: It is no database, or not one of a server.
    """
    epoch, walked = verify_database(path, [read_head(head) for head in heads])
    bad = walked.bad
    return LogVerified(
        epoch,
        str(walked.head),
        walked.events,
        walked.erased,
        done=True,
        bad_n=bad.n if bad else None,
        problem=bad.problem if bad else "",
        seq=bad.seq if bad else None,
    )
