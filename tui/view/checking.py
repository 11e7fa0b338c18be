"""A reply that waits for a check, as its checker reads it: who asks, to whom it goes, what was found, what was changed since it was sent back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from store.domain.check import Check
from store.domain.ids import MemberKey
from store.domain.message import Message
from store.domain.send_check import Finding
from tui.view.ages import age_words
from tui.view.attachments import attachment_lines
from tui.view.check_words import why_words
from tui.view.diffing import with_changes
from tui.view.findings import finding_words
from tui.view.gate import clean
from tui.view.spans import Line, line
from tui.view.wrapping import wrap
from tui.words import _


def check_lines(
    check: Check,
    mail: Message,
    before: Message | None,
    findings: Sequence[Finding],
    names: Mapping[MemberKey, str],
    now: datetime,
    width: int,
    *,
    receipt: bool,
) -> tuple[Line, ...]:
    """All of it; the text as it will leave, or with its changes where an earlier one was sent back."""
    head = [
        _("{who} asks for a check, {age} ago (stage {n} of {stages})").format(
            who=clean(names.get(check.by, check.by)), age=age_words(now - check.since), n=min(check.stage, check.stages), stages=check.stages
        )
    ]
    if check.why:
        head.append(_("Because: {why}").format(why=why_words(check.why)))
    if check.note:
        head.append(_("Note: {note}").format(note=clean(check.note)))
    made = [line(piece, "notice") for words in head for piece in wrap(words, width)]
    if check.limit_at is not None and check.limit_at < now:
        made.append(line(_("Its time limit has passed."), "alarm"))
    made += [line(piece, "alarm") for finding in findings for piece in wrap(finding_words(finding), width, first="- ", rest="  ")]
    made.append(line(""))
    made += [line(piece) for words in (*_fields(check, mail), *_reports(check, receipt=receipt)) for piece in wrap(words, width)]
    # Above the text: a file that does not belong there must not be found last.
    made += attachment_lines(mail.attachments, width, first_number=1)[1:]
    made.append(line(""))
    text = clean(mail.text, lines=True)
    if before is not None:
        made += [line(piece, "notice") for piece in wrap(_changed_words(), width)]
        text = with_changes(clean(before.text, lines=True), text)
    made += [line(piece) for each in text.split("\n") for piece in wrap(each, width)]
    return tuple(made)


def _changed_words() -> str:
    return _("Changed since it was sent back ({new} is new, {gone} is gone):").format(new="{+…+}", gone="[-…-]")


def _fields(check: Check, mail: Message) -> list[str]:
    """Everybody it goes to stands here, those in Bcc too: the envelope is what counts."""
    named = {address.address.casefold() for address in (*mail.to, *mail.cc)}
    hidden = [address for address in check.reply.envelope.rcpt_to if address.casefold() not in named]
    fields = [
        ("From", ", ".join(_person(one) for one in mail.from_)),
        ("To", ", ".join(_person(one) for one in mail.to)),
        ("Cc", ", ".join(_person(one) for one in mail.cc)),
        ("Bcc", ", ".join(hidden)),
        ("Subject", mail.subject),
    ]
    return [f"{name}: {clean(value)}" for name, value in fields if value]


def _reports(check: Check, *, receipt: bool) -> list[str]:
    """What its writer wants to hear of it; nothing of its arrival where it is as the inbox does."""
    said = [_("A receipt is asked for; many mail programs send none.")] if receipt else []
    match check.reply.delivered:
        case True:
            said.append(_("A report of its arrival is asked for, where the mail servers write one."))
        case False:
            said.append(_("No report of its arrival is asked for."))
    return said


def _person(one: object) -> str:
    name, address = getattr(one, "name", ""), getattr(one, "address", "")
    return f"{name} <{address}>" if name else address
