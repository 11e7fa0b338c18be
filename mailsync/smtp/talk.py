"""The words of one connection after its login: every answer is counted, so that none is taken for another command's."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import aiosmtplib

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.connect import hang_up, open_client, within

MOST_UNREAD_BYTES = 1_048_576
"""What a server may have said that was not listened to yet: the answers to a whole group, each of many lines. Beyond it is no SMTP."""
BLOCK_BYTES = 65_536
BLOCK_SECONDS = 180.0
"""RFC 5321 4.5.3.2.5: so long each block of the text may take to be taken."""
GROUP_COMMANDS = 50
"""RFC 2920 3.1: more at once than both sides' windows hold could leave both waiting."""
GOODBYE_SECONDS = 5.0
CLOSING = 421
"""The server ends the connection; no other answer follows."""
MEANS_NOTHING = -1
"""The code of what is no answer to the question."""
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Answer:
    """A reply of the server (RFC 5321 4.2): its code, and its words on as many lines as it used."""

    code: int
    words: str

    @property
    def is_yes(self) -> bool:
        """Done."""
        return 200 <= self.code < 300


class Ear(asyncio.Protocol):
    """What came in and was not listened to yet, and whether more can go out."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._changed = asyncio.Event()
        self._writable = True
        self._ended = False

    def data_received(self, data: bytes) -> None:
        """Some bytes; an answer without an end ends the connection."""
        self._heard += data
        self._ended = self._ended or len(self._heard) > MOST_UNREAD_BYTES
        self._changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes."""
        del exc
        self._ended = True
        self._changed.set()

    def pause_writing(self) -> None:
        """The other side takes it more slowly than we write."""
        self._writable = False

    def resume_writing(self) -> None:
        """It caught up."""
        self._writable = True
        self._changed.set()

    @property
    def unread(self) -> bool:
        """Whether something was said that nobody listened to."""
        return bool(self._heard)

    @property
    def ended(self) -> bool:
        """Whether the connection is over."""
        return self._ended

    async def answer(self) -> Answer:
        """The next whole answer."""
        words: list[str] = []
        while True:
            line = await self._line()
            code, more = line[:3], line[3:4]
            if not (len(code) == 3 and code.isascii() and code.isdigit()) or more not in (b"", b" ", b"-"):
                raise aiosmtplib.SMTPResponseException(MEANS_NOTHING, line[:200].decode("utf-8", "replace"))
            words.append(line[4:].decode("utf-8", "replace").strip())
            if more != b"-":
                return Answer(int(code), "\n".join(words))

    async def taken(self) -> None:
        """Until more can be written, or the server has said something, or has gone."""
        while not (self._writable or self._heard or self._ended):
            await self._change()

    async def _line(self) -> bytes:
        while (end := self._heard.find(b"\n")) < 0:
            if self._ended:
                raise aiosmtplib.SMTPServerDisconnected("the connection broke")
            await self._change()
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
        return line.rstrip(b"\r")

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class Talk:
    """One connection, from its login to its end. `mails`: how many it has carried."""

    def __init__(self, client: aiosmtplib.SMTP, access: SmtpAccess) -> None:
        transport = client.transport
        if transport is None:
            raise aiosmtplib.SMTPServerDisconnected("the connection was lost")
        self._client = client
        self._transport = cast("asyncio.WriteTransport", transport)
        self._access = access
        self._ear = Ear()
        # From here on nobody else listens: the library keeps one answer at a time and drops what arrives behind it.
        self._transport.set_protocol(self._ear)
        self.extensions = dict(client.esmtp_extensions)
        self.mails = 0
        self._leaving = False

    @classmethod
    async def begin(cls, access: SmtpAccess) -> "Talk":
        """Connect and log in. Raises like `open_client`."""
        return cls(await open_client(access), access)

    @property
    def is_usable(self) -> bool:
        """Whether another mail may go over it: it stands, and nothing was said that was not asked for."""
        return not (self._leaving or self._ear.ended or self._ear.unread or self._transport.is_closing())

    async def ask(self, first: bytes, rest: Sequence[bytes] = ()) -> list[Answer]:
        """The answers in order, up to a 421, behind which there are none. The rest goes out with the first where the server takes it so
        (RFC 2920); else only after its yes, one by one.
        """
        commands, answers = [first, *rest], list[Answer]()
        at_once = GROUP_COMMANDS if "pipelining" in self.extensions else 1
        for at in range(0, len(commands), at_once):
            answers += await self._group(commands[at : at + at_once])
            if not answers[0].is_yes or answers[-1].code == CLOSING:
                break
        return answers

    async def hand_over(self, text: bytes) -> Answer:
        """The text with its final dot, and what the server says of it. A no that comes before its end is an answer as well."""
        *blocks, last = [text[at : at + BLOCK_BYTES] for at in range(0, max(1, len(text)), BLOCK_BYTES)]
        for block in blocks:
            self._write(block)
            await within(BLOCK_SECONDS, self._ear.taken())
            if self._ear.unread or self._ear.ended:
                early = await within(self._access.timeout_seconds, self._ear.answer())
                return early if 400 <= early.code < 600 else Answer(MEANS_NOTHING, f"{early.code} {early.words}")
        # The dot goes with it: alone it would be a packet of its own, and some take it late.
        self._write(last + b".\r\n")
        return await within(self._access.final_answer_seconds, self._ear.answer())

    async def goodbye(self) -> None:
        """QUIT; how it ends changes nothing any more."""
        self._leaving = True
        try:
            await within(GOODBYE_SECONDS, self._group([b"QUIT"]))
        except (aiosmtplib.SMTPException, OSError):
            return
        finally:
            self.hang_up()

    def hang_up(self) -> None:
        """End it at once."""
        hang_up(self._client)

    async def _group(self, commands: Sequence[bytes]) -> list[Answer]:
        if any(_CONTROL.search(command) for command in commands):
            raise aiosmtplib.SMTPException("a command with a control character was not sent")
        self._write(b"".join(command + b"\r\n" for command in commands))
        answers: list[Answer] = []
        while len(answers) < len(commands) and not (answers and answers[-1].code == CLOSING):
            answers.append(await within(self._access.timeout_seconds, self._ear.answer()))
        return answers

    def _write(self, data: bytes) -> None:
        if self._ear.ended or self._transport.is_closing():
            raise aiosmtplib.SMTPServerDisconnected("the connection broke")
        self._transport.write(data)
