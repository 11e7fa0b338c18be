"""Files of comments over the wire: who may hand them in and have them, and what an attacker tries with them."""

import asyncio
import hashlib
from pathlib import Path

import aiohttp
import pytest

from mailsync.link.address import ServerAddress
from mailsync.link.errors import RequestRefused, ServerForbids, ServerStrange, SessionEnded
from mailsync.link.files import fetch_file, send_file
from mailsync.link.protocol import Done, Refused
from mailsync.server import files
from store.domain.commands import AddComment, MoveToInbox, RemoveComment
from store.domain.comment_files import FILE_AT_MOST, CommentFile
from store.domain.ids import CommentId, ConversationId
from store.domain.people import Role
from store.domain.refusals import FileMissing, Malformed
from tests.server.server_house import Agent, Served
from tests.server.test_limits import first_words, head, line_to, status_of
from tests.team.team_house import SALES, SUPPORT
from tests.waiting import wait_for

CONTENT = bytes(range(256)) * 3000
FILE = CommentFile("画面.png", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
C1 = CommentId("c1")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture"
    path.write_bytes(CONTENT)
    return path


def saying(conversation_id: ConversationId, *given: CommentFile) -> AddComment:
    return AddComment(conversation_id=conversation_id, comment_id=C1, text="", files=given or (FILE,))


def path_of(conversation_id: ConversationId, comment: str = "c1", sha256: str = FILE.sha256) -> str:
    return f"/v1/files/{conversation_id}/{comment}/{sha256}"


async def kept(served: Served) -> int:
    rows = await served.team.desk.ask(lambda connection: connection.execute("SELECT count(*) FROM file_pieces"))
    return int(rows[0][0])


async def handed_in(sato: Agent, here: ConversationId, picture: Path) -> None:
    await send_file(sato.client, here, C1, FILE, picture)
    assert isinstance(await sato.ask(saying(here)), Done)


async def test_a_colleague_has_the_file_that_was_put_to_a_comment(served: Served, picture: Path) -> None:
    sato, mori = await served.member("Sato"), await served.member("Mori", Role.GUEST)
    here = await served.team.arrives("<1@example.org>")
    await handed_in(sato, here, picture)
    assert await fetch_file(mori.client, here, C1, FILE) == CONTENT
    await send_file(sato.client, here, C1, FILE, picture)
    assert isinstance(await sato.ask(saying(here)), Done), "asked again after a lost answer, it is the same comment"


async def test_only_who_may_see_the_conversation_has_its_files(served: Served, picture: Path) -> None:
    sato, guest = await served.member("Sato"), await served.member("Guest", Role.GUEST, (SALES,))
    here = await served.team.arrives("<1@example.org>")
    await handed_in(sato, here, picture)
    with pytest.raises(ServerForbids):
        await fetch_file(guest.client, here, C1, FILE)
    with pytest.raises(ServerForbids):
        await send_file(guest.client, here, CommentId("c2"), FILE, picture)
    async with served.client(None) as stranger:
        with pytest.raises(SessionEnded):
            await fetch_file(stranger, here, C1, FILE)
    # By way of a conversation that is theirs, they get it no more than by its own.
    theirs = await served.team.arrives("<2@example.org>", inbox=SALES)
    with pytest.raises(RequestRefused):
        await fetch_file(guest.client, theirs, C1, FILE)
    assert await guest.ask(saying(theirs)) == Refused(served.team.desk.seq, FileMissing(1))

    moved = await sato.ask(MoveToInbox(conversation_id=here, inbox=SALES, reason="x"))
    assert isinstance(moved, Done), moved
    assert await fetch_file(guest.client, here, C1, FILE) == CONTENT
    only_support = await served.member("Only", Role.AGENT, (SUPPORT,))
    with pytest.raises(ServerForbids):
        await fetch_file(only_support.client, here, C1, FILE)


async def test_a_file_of_no_comment_or_of_one_that_is_gone_is_not_handed_out(served: Served, picture: Path) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    await send_file(sato.client, here, C1, FILE, picture)
    with pytest.raises(RequestRefused):
        await fetch_file(sato.client, here, C1, FILE)
    assert isinstance(await sato.ask(saying(here)), Done)
    assert isinstance(await sato.ask(RemoveComment(conversation_id=here, comment_id=C1)), Done)
    with pytest.raises(RequestRefused):
        await fetch_file(sato.client, here, C1, FILE)


async def test_bytes_that_are_not_those_that_were_named_are_not_kept(served: Served, picture: Path) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    picture.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(RequestRefused, match="not those"):
        await send_file(sato.client, here, C1, FILE, picture)
    assert await kept(served) == 0
    assert await sato.ask(saying(here)) == Refused(served.team.desk.seq, FileMissing(1))


async def test_what_a_server_gives_for_another_file_is_not_taken(served: Served, picture: Path) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    await handed_in(sato, here, picture)
    await served.team.desk.ask(lambda _connection: None)
    await served.team.desk.ledger.write_plain(lambda connection: connection.execute("UPDATE file_pieces SET content = zeroblob(262144) WHERE n = 0"))
    with pytest.raises(ServerStrange, match="not the file"):
        await fetch_file(sato.client, here, C1, FILE)


@pytest.mark.parametrize("length", [FILE_AT_MOST + 1, 10**15, 0])
async def test_an_oversized_file_is_refused_before_a_byte_of_it_is_read(served: Served, length: int) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    async with line_to(served) as line:
        more = [f"Authorization: Bearer {sato.session}", f"Content-Length: {length}"]
        assert status_of(await first_words(line, head(path_of(here), *more, method="PUT"))) == 413
    assert await kept(served) == 0


async def test_a_file_that_does_not_say_how_large_it_is_is_not_read(served: Served) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    async with line_to(served) as line:
        more = [f"Authorization: Bearer {sato.session}", "Transfer-Encoding: chunked"]
        assert status_of(await first_words(line, head(path_of(here), *more, method="PUT") + b"3\r\nabc\r\n")) == 400


async def test_a_slow_file_is_given_up_and_leaves_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE_SECONDS", 0.2)
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    async with line_to(served) as line:
        more = [f"Authorization: Bearer {sato.session}", f"Content-Length: {len(CONTENT)}"]
        answer = await first_words(line, head(path_of(here), *more, method="PUT") + CONTENT[:300_000])
        assert status_of(answer) == 503
    assert await kept(served) == 0
    assert not served.house.lines._large


async def test_a_file_that_breaks_off_leaves_nothing(served: Served) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    address = ServerAddress.parse(served.url)
    _reader, writer = await asyncio.open_connection(address.host, address.port)
    more = [f"Authorization: Bearer {sato.session}", f"Content-Length: {len(CONTENT)}"]
    writer.write(head(path_of(here), *more, method="PUT") + CONTENT[:300_000])
    await wait_for(lambda: served.house.lines._large == {"sato": 1}, "the file to be on its way")
    writer.transport.abort()
    await wait_for(lambda: not served.house.lines._large, "the end of the call")
    assert await kept(served) == 0


@pytest.mark.parametrize(
    "crooked",
    [
        "/v1/files/{here}/..%2F..%2Fetc%2Fpasswd/{hash}",
        "/v1/files/{here}/c1/..%2F..%2F..%2Fetc%2Fpasswd",
        "/v1/files/{here}/c1/../../../../etc/passwd",
        "/v1/files/{here}/c%00/{hash}",
        "/v1/files/..%2F..%2Fteam.db/c1/{hash}",
        "/v1/files/{here}/" + "c" * 65 + "/{hash}",
    ],
)
async def test_a_crooked_path_leads_to_no_file(served: Served, crooked: str) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    path = crooked.format(here=here, hash=FILE.sha256)
    for method in ("GET", "PUT"):
        async with line_to(served) as line:
            more = [f"Authorization: Bearer {sato.session}", "Content-Length: 1"] if method == "PUT" else [f"Authorization: Bearer {sato.session}"]
            assert status_of(await first_words(line, head(path, *more, method=method) + (b"x" if method == "PUT" else b""))) in {400, 404, 405}
    assert await kept(served) == 0


@pytest.mark.parametrize("name", ["../../.ssh/authorized_keys", "C:\\x.exe", "a\u202efdp.exe", "nul.txt", "\x1b[2J", ".profile", "x\0.png"])
async def test_a_name_that_plays_tricks_is_refused_whoever_sends_it(served: Served, picture: Path, name: str) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    await send_file(sato.client, here, C1, FILE, picture)
    answer = await sato.ask(saying(here, CommentFile(name, FILE.size_bytes, FILE.sha256)))
    assert isinstance(answer, Refused)
    assert answer.refusal == Malformed("a file's name is no plain name")


async def test_no_browser_shows_or_runs_what_was_put_to_a_comment(served: Served, picture: Path) -> None:
    sato = await served.member("Sato")
    here = await served.team.arrives("<1@example.org>")
    await handed_in(sato, here, picture)
    headers = {"Authorization": f"Bearer {sato.session}"}
    async with aiohttp.ClientSession() as http, http.get(served.url + path_of(here), headers=headers) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert "filename" not in answer.headers["Content-Disposition"], "a name of somebody's stands in no header"
