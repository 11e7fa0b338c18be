"""Files of comments at the team's desk, on both databases: taken in whole or not at all, where their comment is, and gone when it is erased."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from store.domain.commands import AddComment, MergeConversations, RemoveComment, SplitConversation, Undo
from store.domain.comment_files import FILE_AT_MOST, CommentFile
from store.domain.ids import CommentId, ConversationId, MessageId
from store.domain.people import Member, Role
from store.domain.refusals import FileMissing, Malformed
from store.team.backup import back_up
from store.team.checking import check
from store.team.comment_files import PIECE_BYTES, NoRoom, NotThisFile, Which
from store.team.desk import TeamDesk
from store.team.restoring import restore
from store.team.values import Executed, Outcome, Rejected
from tests.team.team_house import Team, TestClock, everything_kept

SECRET = "見積書の中身".encode()
CONTENT = SECRET + bytes(range(256)) * 2000
FILE = CommentFile("見積.pdf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


async def hand_in(team: Team, by: Member, conversation_id: ConversationId, comment: str, content: bytes = CONTENT) -> Which:
    which = Which(CommentId(comment), hashlib.sha256(content).hexdigest())
    if await team.desk.files.begin(which, conversation_id, by.key, len(content)):
        for n in range(0, len(content), PIECE_BYTES):
            await team.desk.files.add(which, n // PIECE_BYTES, content[n : n + PIECE_BYTES])
        await team.desk.files.end(which, len(content))
    return which


async def say(team: Team, by: Member, conversation_id: ConversationId, comment: str, *files: CommentFile, text: str = "") -> Outcome:
    command = AddComment(conversation_id=conversation_id, comment_id=CommentId(comment), text=text, files=files)
    return await team.desk.execute(by, team.key(), command)


async def content_of(team: Team, which: Which) -> bytes:
    return b"".join([piece async for piece in team.desk.files.pieces(which)])


async def test_a_comment_has_its_file_only_once_all_of_it_is_here(team: Team) -> None:
    sato, mori = await team.member("Sato"), await team.member("Mori")
    here = await team.arrives("<1@example.org>")
    which = Which(CommentId("c1"), FILE.sha256)
    assert _refusal(await say(team, sato, here, "c1", FILE)) == FileMissing(1)
    assert await team.desk.files.begin(which, here, sato.key, FILE.size_bytes)
    await team.desk.files.add(which, 0, CONTENT[:PIECE_BYTES])
    with pytest.raises(NotThisFile):
        await team.desk.files.end(which, FILE.size_bytes)
    assert _refusal(await say(team, sato, here, "c1", FILE)) == FileMissing(1)

    await hand_in(team, sato, here, "c1")
    assert _refusal(await say(team, mori, here, "c1", FILE)) == FileMissing(1), "what somebody else handed in is not hers to say"
    assert isinstance(await say(team, sato, here, "c1", FILE), Executed)
    assert not await team.desk.files.begin(which, here, sato.key, FILE.size_bytes), "it is here: nothing is sent twice"
    state = await team.desk.state(here)
    assert state is not None
    assert state.comments[0].files == (FILE,)
    assert await content_of(team, which) == CONTENT
    assert (await asyncio.to_thread(check, team.place)).findings == ()


def _refusal(outcome: Outcome) -> object:
    assert isinstance(outcome, Rejected), outcome
    return outcome.refusal


async def test_knowing_a_files_hash_gives_nobody_the_file(team: Team) -> None:
    sato, mori = await team.member("Sato"), await team.member("Mori")
    here, elsewhere = await team.arrives("<1@example.org>"), await team.arrives("<2@example.org>")
    await hand_in(team, sato, here, "c1")
    assert isinstance(await say(team, sato, here, "c1", FILE), Executed)
    for comment in ("c1", "c2"):
        assert _refusal(await say(team, mori, elsewhere, comment, FILE)) == FileMissing(1)
    with pytest.raises(NotThisFile):
        await team.desk.files.begin(Which(CommentId("c1"), FILE.sha256), elsewhere, mori.key, FILE.size_bytes)


async def test_files_stay_with_their_comment_through_merge_undo_and_removal(team: Team) -> None:
    boss = await team.member("Boss", Role.LEADER)
    one, two = await team.arrives("<1@example.org>"), await team.arrives("<2@example.org>")
    one, two = two, one  # the lower number survives: what was said in the other one moves
    which = await hand_in(team, boss, one, "c1")
    assert isinstance(await say(team, boss, one, "c1", FILE, text="見てください"), Executed)
    merged = await team.desk.execute(boss, team.key(), MergeConversations(conversation_id=one, other=two, reason="同じ件"))
    assert isinstance(merged, Executed), merged
    stays = await team.desk.resolve(one)
    assert stays is not None
    assert await _files_in(team, stays) == (FILE,)
    assert (await asyncio.to_thread(check, team.place)).findings == ()
    undone = await team.desk.execute(boss, team.key(), Undo(conversation_id=stays))
    assert isinstance(undone, Executed), undone
    assert await _files_in(team, one) == (FILE,)
    assert await _files_in(team, two) == ()
    assert (await asyncio.to_thread(check, team.place)).findings == ()

    assert isinstance(await team.desk.execute(boss, team.key(), RemoveComment(conversation_id=one, comment_id=CommentId("c1"))), Executed)
    assert isinstance(await team.desk.execute(boss, team.key(), Undo(conversation_id=one)), Executed)
    assert await _files_in(team, one) == (FILE,)
    assert await content_of(team, which) == CONTENT


async def _files_in(team: Team, conversation_id: ConversationId) -> tuple[CommentFile, ...]:
    state = await team.desk.state(conversation_id)
    assert state is not None
    return tuple(file for comment in state.comments for file in comment.files)


async def test_an_erased_conversation_leaves_no_byte_and_no_name_of_its_files(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the list of erasures of a desk on PostgreSQL lies that was given no folder.
    monkeypatch.chdir(tmp_path)
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    which = await hand_in(team, sato, here, "c1")
    assert isinstance(await say(team, sato, here, "c1", FILE), Executed)
    report = await team.desk.erasing.erase_customer("kyaku@example.org", sato.key)
    assert {one.outcome for one in report.conversations} == {"erased"}
    assert await content_of(team, which) == b""
    assert (await asyncio.to_thread(check, team.place)).findings == ()
    await team.desk.close()
    kept = await asyncio.to_thread(everything_kept, team.place)
    assert SECRET not in kept
    assert FILE.name.encode() not in kept
    assert FILE.sha256.encode() not in kept


async def test_a_backup_brings_the_files_back(team: Team, clock: TestClock, tmp_path: Path) -> None:
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    which = await hand_in(team, sato, here, "c1")
    assert isinstance(await say(team, sato, here, "c1", FILE), Executed)
    backup, place = tmp_path / "backup.db", tmp_path / "again" / "team.db"
    place.parent.mkdir()
    await asyncio.to_thread(back_up, team.place, backup, clock.now())
    await restore(backup, place, clock)
    assert (await asyncio.to_thread(check, place)).findings == ()
    desk = await asyncio.to_thread(TeamDesk, place, clock)
    try:
        assert await content_of(Team(desk, clock), which) == CONTENT
    finally:
        await desk.close()


async def test_a_changed_or_lost_file_is_found_by_the_check(team: Team) -> None:
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    which = await hand_in(team, sato, here, "c1")
    assert isinstance(await say(team, sato, here, "c1", FILE), Executed)
    await team.desk.files.add(which, 1, b"something else")
    findings = (await asyncio.to_thread(check, team.place)).findings
    assert [one.what for one in findings] == ["is not the one that was put there"]


async def test_no_member_and_no_house_is_filled_up(clock: TestClock, tmp_path: Path) -> None:
    desk = await asyncio.to_thread(lambda: TeamDesk(tmp_path / "team.db", clock, comment_files_bytes=3 * len(CONTENT)))
    team = Team(desk, clock)
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    for n in range(3):
        await hand_in(team, sato, here, f"c{n}")
    with pytest.raises(NoRoom, match="comment_files_mb"):
        await hand_in(team, sato, here, "c3")
    clock.move(timedelta(days=1, seconds=1))
    await hand_in(team, sato, here, "c3")
    assert await content_of(team, Which(CommentId("c0"), FILE.sha256)) == b"", "the comment never came"
    await desk.close()

    large = await asyncio.to_thread(lambda: TeamDesk(tmp_path / "other.db", clock))
    team = Team(large, clock)
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    for n in range(20):
        assert await large.files.begin(Which(CommentId(f"c{n}"), FILE.sha256), here, sato.key, FILE_AT_MOST)
    with pytest.raises(NoRoom, match="waiting"):
        await large.files.begin(Which(CommentId("c20"), FILE.sha256), here, sato.key, 1)
    await large.close()


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "/etc/passwd", "..\\windows\\win.ini", "C:evil.txt", "a\0b", "a\nb", "\x1b]0;x\x07", "invoice\u202efdp.exe", "a\u200bb",
        "NUL.txt", "con", "com1.pdf", ".bashrc", "-rf", "~root", "name.", "name ", "", "x" * 201, "\ud800",
    ],
)  # fmt: skip
async def test_a_name_that_plays_tricks_never_gets_into_the_journal(team: Team, name: str) -> None:
    sato = await team.member("Sato")
    here = await team.arrives("<1@example.org>")
    await hand_in(team, sato, here, "c1", b"x")
    file = CommentFile(name, 1, hashlib.sha256(b"x").hexdigest())
    command = AddComment(conversation_id=here, comment_id=CommentId("c1"), text="", files=(file,))
    # Without a key: the answer to half a surrogate could not be kept, and over the wire it cannot come.
    refusal = _refusal(await team.desk.execute(sato, None, command))
    assert refusal == Malformed("a file's name is no plain name")


async def test_a_split_takes_the_files_of_what_was_said_about_its_messages(team: Team) -> None:
    boss = await team.member("Boss", Role.LEADER)
    here = await team.arrives("<1@example.org>")
    assert await team.arrives("<2@example.org>", references=("<1@example.org>",)) == here
    await hand_in(team, boss, here, "c1")
    command = AddComment(conversation_id=here, comment_id=CommentId("c1"), text="", files=(FILE,), message_id=MessageId("<2@example.org>"))
    assert isinstance(await team.desk.execute(boss, team.key(), command), Executed)
    parts = SplitConversation(conversation_id=here, messages=(MessageId("<2@example.org>"),), reason="別件")
    split = await team.desk.execute(boss, team.key(), parts)
    assert isinstance(split, Executed), split
    new = next(part.conversation_id for part in split.recorded if part.conversation_id not in {None, here})
    assert new is not None
    assert await _files_in(team, new) == (FILE,)
    assert await _files_in(team, here) == ()
    assert (await asyncio.to_thread(check, team.place)).findings == ()
