"""The demo's customers: they write now and then, answer what was answered, and sometimes while the human is still writing."""

import asyncio
import hashlib
import random
from collections.abc import Coroutine, Sequence

from mailsync.demo.board import Board
from mailsync.demo.cast import Pace
from mailsync.demo.cast_words import AGAIN_EN, AGAIN_JA, NEW_MAIL, THANKS_EN, THANKS_JA
from mailsync.demo.imap_server import DemoImapServer
from mailsync.demo.letters import Letter
from mailsync.demo.sample_day import JAPAN
from mailsync.demo.stories import SUPPORT
from mailsync.mime.header.headers import parse_headers
from store.clock import Clock
from store.domain.ids import ConversationId, MemberKey

LOOK_SECONDS = 4.0
ANSWERS = 0.35
"""How many answered customers answer back."""
INTERRUPTS = 0.4
"""How often a customer writes again while the human writes to them."""
LONG_ENOUGH_SECONDS = 12.0


class Customers:
    """Everybody outside. `run` until cancelled."""

    def __init__(self, imap: DemoImapServer, user: str, board: Board, human: MemberKey, clock: Clock, chance: random.Random, pace: Pace) -> None:
        self._imap = imap
        self._user = user
        self._board = board
        self._human = human
        self._clock = clock
        self._chance = chance
        self._pace = pace
        self._interrupted: set[ConversationId] = set()
        self._answers: set[asyncio.Task[None]] = set()
        self._letters = 0

    async def run(self) -> None:
        """Write, answer, interrupt."""
        try:
            await asyncio.gather(self._write(), self._interrupt())
        finally:
            for task in self._answers:
                task.cancel()
            await asyncio.gather(*self._answers, return_exceptions=True)

    def hear(self, raw: bytes, _recipients: Sequence[str]) -> None:
        """A reply of ours has reached its customer; on the event loop."""
        if self._chance.random() < ANSWERS:
            self._later(self._answer(raw))

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, raw: bytes) -> None:
        await asyncio.sleep(self._chance.uniform(*self._pace.mail) / 2)
        reply = parse_headers(raw)
        if not reply.to or reply.message_id is None:
            return
        who = reply.to[0]
        words = self._chance.choice(THANKS_JA if not reply.subject.isascii() else THANKS_EN)
        self._deliver(f"{who.name} <{who.address}>" if who.name else who.address, reply.subject, words, (*reply.references, reply.message_id))

    async def _write(self) -> None:
        for story in NEW_MAIL:
            await asyncio.sleep(self._chance.uniform(*self._pace.mail))
            self._deliver(story.who, story.subject, story.text, (), story.form)

    async def _interrupt(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._pace.mail[0]))
            now = self._clock.now()
            for state in tuple(self._board.conversations.values()):
                lease = state.lease
                if lease is None or lease.by != self._human or state.id in self._interrupted or not state.customer_address:
                    continue
                if (now - lease.since).total_seconds() < min(LONG_ENOUGH_SECONDS, self._pace.mail[0]):
                    continue
                self._interrupted.add(state.id)
                if self._chance.random() < INTERRUPTS:
                    words = self._chance.choice(AGAIN_JA if not f"{state.subject}{state.customer_name}".isascii() else AGAIN_EN)
                    subject = state.subject if state.subject.startswith("Re:") else f"Re: {state.subject}"
                    chain = tuple(fact.message_id for fact in state.messages)
                    who = f"{state.customer_name} <{state.customer_address}>" if state.customer_name else state.customer_address
                    self._deliver(who, subject, words, chain)

    def _deliver(self, who: str, subject: str, text: str, references: Sequence[str], form: str = "utf-8") -> None:
        self._letters += 1
        now = self._clock.now()
        digest = hashlib.sha256(f"{who}{self._letters}{now.isoformat()}".encode()).hexdigest()[:20]
        letter = Letter(
            from_=who,
            to=SUPPORT,
            subject=subject,
            text=text,
            date=now.astimezone(JAPAN),
            message_id=f"<{digest}@{who.rpartition('@')[2].rstrip('>')}>",
            form=form,
            references=references,
        )
        self._imap.deliver(self._user, "INBOX", letter.raw(), now)
