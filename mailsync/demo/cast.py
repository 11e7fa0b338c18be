"""Three colleagues who work at the real server on their own: they look, take, comment, answer, and get in the human's way."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mailsync.demo.board import Board
from mailsync.demo.cast_words import COMMENTS_EN, COMMENTS_JA, ORDER_REPLY, REPLIES_EN, REPLIES_JA
from mailsync.demo.sample_day import JAPAN
from mailsync.demo.stories import SUPPORT
from mailsync.link.client import TeamClient
from mailsync.link.keys import new_key
from mailsync.link.protocol import Answer, CommandRequest, Done, Events, Looking, PulseRequest
from mailsync.link.stream import Stream
from mailsync.mime.answering import reply_subject
from mailsync.mime.compose import compose_reply
from store.clock import Clock
from store.domain.commands import AddComment, AgentCommand, AssignConversation, ReleaseLease, SubmitReply, TakeLease
from store.domain.conversation import Conversation
from store.domain.events import LeaseTaken
from store.domain.ids import CommandKey, CommentId, ConversationId, MemberKey, Revision, SubmissionId
from store.domain.lease import Token
from store.domain.message import Address
from store.domain.outbox import Envelope
from store.domain.own_id import own_id
from store.errors import MadoError

LEFT_FOR_THE_HUMAN = 15
"""Colleagues take no more from the tray when only so many nobody has taken are left: the demo must not work itself empty."""
PULSE_SECONDS = 20.0
LOOK_SECONDS = 3.0
TOP = 8
"""How far down the list a colleague gets in the human's way."""


@dataclass(frozen=True)
class Pace:
    """How fast the cast lives, in seconds. A test's goes faster."""

    pause: tuple[float, float] = (6.0, 24.0)
    """Of one colleague between two actions; of three together something happens every 5 to 20 s."""
    writing: tuple[float, float] = (8.0, 35.0)
    hold: float = 10.0
    mail: tuple[float, float] = (20.0, 60.0)
    """Between two new mails of customers."""


class Colleague:
    """One member of the cast. `run` until cancelled; a server that is away is waited for."""

    def __init__(
        self, key: MemberKey, name: str, client: TeamClient, board: Board, human: MemberKey, clock: Clock, chance: random.Random, pace: Pace
    ) -> None:
        self.key = key
        self.name = name
        self.client = client
        self._board = board
        self._human = human
        self._clock = clock
        self._chance = chance
        self._pace = pace
        self._stream: Stream | None = None

    async def run(self) -> None:
        """Work."""
        while True:
            with contextlib.suppress(MadoError):
                await self._live()
            await asyncio.sleep(self._pace.pause[0])

    async def _live(self) -> None:
        await self._board.load(self.client)
        async with self.client.stream(self._board.seq) as stream:
            listening = asyncio.create_task(self._listen(stream))
            self._stream = stream
            try:
                while not listening.done():
                    await asyncio.sleep(self._chance.uniform(*self._pace.pause))
                    await self._act()
            finally:
                self._stream = None
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, stream: Stream) -> None:
        async for message in stream:
            if isinstance(message, Events):
                self._board.apply(message.recorded)

    async def ask(self, command: AgentCommand) -> Answer:
        """Give the server a command as this colleague."""
        answer = await self.client.command(CommandRequest(CommandKey(new_key(self._clock)), command))
        if isinstance(answer, Done):
            self._board.apply(answer.recorded)
        return answer

    async def comment(self, conversation: Conversation, text: str) -> Answer:
        """Say something to the team."""
        return await self.ask(AddComment(conversation_id=conversation.id, comment_id=CommentId(new_key(self._clock)), text=text))

    async def _act(self) -> None:
        """One thing that a colleague does, with a look before it."""
        free = self._board.free_for(self.key, self._human)
        mine = [state for state in free if state.owner == self.key]
        unowned = [state for state in free if state.owner is None]
        plenty = len(unowned) > LEFT_FOR_THE_HUMAN
        visible = self._board.newest_first()[: 3 * TOP]
        what = self._chance.choices(("collide", "reply", "take", "comment", "look"), (3, 4 if mine or plenty else 0, 2 if plenty else 0, 3, 1))[0]
        match what:
            case "collide" if unowned:
                await self._write(self._chance.choice(unowned[:TOP]), send=False)
            case "reply" if mine or plenty:
                await self._write(self._chance.choice(mine or unowned[TOP:] or unowned), send=True)
            case "take" if plenty:
                state = self._chance.choice(unowned[TOP:])
                async with self._looking_at(state.id):
                    await self.ask(AssignConversation(conversation_id=state.id, owner=self.key))
            case "comment" if visible:
                state = self._chance.choice(visible)
                words = self._chance.choice(COMMENTS_JA if _japanese(state) and self.key != "ben" else COMMENTS_EN)
                async with self._looking_at(state.id):
                    await self.comment(state, words.format(human=self._human))
            case _ if visible:
                async with self._looking_at(self._chance.choice(visible).id):
                    await asyncio.sleep(LOOK_SECONDS)

    @asynccontextmanager
    async def _looking_at(self, conversation_id: ConversationId) -> AsyncIterator[None]:
        """Be seen there."""
        if self._stream is not None:
            await self._stream.send(Looking(conversation_id))
        await asyncio.sleep(min(LOOK_SECONDS, self._pace.pause[0]))
        try:
            yield
        finally:
            if self._stream is not None:
                await self._stream.send(Looking(None))

    async def _write(self, state: Conversation, *, send: bool) -> None:
        """Hold the lease for as long as a person writes, then send, or think better of it."""
        async with self._looking_at(state.id):
            seen = self._board.conversations[state.id].revision
            taken = await self.ask(TakeLease(conversation_id=state.id, seen_revision=seen, terminal=f"demo-{self.key}"))
            if not isinstance(taken, Done):
                return
            token = next(one.event.token for one in taken.recorded if isinstance(one.event, LeaseTaken))
            seen = self._board.conversations[state.id].revision
            if not await self._type(state.id, token):
                return
            sent = send and isinstance(await self.ask(self._reply(state, token, seen)), Done)
            if not sent:
                await self.ask(ReleaseLease(conversation_id=state.id, token=token, has_text=False))

    async def _type(self, conversation_id: ConversationId, token: Token) -> bool:
        """Write for a while; False: somebody took the lease away."""
        left = self._chance.uniform(*self._pace.writing)
        while left > 0:
            await asyncio.sleep(min(left, PULSE_SECONDS))
            left -= PULSE_SECONDS
            pulse = await self.client.pulse(PulseRequest(conversation_id, token, typed=True))
            if not pulse.held:
                return False
        return True

    def _reply(self, state: Conversation, token: Token, seen: Revision) -> SubmitReply:
        submission_id = SubmissionId(new_key(self._clock))
        message_id = own_id(submission_id, state.id, state.reply_token, SUPPORT.rpartition("@")[2])
        known = tuple(fact.message_id for fact in state.messages)
        mime = compose_reply(
            from_=Address("みどり金物店 お客様窓口" if _japanese(state) else "Midori Hardware Support", SUPPORT),
            to=[Address(state.customer_name, state.customer_address)],
            subject=reply_subject(state.subject),
            body=self._words(state),
            message_id=message_id,
            in_reply_to=known[-1:],
            references=known,
            date=self._clock.now().astimezone(JAPAN),
        )
        return SubmitReply(
            conversation_id=state.id,
            submission_id=submission_id,
            message_id=message_id,
            envelope=Envelope(SUPPORT, (state.customer_address,)),
            mime=mime,
            seen_revision=seen,
            token=token,
            hold_seconds=self._pace.hold,
            answers=known[-1],
            terminal=f"demo-{self.key}",
        )

    def _words(self, state: Conversation) -> str:
        if not _japanese(state):
            first = state.customer_name.split(" ")[0] or "customer"
            return f"Dear {first},\n\n{self._chance.choice(REPLIES_EN)}\n\nBest regards,\n{self.name}\nMidori Hardware Support\n"
        family = state.customer_name.split(" ")[0] or "お客"
        text = ORDER_REPLY if state.subject.startswith("【ご注文】") else self._chance.choice(REPLIES_JA)
        return f"{family}様\n\n{text}\n\n――――――――――\nみどり金物店 お客様窓口\n担当:{self.name.split(' ')[0]}\n"


def _japanese(state: Conversation) -> bool:
    return not f"{state.subject}{state.customer_name}".isascii()
