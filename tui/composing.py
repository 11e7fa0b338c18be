"""One reply in work: its draft, its lease, saving, checking, sending. The composer shows it; nothing here knows a screen."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import msgspec

from mailsync.link.outcome import Sent
from mailsync.link.protocol import Done, Refused
from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.domain.ids import MemberKey, Revision, SubmissionId
from store.domain.lease import Token
from store.domain.merge_fields import fields_for
from store.domain.message import Address
from store.domain.people import Member
from store.domain.send_check import Finding, check
from store.domain.template import Template, may_insert
from store.settings.settings import InboxSettings
from tui.checking import Desk, Surroundings, facts_around, surroundings
from tui.forwarding import fetch_along
from tui.giving_back import give_back
from tui.line import Line
from tui.new_mail import before_it_starts, is_to_start, starting
from tui.opened import Opened
from tui.outgoing import hold_seconds
from tui.reply import answered_message, apply_template, freeze
from tui.session import Session
from tui.templating import Offer, offers_for

AUTOSAVE_SECONDS = 5.0
OFFERED = 5
"""Addresses at a time: more letters are typed sooner than a longer list is read."""


class Page(Protocol):
    """Where a draft is written."""

    def taken_into(self, draft: Draft) -> Draft:
        """The draft with what stands there."""
        ...

    def show_draft(self, draft: Draft) -> None:
        """What the draft says stands there."""
        ...


class Composing:
    """A draft being written under a lease; `token` None: without one, because the server is away or the lease is lost."""

    def __init__(self, session: Session, opened: Opened, inbox: InboxSettings, draft: Draft, token: Token | None) -> None:
        self.session = session
        self.opened = opened
        self.inbox = inbox
        self._draft = draft
        self._page: Page | None = None
        self._is_left = False
        self.token = token
        self.read_only = False
        """True once the lease is lost: its token can never send again."""
        self.parting_words = ""
        """What the desk says when this is left, where it was decided before."""
        self.thrown_away: Draft | None = None
        """What was discarded: `u` brings it back."""
        self.handing_over = False
        """True while a send is being decided, and after: its lease turns into a claim."""
        self.fresh = opened.draft is None
        self._around: Surroundings | None = None
        """Who else is known here, once it was asked."""
        self._first = draft
        self._saved = None if self.fresh else draft
        if token is not None and session.keeper is not None:
            session.keeper.hold(opened.row.id, token)

    @property
    def has_text(self) -> bool:
        """Whether anything was written that is worth keeping."""
        return self._is_worth_keeping(self.draft)

    def _is_worth_keeping(self, draft: Draft) -> bool:
        return not self.fresh or _text_of(draft) != _text_of(self._first)

    @property
    def draft(self) -> Draft:
        """What is written, as it stands now. Of a long text this copies every letter: it is taken when something reads it, not at every key."""
        if self._page is not None:
            self._draft = self._page.taken_into(self._draft)
        return self._draft

    def written_on(self, page: "Page | None") -> None:
        """Where it is written from now on, on the thread of the screen; None: nowhere, the draft stays as it was last read."""
        self._page = page

    def typed(self) -> None:
        """Somebody writes."""
        if not self.read_only and self.session.keeper is not None:
            self.session.keeper.typed()

    def change(self, draft: Draft) -> None:
        """Another draft, made by a command."""
        if draft == self.draft or self.read_only:
            return
        self._draft = draft
        if self._page is not None:
            self._page.show_draft(draft)
        self.typed()

    def save_here(self) -> None:
        """Keep the draft on this machine; blocks for one small transaction."""
        self._keep(self.draft)

    def _keep(self, draft: Draft) -> None:
        if self._is_left:
            # Whatever ends the program later asks once more; what was thrown away stays away.
            return
        kept = self._saved and _text_of(self._saved)
        if self._is_worth_keeping(draft) and _text_of(draft) != kept:
            draft = msgspec.structs.replace(draft, saved_at=self.session.clock.now())
            self.session.store.save_draft(draft)
            self._saved = draft

    async def save(self) -> None:
        """Keep it here and, best effort, at the server."""
        before = self._saved
        await asyncio.to_thread(self._keep, self.draft)
        link = self.session.link
        if self._saved is not None and self._saved is not before and link is not None and link.state.connected:
            await link.save_draft_at_server(self._saved)

    def set_aside(self) -> Path | None:
        """The conversation is not ours any more: the text is text in the home from now on, and no draft. Where; None without any."""
        self.save_here()
        self._is_left = True
        return self.session.store.shrinking.put_aside([self.opened.row.id])

    def lose_lease(self) -> None:
        """Somebody took over, or it lapsed: the text is kept, and cannot be sent from here."""
        self.save_here()
        self.read_only = True
        self.token = None
        self._drop_keeper()

    async def findings(self) -> tuple[Finding, ...]:
        """What the send check says, errors first.

        Raises:
            StoreError: The store cannot be read.
        """
        return await asyncio.to_thread(self._checked, self.draft)

    def _checked(self, draft: Draft) -> tuple[Finding, ...]:
        session = self.session
        signature = session.signature(self.inbox.key) or self.member.name
        desk = Desk(session.store, session.own_addresses, self.inbox, signature)
        if self._around is None:
            self._around = surroundings(session.store, session.own_addresses)
        opened = self.opened
        return check(draft, facts_around(desk, draft, opened.conversation, opened.messages, session.clock.now(), self._around))

    async def known_addresses(self, prefix: str) -> tuple[Address, ...]:
        """People the team has written with, whose address or name begins so; the latest first."""
        store = self.session.store
        return await asyncio.wrap_future(store.ask(lambda: store.known_addresses(prefix, OFFERED)))

    def templates(self) -> tuple[Template, ...]:
        """Those that may be inserted here."""
        me = self.session.me or MemberKey("")
        groups = {group.key for group in self.session.team.living_groups() if me in group.members}
        return tuple(each for each in self.session.store.templates() if may_insert(each, self.inbox.key, me, groups))

    def offers(self, draft: Draft | None = None) -> tuple[Offer, ...]:
        """Templates in the text (None: as it stands now) that have changed, or were withdrawn, since they were put in."""
        draft = draft or self.draft
        return offers_for(draft, self.session.store.templates(), self.merge_fields()) if draft.inserted else ()

    def merge_fields(self) -> Mapping[str, str | None]:
        """What `{{fields}}` mean here."""
        answered = answered_message(self.opened.messages, self.opened.conversation, self.session.own_addresses)
        return fields_for(
            self.opened.conversation,
            answered.message if answered else None,
            self.member.name,
            self.inbox.name or self.inbox.address,
            self.session.clock.now().astimezone(),
            self.session.team.fields,
            self.session.me,
        )

    def insert_template(self, template: Template, at: int = 0) -> tuple[str, ...]:
        """Insert it before letter `at` of the text; returns the names of fields nobody could fill."""
        draft, unresolved = apply_template(self.draft, template, self.merge_fields(), at)
        self.change(draft)
        return unresolved

    @property
    def member(self) -> Member:
        """Who writes; before the server has said so, a member without a name."""
        me = self.session.me
        found = next((member for member in self.session.store.members() if member.key == me), None)
        return found or Member(me, me) if me else _NOBODY

    def confirm_seen(self, revision: Revision) -> None:
        """The agent has seen everything up to here."""
        self._draft = msgspec.structs.replace(self.draft, seen_revision=revision)

    async def begin(self, link: Line) -> Sent | None:
        """Open the conversation of a new mail, right before it is handed over; None: there is nothing to open.

        Raises:
            MadoError: The mail could not be handed over as it is; nothing was opened.
        """
        session, draft = self.session, self.draft
        if not is_to_start(draft, session.store.conversation(draft.conversation_id)):
            return None
        self.opened = replace(self.opened, conversation=before_it_starts(draft))
        await self.frozen()
        answer = await link.send(starting(draft, session.terminal_id))
        begun = session.store.conversation(draft.conversation_id)
        if isinstance(answer, Done) and begun is not None:
            self.opened = replace(self.opened, conversation=begun)
            self.token = begun.lease.token if begun.lease is not None else None
            if self.token is not None and session.keeper is not None:
                session.keeper.hold(begun.id, self.token)
        if not isinstance(answer, Refused):
            self.confirm_seen(self.opened.conversation.revision)
        return answer

    async def frozen(self) -> SubmitReply:
        """The mail as it will leave.

        Raises:
            MadoError: An address or a file that cannot be used.
        """
        draft = self.draft
        submission_id = SubmissionId(self.session.new_key())
        hold = await asyncio.to_thread(hold_seconds, self.session.home)
        along = await fetch_along(self.session, draft, self.opened.messages)
        return await asyncio.to_thread(
            freeze,
            draft,
            self.opened.conversation,
            self.opened.messages,
            self.inbox,
            self.member,
            self.session.clock.now(),
            submission_id=submission_id,
            token=self.token,
            terminal=self.session.terminal_id,
            hold_seconds=hold,
            along=along,
        )

    async def handed_over(self, submission_id: SubmissionId) -> None:
        """The server has it, or the queue: the text is kept until the mail is accepted."""
        self._draft = msgspec.structs.replace(self.draft, submission_id=submission_id)
        self.fresh = False
        self._saved = None
        self._drop_keeper()
        await self.save()

    async def leave(self, *, discard: bool = False) -> None:
        """Give the lease back; the text stays as a draft unless there is none, or it is thrown away."""
        self._drop_keeper()
        keep = self.has_text and not discard
        self.thrown_away = msgspec.structs.replace(self.draft, saved_at=self.session.clock.now()) if self.has_text and discard else None
        if keep:
            await self.save()
        else:
            await asyncio.to_thread(self.session.store.drop_draft, self.opened.row.id)
        self._is_left = True
        link, token, self.token = self.session.link, self.token, None
        if link is None:
            return
        await give_back(link, self.opened, token, keep=keep)

    def _drop_keeper(self) -> None:
        if self.session.keeper is not None:
            self.session.keeper.drop()


def _text_of(draft: Draft) -> tuple[object, ...]:
    return (
        *(draft.to, draft.cc, draft.bcc, draft.subject, draft.body, draft.attachments, draft.submission_id),
        *(draft.inserted, draft.left_empty, draft.from_address, draft.carried, draft.receipt, draft.delivered),
    )


_NOBODY = Member(MemberKey(""), "")
