"""Samples of sent mail for quality checks: drawn by who leads, each remark on its writer's list to learn from."""

from functools import partial

from mailsync.link.protocol import Remark
from mailsync.link.sample_protocol import RemarkRequest, Sample, SampledMail, SampleRequest
from mailsync.server.calls import Call
from mailsync.server.errors import MalformedCall, NotThere, NotYours
from store.domain.context import LEADING
from store.domain.ids import InboxKey, SubmissionId
from store.domain.outbox import LEFT_STATES
from store.domain.people import Member, role_in, sees
from store.domain.sampling import drawn, first_of
from store.team.sampling import add_remark, remarks_about, sent_mails
from store.team.values import OutboxItem, RemarkKept

MOST_DRAWN = 1_000


async def draw_sample(call: Call) -> Sample:
    """A sample of what left the inboxes that the caller leads.

    Raises:
        MalformedCall: Neither a number nor a share, or a time without a zone.
    """
    said, desk = call.said(SampleRequest), call.house.desk
    if (said.count is None) == (said.share is None) or said.since.tzinfo is None:
        raise MalformedCall("Say how many, or which share, and since when with a time zone.")
    leads = partial(_leads, call.caller.known)
    mails = {one.submission.id: one for one in await desk.ask(partial(sent_mails, since=said.since, member=said.member, leads=leads))}
    picked = first_of(drawn(said.seed, mails), count=said.count, share=said.share)[:MOST_DRAWN]
    remarks = await desk.ask(partial(remarks_about, ids=picked))
    return Sample(len(mails), tuple(_told(mails[one], remarks.get(one)) for one in picked))


def _leads(member: Member, inbox: InboxKey) -> bool:
    return sees(member, inbox) and role_in(member, inbox) in LEADING


def _told(item: OutboxItem, kept: RemarkKept | None) -> SampledMail:
    reply = item.submission
    remark = None
    if kept is not None:
        remark = Remark(kept.submission_id, kept.by, kept.at, kept.conversation_id, kept.number, kept.kind, kept.remark)
    return SampledMail(
        submission_id=reply.id,
        conversation_id=item.conversation_id,
        number=item.number,
        subject=item.subject,
        inbox=item.inbox,
        by=reply.by,
        to=reply.envelope.rcpt_to,
        at=reply.send_at,
        approved_by=tuple(one.by for one in reply.approvals),
        remark=remark,
    )


async def remark_on_sent(call: Call) -> None:
    """Say something about a mail that left, to its writer.

    Raises:
        NotThere: No such mail has left.
        NotYours: It left an inbox that the caller does not lead, or is their own.
    """
    said, desk, caller = call.said(RemarkRequest), call.house.desk, call.caller.known
    frozen = await desk.submission(SubmissionId(call.path("submission_id")))
    if frozen is None or frozen.item.submission.state not in LEFT_STATES:
        raise NotThere("No such mail has left.")
    item = frozen.item
    if not _leads(caller, item.inbox) or item.submission.by == caller.key:
        raise NotYours("Whoever leads the inbox says it, and not about their own mail.")
    if not said.remark.strip():
        raise MalformedCall("A remark says something.")
    work = partial(add_remark, about=item, by=caller.key, remark=said.remark.strip(), where=call.caller.where, now=desk.clock.now())
    await desk.ledger.write_plain(work)
