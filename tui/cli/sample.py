"""`mado sample`: a random sample of sent mail for quality checks, and what is said of each to whoever wrote it."""

import secrets
from datetime import datetime, timedelta

import click

from mailsync.link.sample_protocol import RemarkRequest, SampledMail, SampleRequest
from store.clock import SystemClock
from store.domain.ids import MemberKey, SubmissionId
from tui.cli.actions import Moment
from tui.cli.calling import call_server
from tui.cli.invocation import Invocation, Verb
from tui.cli.shapes import utc
from tui.view.gate import clean
from tui.words import _

DAYS = 30
COUNT = 20
SEEDS = 1_000_000


@click.command(cls=Verb)
@click.option("--share", metavar="5%", help="This share of all mails.")
@click.option("--count", type=click.IntRange(1, 1_000), help=f"So many mails (default: {COUNT}).")
@click.option("--member", default="", metavar="KEY", help="Only this member's.")
@click.option("--since", type=Moment(), help=f"Nothing older than this (default: {DAYS} days).")
@click.option("--seed", default="", help="Draw the same sample again: the seed that was shown with it.")
@click.option("--remark", nargs=2, metavar="ID TEXT", help="Say this of the mail with that id; it stands on its writer's `mado learning`.")
@click.pass_obj
def sample(
    invocation: Invocation, /, *, share: str | None, count: int | None, member: str, since: datetime | None, seed: str, remark: tuple[str, str] | None
) -> int:
    """Draw a random sample of sent mail to check its quality; for leaders."""
    if remark is not None:
        return _remark(invocation, *remark)
    if share is not None and count is not None:
        raise click.UsageError(_("--share and --count exclude each other"))
    seed = seed or str(secrets.randbelow(SEEDS))
    since = since or SystemClock().now() - timedelta(days=DAYS)
    part = None if share is None else _share_in(share)
    who = MemberKey(member.removeprefix("@").lower()) if member else None
    wanted = SampleRequest(seed, since, None if part is not None else count or COUNT, part, who)
    found = call_server(invocation, lambda client: client.draw_sample(wanted))
    for one in found.mails:
        invocation.output.row(_shape(one, seed, found.of), _lines(one))
    words = _("{n} of {of} mails; draw them again with --seed {seed} --since {since}")
    invocation.output.message(words.format(n=len(found.mails), of=found.of, seed=seed, since=utc(since)))
    return 0


def _share_in(text: str) -> float:
    try:
        share = float(text.strip().removesuffix("%").removesuffix("％")) / 100
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise click.UsageError(_("{share} is no share: say 5%").format(share=clean(text)))
    return share


def _remark(invocation: Invocation, name: str, text: str) -> int:
    if not text.strip():
        raise click.UsageError(_("a remark says something"))
    call_server(invocation, lambda client: client.remark_on_sent(SubmissionId(name), RemarkRequest(text)))
    invocation.output.row({"submission_id": name, "remark": text.strip()}, _("it stands on its writer's list to learn from"))
    return 0


def _shape(one: SampledMail, seed: str, of: int) -> dict[str, object]:
    said = one.remark
    return {
        "submission_id": one.submission_id,
        "id": one.conversation_id,
        "number": one.number,
        "subject": one.subject,
        "inbox": one.inbox,
        "by": one.by,
        "to": list(one.to),
        "at": utc(one.at),
        "approved_by": list(one.approved_by),
        "remark": None if said is None else {"by": said.by, "at": utc(said.at), "text": said.remark},
        "seed": seed,
        "of": of,
    }


def _lines(one: SampledMail) -> list[str]:
    head = f"{one.at.astimezone():%Y-%m-%d}  #{one.number}  {clean(one.by)}  {clean(one.subject)}  ({one.submission_id})"
    return [head] if one.remark is None else [head, f"    {clean(one.remark.by)}: {clean(one.remark.remark)}"]
