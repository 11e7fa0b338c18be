"""An SMTP server that misbehaves by seed: each mail meets a mood. It counts what it took, for that is what a customer can read."""

import asyncio
import random
import re
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Self

from server_process import free_port

MOODS = {
    "obliging": 40,
    "refuses_mail": 2,
    "refuses_rcpt": 4,
    "refuses_text": 4,
    "refuses_some": 4,
    "defers_greeting": 3,
    "defers_mail": 3,
    "defers_rcpt": 5,
    "defers_data": 2,
    "defers_text": 5,
    "defers_some": 5,
    "stalls_greeting": 1,
    "stalls_rcpt": 2,
    "stalls_data": 1,
    "stalls_text_kept": 2,
    "stalls_text_lost": 2,
    "slow": 6,
    "cuts_greeting": 2,
    "cuts_mail": 2,
    "cuts_text": 3,
    "cuts_dot_kept": 3,
    "cuts_dot_lost": 3,
    "cuts_after_answer": 4,
    "closes_rcpt": 2,
    "yes_to_data": 1,
    "says_more": 2,
}
"""How often each, of one another."""
SLOW_SECONDS = 0.3
_MESSAGE_ID = re.compile(rb"^Message-ID: (\S+)\r$", re.MULTILINE)


class Cut(Exception):
    """The connection ends here."""


class FaultySMTP:
    """with FaultySMTP(seed) as smtp: send to smtp.port; smtp.taken counts (Message-ID, recipient)."""

    def __init__(self, seed: int, *, moods: dict[str, int] | None = None, first: Sequence[str] = (), pipelining: bool = True) -> None:
        """`first`: the moods of the first mails; then by seed."""
        self.port = free_port()
        self.taken: Counter[tuple[str, str]] = Counter()
        self.met: Counter[str] = Counter()
        """How many connections, and further mails over one, had each mood."""
        self.connections = 0
        self.pipelining = pipelining
        self._first = list(first)
        self.mails: dict[str, bytes] = {}
        """Of each Message-ID, the mail as it was taken."""
        self._rng = random.Random(seed)
        self._moods = MOODS if moods is None else moods
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._talks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def obliges(self) -> None:
        """No more trouble from now on."""
        self._moods = {"obliging": 1}

    def mood(self) -> str:
        """The next one."""
        mood = self._first.pop(0) if self._first else self._rng.choices(list(self._moods), list(self._moods.values()))[0]
        self.met[mood] += 1
        return mood

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._talk, "127.0.0.1", self.port))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for talk in asyncio.all_tasks(self._loop):
            talk.cancel()
        self._loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(self._loop), return_exceptions=True))
        self._loop.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = Talk(self, self.mood(), reader, writer)
        try:
            await talk.run()
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


class Talk:
    """One connection."""

    def __init__(self, server: FaultySMTP, mood: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.server, self.mood, self.reader, self.writer = server, mood, reader, writer
        self.rcpt: list[str] = []
        self.asked = 0

    async def run(self) -> None:
        await self._trouble("greeting")
        await self._say("421 4.3.2 come again" if self.mood == "defers_greeting" else "220 faulty.test ESMTP")
        while line := (await self.reader.readuntil(b"\n")).decode().strip():
            verb = line[:4].upper()
            if verb == "EHLO":
                offers = ["250-PIPELINING"] if self.server.pipelining else []
                await self._say("250-faulty.test", "250-8BITMIME", *offers, "250-DSN", "250 SIZE 10000000")
            elif verb == "RSET":
                self.mood = self.server.mood()
                await self._say("421 4.3.2 enough for now" if self.mood == "defers_greeting" else "250 OK")
            elif verb == "MAIL":
                await self._trouble("mail")
                self.rcpt, self.asked = [], 0
                await self._say({"refuses_mail": "550 5.7.1 not from you", "defers_mail": "451 4.3.0 later"}.get(self.mood, "250 2.1.0 OK"))
            elif verb == "RCPT":
                await self._rcpt(line)
            elif verb == "DATA":
                await self._data()
            elif verb == "QUIT":
                await self._say("221 2.0.0 bye")
                return
            else:
                await self._say("500 5.5.1 what?")

    async def _rcpt(self, line: str) -> None:
        await self._trouble("rcpt")
        self.asked += 1
        if self.mood == "closes_rcpt":
            await self._say("421 4.3.2 closing")
            raise Cut
        no = {"refuses_rcpt": "550 5.1.1 no such mailbox", "defers_rcpt": "450 4.2.1 mailbox busy"}.get(self.mood)
        if self.asked == 2:
            no = {"refuses_some": "552 5.2.2 mailbox full", "defers_some": "452 4.2.2 mailbox full for now"}.get(self.mood, no)
        if no is None:
            self.rcpt.append(line[line.index("<") + 1 : line.index(">")])
        await self._say(no or "250 2.1.5 OK")

    async def _data(self) -> None:
        await self._trouble("data")
        if not self.rcpt or self.mood == "defers_data":
            await self._say("451 4.3.0 no room" if self.rcpt else "554 5.5.1 no valid recipients")
            return
        if self.mood == "yes_to_data":
            await self._say("250 2.0.0 done")
            return
        await self._say("354 go on")
        if self.mood == "cuts_text":
            await self.reader.read(200)
            raise Cut
        text = await self.reader.readuntil(b"\r\n.\r\n")
        if self.mood in {"refuses_text", "defers_text"}:
            await self._say("554 5.7.1 refused for its content" if self.mood == "refuses_text" else "451 4.3.0 later")
            return
        if self.mood == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if not self.mood.endswith("_lost"):
            self._take(text)
        if self.mood.startswith("cuts_dot"):
            raise Cut
        if self.mood.startswith("stalls_text"):
            await self._stall()
        await self._say("250 2.0.0 queued", *(["250 2.0.0 and one more"] if self.mood == "says_more" else []))
        if self.mood == "cuts_after_answer":
            await self.writer.drain()
            raise Cut

    def _take(self, text: bytes) -> None:
        found = _MESSAGE_ID.search(text)
        assert found, text[:500]
        message_id = found[1].decode()
        self.server.mails[message_id] = text
        for address in self.rcpt:
            self.server.taken[message_id, address] += 1

    async def _trouble(self, step: str) -> None:
        if self.mood == f"stalls_{step}":
            await self._stall()
        if self.mood == f"cuts_{step}":
            raise Cut

    async def _stall(self) -> None:
        """Until the other side gives up."""
        while await self.reader.read(1000):
            pass
        raise Cut

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()
