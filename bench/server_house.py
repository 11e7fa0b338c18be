"""A real server process in a home of its own, with conversations, members and sessions; and what it uses, as the kernel counts it."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Self

import msgspec

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.client import TeamClient
from mailsync.link.protocol import AddMemberRequest, JoinRequest
from store.clock import SystemClock
from store.domain.conversation import Conversation
from store.domain.ids import ConversationId
from store.domain.people import Role
from store.settings.secrets import Secret
from store.team import statements as s
from store.team.connection import Connection
from store.team.desk import TeamDesk
from store.team.reading import move_counter, seq_now
from store.team.rows import run, value
from store.team.sql import insert_into
from store.team.tables import conversations, open_work
from tests.team.team_house import SUPPORT, Team, TestClock

ROOT = Path(__file__).resolve().parent.parent
MADO = str(ROOT / ".venv/bin/mado")
STREAMS_A_SESSION = 50
AT_ONCE = 4
"""Members who join at the same time: more at once from one address are taken for guessing."""
ROWS_AT_ONCE = 20_000


class ServerHouse:
    """Use as a context manager; `home` stands before the server is started."""

    def __init__(self, database: str = "") -> None:
        """`database`: the URL of an empty PostgreSQL; "": a file in the home."""
        self.database = database
        self.home = Path(tempfile.mkdtemp(prefix="mado-bench-server-"))
        self.ids: list[ConversationId] = []
        self.address = ServerAddress("unix", path=str(self.home / "desk.sock"))
        self.tcp = self.address
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    async def seed(self, conversations: int) -> None:
        """Real ones, by the server's own code."""
        desk = TeamDesk(self.database or self.home / "team.db", SystemClock(), folder=self.home)
        team = Team(desk, TestClock())
        self.ids = [await team.arrives(f"<{n}@example.org>") for n in range(conversations)]
        await desk.close()

    async def fill(self, open_ones: int, closed_ones: int) -> float:
        """Copies of one real conversation under other names, written straight into the tables; the answer is bytes of a state."""
        desk = TeamDesk(self.database or self.home / "team.db", SystemClock(), folder=self.home)
        team = Team(desk, TestClock())
        one = await team.arrives("<first@example.org>")
        boss = await team.member("Boss", Role.LEADER)
        for text in ("確認しました。", "倉庫に問い合わせています。"):
            await team.comment(boss, one, text)
        state = await desk.state(one)
        assert state is not None
        for start in range(0, open_ones + closed_ones, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, open_ones + closed_ones - start)
            await desk.ledger.write_plain(partial(_copies, state=state, start=start, count=count, closed_ones=closed_ones))
        await desk.close()
        return len(msgspec.json.encode(state))

    def start(self) -> None:
        """Until it takes calls."""
        self._process = subprocess.Popen(
            [MADO, "--home", str(self.home), "server", "run", "--listen", "127.0.0.1:0", *(["--database", self.database] if self.database else [])],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        )
        assert self._process.stdout is not None
        self.tcp = ServerAddress.parse(msgspec.json.decode(self._process.stdout.readline())["url"])

    def stop(self) -> None:
        """As `systemctl stop` would; killed when it does not end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                print("the server did not end in 30 s", file=sys.stderr)
                self._process.kill()
                self._process.wait()
        self._process = None

    def client(self, session: str | None = None) -> TeamClient:
        """The home's owner, or whose session it is."""
        return TeamClient(self.tcp, Secret(session)) if session else TeamClient(self.address)

    async def sessions(self, streams: int) -> list[str]:
        """Members enough for so many streams, each with a session."""
        wanted = -(-streams // STREAMS_A_SESSION)
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(admin: TeamClient, nobody: TeamClient, n: int) -> str:
            async with turn:
                added = await admin.add_member(AddMemberRequest(f"member{n}"))
                secret = Invitation.decode(added.invitation).secret
                return (await nobody.join(JoinRequest(secret, "bench"))).session

        async with self.client() as admin, TeamClient(self.tcp) as nobody:
            return list(await asyncio.gather(*(one(admin, nobody, n) for n in range(wanted))))

    @property
    def pid(self) -> int:
        """The server's."""
        assert self._process is not None
        return self._process.pid

    def cpu_seconds(self) -> float:
        """Of all its threads so far, to the nanosecond."""
        return sum(int(task.joinpath("schedstat").read_text().split()[0]) for task in Path(f"/proc/{self.pid}/task").iterdir()) / 1e9

    def rss_kb(self) -> int:
        """What it holds in memory."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Rss:"))


def _copies(connection: Connection, state: Conversation, start: int, count: int, closed_ones: int) -> None:
    """Rows as `store.team.projection` writes them; the closed ones are the older ones."""
    made, opened = insert_into(conversations), insert_into(open_work)
    for n in range(start, start + count):
        number, name = n + 10, f"{n:016x}"
        closed = n < closed_ones
        one = msgspec.structs.replace(
            state,
            id=ConversationId(name),
            number=number,
            thread_key=name,
            subject=f"{state.subject} {number}",
            status="done" if closed else "new",
            messages=tuple(msgspec.structs.replace(message, message_id=f"<m{n}@example.org>") for message in state.messages),
            comments=tuple(msgspec.structs.replace(comment, id=f"{n}-{comment.id}") for comment in state.comments),
        )
        run(connection, made, id=one.id, number=number, inbox=SUPPORT, leased=0, wake_at=None, state=msgspec.json.encode(one))
        if not closed:
            run(connection, opened, number=number, conversation_id=one.id, inbox=SUPPORT)
    move_counter(connection, "number", start + count + 10 - int(str(value(connection, s.GET_COUNTER, name="number"))))
    # A journal of that age is long: a newcomer does not read it from its start.
    move_counter(connection, "seq", 10 * (start + count) - seq_now(connection))
