"""Reading a reply that waits for a check, and deciding about it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from mailsync.link.protocol import CheckBody
from mailsync.mime.header.headers import split_message
from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from store.domain.asked_checks import may_read_checks
from store.domain.check import Check
from store.domain.checks.facts import Attached
from store.domain.commands import Approve, EditChecked, SendBack, WithdrawCheck
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.domain.ids import ConversationId, MemberKey
from store.domain.message import Address, Message
from store.domain.send_check import Finding
from store.domain.send_check import check as check_all
from store.errors import MadoError
from store.local.rows import StoredMessage
from tui.actions.attaching import open_named
from tui.actions.carrying import carry_out
from tui.actions.port import Desk
from tui.actions.replying import resume
from tui.actions.talking import comment
from tui.checking import Desk as Around
from tui.checking import facts_around
from tui.fetching import content_of
from tui.files import free_path, save
from tui.opened import Opened
from tui.screens.check import APPROVE, COMMENT, EDIT, SEND_BACK, CheckScreen
from tui.view.attachments import numbered
from tui.view.check_words import state_words
from tui.view.checking import check_lines
from tui.view.file_names import safe_name
from tui.view.gate import clean
from tui.view.highlight import Findings, find_in_lines
from tui.view.matching import words_matcher
from tui.view.reading import conversation_lines, first_lines
from tui.view.spans import Line
from tui.view.trouble import trouble_words
from tui.words import _

SAFE_NAME = "file"


@dataclass(frozen=True)
class CheckPages:
    """What the check screen shows."""

    check: Check
    mail: Message
    before: Message | None
    findings: tuple[Finding, ...]
    names: Mapping[MemberKey, str]
    now: datetime

    messages: Sequence[StoredMessage] = ()
    receipt: bool = False

    def conversation(self, width: int) -> tuple[Sequence[Line], int]:
        """What it answers, from the newest message on; its files are numbered after those of the reply."""
        lines = conversation_lines(self.messages, width, self.now, first_number=len(self.mail.attachments) + 1)
        return lines, first_lines(self.messages, lines)

    def lines(self, width: int) -> Sequence[Line]:
        """All of it."""
        return check_lines(self.check, self.mail, self.before, self.findings, self.names, self.now, width, receipt=self.receipt)

    def find(self, lines: Sequence[Line], words: str) -> Findings:
        """Where the words stand."""
        return find_in_lines(lines, words_matcher(words))


async def check(desk: Desk, _argument: str) -> None:
    """Read the reply that waits here, and decide; its drafter reads what they handed over."""
    row = desk.row
    opened = await desk.read(row.id) if row else None
    if row is None or opened is None:
        return
    waiting = opened.conversation.check
    if waiting is None or not waiting.waits:
        desk.say(
            _("Nothing waits for a check here.")
            if waiting is None
            else _("Nothing waits for a check here: {state}.").format(state=state_words(waiting.state))
        )
        return
    body = await _body(desk, row.id)
    if body is None:
        return
    mail, before = await asyncio.to_thread(lambda: (parse_message(body.mime), parse_message(body.before) if body.before else None))
    role = desk.session.role_at(row)
    decides = body.check.by != desk.session.me and may_read_checks(role, desk.session.me, desk.session.store.team().check_policy)
    findings = await asyncio.to_thread(_findings, desk, opened, body.check, mail)
    pages = CheckPages(
        body.check, mail, before, findings, desk.session.names, desk.session.clock.now(), opened.messages, _asks_for_receipt(body.mime)
    )
    title = _("Check: #{number}").format(number=opened.conversation.number)
    answer = await desk.show(CheckScreen(title, pages, decides=decides, opens=partial(_open_file, desk, opened, body, mail)))
    await _decide(desk, opened, body, mail, answer)


def _findings(desk: Desk, opened: Opened, check: Check, mail: Message) -> tuple[Finding, ...]:
    """What the send check says of it, as it said to its drafter; blocking."""
    session, draft = desk.session, draft_of(check, mail, opened.row.id)
    around = Around(session.store, session.own_addresses, session.inbox(opened.row.inbox), session.names.get(check.by, ""))
    facts = facts_around(around, draft, opened.conversation, opened.messages, session.clock.now())
    files = tuple(Attached(one.name, one.size_bytes) for one in mail.attachments)
    return check_all(draft, replace(facts, attachments=files))


async def _open_file(desk: Desk, opened: Opened, body: CheckBody, mail: Message, number: int, say: Callable[[str], None]) -> None:
    """The reply's files come first, then those of the conversation."""
    own = len(mail.attachments)
    if number <= own:
        file = mail.attachments[number - 1]
        name = safe_name(file.name, file.content_type, number)
        await open_named(desk, name, file.content_type, partial(asyncio.to_thread, part_bytes, body.mime, file.part), say)
        return
    found = next((each for each in numbered(opened.messages) if each.number + own == number), None)
    if found is None:
        say(_("There is no attachment {number} here.").format(number=number))
        return
    file, stored = found.attachment, opened.messages[found.message]
    fetching = partial(say, _("Fetching {name} from the mailbox …").format(name=clean(file.name)))
    content_here = partial(content_of, desk.session, stored, file, fetching)
    await open_named(desk, safe_name(file.name, file.content_type, number), file.content_type, content_here, say)


async def _body(desk: Desk, conversation_id: ConversationId) -> CheckBody | None:
    if await desk.session.found_link() is None or desk.session.link is None:
        desk.say(_("The desk is still looking for its server; try again in a moment."))
        return None
    try:
        return await desk.session.link.client.check_text(conversation_id)
    except MadoError as error:
        desk.say(trouble_words(error), "alarm")
        return None


async def _decide(desk: Desk, opened: Opened, body: CheckBody, mail: Message, answer: str | None) -> None:
    here, submission_id, seen = opened.row.id, body.check.id, opened.conversation.revision
    if answer == APPROVE:
        # The revision that was on the screen when the text was fetched: whatever came while it was read stops the yes.
        command = Approve(conversation_id=here, submission_id=submission_id, frozen_sha256=body.check.frozen_sha256, seen_revision=seen)
        last = body.check.stage >= body.check.stages
        await carry_out(desk, command, said=_("Approved: it is on its way.") if last else _("Approved: the next checker reads it now."), counts=False)
    elif answer == SEND_BACK:
        remark = await desk.ask_line(_("What is to be changed: "))
        while remark is not None and not remark.strip():
            remark = await desk.ask_line(_("A remark is needed (Esc leaves it). What is to be changed: "))
        if remark is None:
            desk.say(_("Nothing was sent back: a remark says what is to be changed."))
            return
        await carry_out(desk, SendBack(conversation_id=here, submission_id=submission_id, remark=remark), said=_("Sent back."), counts=False)
    elif answer == COMMENT:
        await comment(desk, "")
    elif answer == EDIT:
        await _edit(desk, opened, body, mail)


async def _edit(desk: Desk, opened: Opened, body: CheckBody, mail: Message) -> None:
    """The text becomes a draft of the checker's own; its files are laid down in the home."""
    here = opened.row.id
    command = EditChecked(
        conversation_id=here, submission_id=body.check.id, seen_revision=opened.conversation.revision, terminal=desk.session.terminal_id
    )
    if not await carry_out(desk, command, counts=False):
        return
    draft = draft_of(body.check, mail, here)
    # A mail that is passed on as it is has no files of its own.
    kept = mail if draft.kind is not DraftKind.REDIRECT else replace(mail, attachments=())
    folder = desk.session.home / "checked" / body.check.id
    try:
        files = await asyncio.to_thread(_lay_down, folder, body.mime, kept)
    except (MadoError, OSError) as error:
        desk.say(_("The files of the reply could not be kept: {problem}").format(problem=str(error)), "alarm")
        # Named all the same: the send check finds them gone, so that the mail cannot leave without them unnoticed.
        files = tuple(str(folder / (Path(one.name).name or SAFE_NAME)) for one in kept.attachments)
    seen, now = opened.conversation.revision, desk.session.clock.now()
    whole = replace(draft, attachments=files, receipt=_asks_for_receipt(body.mime), seen_revision=seen, saved_at=now)
    await asyncio.to_thread(desk.session.store.save_draft, whole)
    await resume(desk, here, seen=opened.conversation.revision)


def _lay_down(folder: Path, mime: bytes, mail: Message) -> tuple[str, ...]:
    """Every file of the reply, for the composer to attach again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = []
    for file in mail.attachments:
        path = free_path(folder / (Path(file.name).name or SAFE_NAME))
        save(path, part_bytes(mime, file.part))
        paths.append(str(path))
    return tuple(paths)


def draft_of(check: Check, mail: Message, conversation_id: ConversationId) -> Draft:
    """The frozen mail as a text in work: of the same kind, from the same address."""
    reply = check.reply
    if reply.kind is DraftKind.REDIRECT:
        # Its To is that of the mail that is passed on, and so is its text.
        return Draft(
            conversation_id=conversation_id, to=reply.envelope.rcpt_to, subject=mail.subject, then_status=reply.then_status, kind=reply.kind,
            from_address=reply.envelope.mail_from, passes_on=mail.message_id,
        )  # fmt: skip
    named = {one.address.casefold() for one in (*mail.to, *mail.cc)}
    return Draft(
        conversation_id=conversation_id,
        to=tuple(map(_written, mail.to)),
        cc=tuple(map(_written, mail.cc)),
        bcc=tuple(address for address in reply.envelope.rcpt_to if address.casefold() not in named),
        subject=mail.subject,
        body=mail.text,
        attachments=tuple(one.name for one in mail.attachments),
        answers=reply.answers,
        delivered=reply.delivered,
        then_status=reply.then_status,
        kind=reply.kind,
        from_address=reply.envelope.mail_from,
        passes_on=mail.references[-1] if reply.kind is DraftKind.FORWARD and mail.references else None,
    )


def _asks_for_receipt(mime: bytes) -> bool:
    return split_message(mime)[0].first("disposition-notification-to") is not None


def _written(address: Address) -> str:
    return f"{address.name} <{address.address}>" if address.name else address.address


async def take_check_back(desk: Desk, conversation_id: ConversationId) -> bool:
    """One's own reply that waits for a check, back into the composer; False: there is none."""
    state = desk.session.store.conversation(conversation_id)
    waiting = state.check if state is not None else None
    if waiting is None or not waiting.waits or waiting.by != desk.session.me:
        return False
    command = WithdrawCheck(conversation_id=conversation_id, submission_id=waiting.id, terminal=desk.session.terminal_id)
    if await carry_out(desk, command, said=_("The reply was taken back."), counts=False):
        await resume(desk, conversation_id)
    return True
