"""What left, for whoever draws a sample of it, and what was said of a mail that was drawn."""

from collections.abc import Callable, Collection
from datetime import datetime

from store.domain.ids import InboxKey, MemberKey, SubmissionId
from store.team import audit
from store.team import check_statements as c
from store.team.connection import Connection
from store.team.frozen_checks import remark_in_row
from store.team.reading import left_since
from store.team.rows import run, run_all, to_micros
from store.team.values import OutboxItem, RemarkKept

REMARKED = "sample_remark"
SAMPLE = "sample"
"""The kind of a remark about a mail that had left."""


def sent_mails(connection: Connection, *, since: datetime, member: MemberKey | None, leads: Callable[[InboxKey], bool]) -> tuple[OutboxItem, ...]:
    """Everything that has left since then, in the inboxes that somebody leads."""
    found = left_since(connection, since=since)
    return tuple(one for one in found if leads(one.inbox) and (member is None or one.submission.by == member))


def remarks_about(connection: Connection, *, ids: Collection[SubmissionId]) -> dict[SubmissionId, RemarkKept]:
    """What was said of these, where something was."""
    found = run_all(connection, [(c.REMARK_ABOUT, {"id": one}) for one in ids])
    return {kept.submission_id: kept for rows in found for kept in map(remark_in_row, rows)}


def add_remark(connection: Connection, *, about: OutboxItem, by: MemberKey, remark: str, where: str, now: datetime) -> None:
    """Put it on its writer's list to learn from; said again, it takes the place of what was said before."""
    told = {"member": about.submission.by, "checker": by, "at": to_micros(now), "kind": SAMPLE, "remark": remark}
    run(connection, c.ADD_REMARK, id=about.submission.id, conversation_id=about.conversation_id, number=about.number, inbox=about.inbox, **told)
    audit.note(connection, now, by, REMARKED, where, {"member": about.submission.by, "submission": about.submission.id}, about.conversation_id)
