"""What is told once, when it happens: mentions, replies that wait for a decision, drafts found at the start."""

import asyncio
from collections.abc import Callable, Mapping

from store.domain.ids import CommentId, SubmissionId
from store.domain.mailing_check import Today
from store.domain.outbox import OutboxState
from store.local.rows import Mention
from tui.check_notices import CheckNotices, waiting_checks
from tui.mailing_notices import mailing_news
from tui.outgoing import settle_drafts
from tui.session import Session
from tui.view.bounced import reasons_of
from tui.view.called_words import called_words
from tui.view.gate import clean
from tui.view.refusals import outbox_words
from tui.view.template_news import template_words
from tui.view.waking import wake_words
from tui.words import _, ngettext


class Notices:
    """Looks after each change of the store; `tell` shows a sentence in a tone."""

    def __init__(self, session: Session, tell: Callable[[str, str], None], outgoing: Callable[[Mapping[OutboxState, int]], None]) -> None:
        self._session = session
        self._tell = tell
        self._outgoing = outgoing
        self._told: set[tuple[SubmissionId, OutboxState]] = set()
        self._mentions_heard: set[CommentId] | None = None
        self._waking = asyncio.Lock()
        self._checks = CheckNotices(session)

    @property
    def _reply(self) -> str:
        return self._session.keys.shown("reply")

    async def look(self) -> None:
        """Tell what is new."""
        await self._hear_mentions()
        if woken := await self._woken():
            self._tell(woken, "woken")
        await self._hear_templates()
        await self._settle_drafts()
        store = self._session.store
        if news := self._checks.news(await asyncio.wrap_future(store.ask(lambda: waiting_checks(store)))):
            self._tell(news, "mention")

        await self._hear_mailings()

    async def _hear_mailings(self) -> None:
        session = self._session
        heard = session.store.mailing_news.take()
        if not heard:
            return
        members = await asyncio.wrap_future(session.store.ask(session.store.members))
        today = Today(tuple(one for one in members if one.active), session.team.check_policy)
        if news := mailing_news(heard, session.me, today, session.names):
            self._tell(news, "mention")

    async def _hear_mentions(self) -> None:
        store, me = self._session.store, self._session.me
        if me is None:
            return
        mentions: tuple[Mention, ...] = await asyncio.wrap_future(store.ask(lambda: store.mentions(me)))
        ids = {mention.comment_id for mention in mentions}
        heard, self._mentions_heard = self._mentions_heard, ids
        fresh = [mention for mention in mentions if heard is not None and mention.comment_id not in heard and mention.by != me]
        if fresh:
            newest = max(fresh, key=lambda mention: mention.at)
            state = await asyncio.wrap_future(store.ask(lambda: store.conversation(newest.conversation_id)))
            said = next((one for one in state.comments if one.id == newest.comment_id), None) if state is not None else None
            if state is not None and said is not None:
                by = clean(self._session.names.get(newest.by, newest.by))
                self._tell(called_words(said, by, me, state.number), "mention")

    async def _hear_templates(self) -> None:
        """Quietly, and once: a new version of what one may insert, or that it was withdrawn."""
        session = self._session
        changed = await asyncio.wrap_future(session.store.ask(session.store.template_news.take))
        mine = {group.key for group in session.team.living_groups() if session.me in group.members}
        if words := template_words([one for one in changed if not one.groups or mine & set(one.groups)]):
            self._tell(words, "quiet")

    async def _settle_drafts(self) -> None:
        session = self._session
        settled = await asyncio.wrap_future(session.store.ask(lambda: settle_drafts(session.store)))
        self._outgoing(settled.states)
        for conversation_id in settled.left:
            if session.link is not None and session.connected:
                await session.link.drop_draft_at_server(conversation_id)
        fresh = [each for each in settled.asking if (each.submission.id, each.submission.state) not in self._told]
        self._told = {(each.submission.id, each.submission.state) for each in settled.asking}
        if fresh:
            reply = fresh[-1].submission
            why = reasons_of(reply.results) if reply.state is OutboxState.REFUSED else ""
            state = f"{outbox_words(reply.state)}: {why}" if why else outbox_words(reply.state)
            self._tell(
                _("Your reply in #{number}: {state} (:{number} opens it, {key} decides)").format(
                    number=fresh[-1].number, state=state, key=self._reply
                ),
                "alarm",
            )

    async def _woken(self) -> str:
        """Holds that have ended and that nobody was told of in this home; "" where there are none."""
        store = self._session.store
        async with self._waking:
            return wake_words(await asyncio.wrap_future(store.ask(store.marks.wakes_to_tell)))

    async def begin(self) -> None:
        """At the start: what came back while no terminal was open, and what was left unfinished."""
        woken, drafts = await self._woken(), self._drafts_words()
        if woken or drafts:
            # One line holds both: what is told once must not be painted over at once.
            self._tell("  ".join(words for words in (woken, drafts) if words), "woken" if woken else "draft")
        else:
            await self._settle_drafts()

    def _drafts_words(self) -> str:
        waiting = sum(draft.submission_id is None for draft in self._session.store.drafts())
        if not waiting:
            return ""
        words = ngettext(
            "{n} draft is waiting for you (+ in the list, {key} goes on).", "{n} drafts are waiting for you (+ in the list, {key} goes on).", waiting
        )
        return words.format(n=waiting, key=self._reply)
