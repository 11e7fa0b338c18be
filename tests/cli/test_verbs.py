"""The verbs on a real server that a home starts for itself: what scripts get on stdout, and that the team's rules hold for them too."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest
from server_process import new_folder

from mailsync.link.home import client_of, server_of
from mailsync.link.protocol import CommandRequest
from store.domain.commands import TakeLease
from store.domain.ids import CommandKey, ConversationId, Revision
from store.settings.settings import load_settings
from tests.cli.home import PASSWORD, Home
from tui.cli.quick import plain_search

LIST_FIELDS = [
    "id",
    "number",
    "revision",
    "inbox",
    "subject",
    "customer",
    "status",
    "category",
    "owner",
    "urgency",
    "tags",
    "lease",
    "messages",
    "last_at",
    "due_at",
    "unread",
    "woken",
]


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home(new_folder("cli") / "home")
    home.receives(subject="Order 4711", text="where is my parcel")
    home.receives(subject="注文について", sender="佐藤 太郎 <taro@example.org>", text="商品が届きません")
    yield home
    home.stop_server()


def test_without_a_server_everything_is_new_and_none_is_started(home: Home) -> None:
    listed = home.mado("list")
    assert listed.code == 0
    assert [list(row) for row in listed.rows] == [LIST_FIELDS, LIST_FIELDS]
    newest = listed.rows[0]
    assert (newest["subject"], newest["status"], newest["category"]) == ("注文について", "new", "open")
    assert newest["customer"] == {"name": "佐藤 太郎", "address": "taro@example.org"}
    assert newest["tags"] == []
    assert newest["lease"] is None
    assert newest["last_at"] == "2026-11-01T02:00:00Z"
    assert home.mado("show", newest["id"]).code == 0
    assert home.mado("search", "parcel").code == 0
    assert not (home.path / "desk.sock").exists()


def test_limit_and_query_narrow_a_list(home: Home) -> None:
    assert len(home.mado("list", "--limit", "1").rows) == 1
    assert [row["subject"] for row in home.mado("list", "from:taro").rows] == ["注文について"]


def test_search_finds_two_letters_of_japanese(home: Home) -> None:
    (hit,) = home.mado("search", "商品").rows
    assert list(hit) == ["conversation_id", "message_id", "subject", "from", "date", "snippet"]
    assert hit["message_id"] == "<mail-2@example.com>"
    assert hit["from"] == {"name": "佐藤 太郎", "address": "taro@example.org"}
    assert hit["date"].endswith("+09:00") or hit["date"].endswith("Z")


def test_search_stays_and_answers_line_by_line(home: Home) -> None:
    asked = '{"query": "parcel", "limit": 5}\n{"query": "nothing-of-the-kind"}\nnonsense\n{"query": "商品"}\n'
    said = home.mado("search", "--stdin", stdin=asked)
    assert said.code == 0
    answers: list[list[str]] = [[]]
    for line in said.out.splitlines():
        if line:
            answers[-1].append(line)
        else:
            answers.append([])
    assert [len(answer) for answer in answers] == [1, 0, 0, 1, 0]  # the last is what comes after the last empty line
    assert "parcel" in answers[0][0]
    assert "商品" in answers[3][0]


def test_show_tells_a_conversation_whole(home: Home) -> None:
    id_ = home.first()["id"]
    home.mado("comment", id_, "looks lost")
    (shown,) = home.mado("show", id_).rows
    assert [message["text"].strip() for message in shown["messages"]] == ["商品が届きません"]
    assert shown["messages"][0]["date"] == "2026-11-01T02:00:00+09:00"
    assert [comment["text"] for comment in shown["comments"]] == ["looks lost"]
    assert {"ConversationOpened", "MessageArrived", "CommentAdded"} <= {event["type"] for event in shown["timeline"]}


def test_the_raw_source_comes_as_it_was(home: Home) -> None:
    raw = home.mado("show", home.first()["id"], "--raw", json_lines=False).out
    assert raw.startswith("From: 佐藤 太郎 <taro@example.org>")
    assert "Message-ID: <mail-2@example.com>" in raw


def test_a_day_of_keys_by_script(home: Home) -> None:
    id_ = home.first()["id"]
    (taken,) = home.mado("take", id_).rows
    assert taken["owner"]
    assert list(taken) == LIST_FIELDS
    (held,) = home.mado("status", id_, "hold", "--reason", "asked the warehouse", "--until", "2030-01-01T09:00:00+09:00").rows
    assert (held["status"], held["category"]) == ("hold", "waiting")
    (undone,) = home.mado("undo", id_).rows
    assert undone["status"] == taken["status"]
    (urgent,) = home.mado("urgency", id_, "urgent").rows
    assert urgent["urgency"] == "urgent"
    (due,) = home.mado("due", id_, "2030-01-01T09:00:00+09:00").rows
    assert due["due_at"] == "2030-01-01T00:00:00Z"
    assert [row["id"] for row in home.mado("list", "due:2030").rows] == [id_]
    assert home.mado("due", id_, "yesterday").code == 2
    assert home.mado("due", id_, "none").rows[0]["due_at"] is None
    (freed,) = home.mado("assign", id_, "--to", "").rows
    assert freed["owner"] is None
    assert home.mado("comment", str(urgent["number"]), "-", stdin="by number\n").code == 0
    assert freed["revision"] > taken["revision"]


def test_several_conversations_in_one_call_keep_their_order(home: Home) -> None:
    ids = [row["id"] for row in home.mado("list").rows]
    assert [row["id"] for row in home.mado("take", *ids).rows] == ids


def test_a_refusal_is_one_object_with_its_facts_and_exit_code_one(home: Home) -> None:
    id_ = home.first()["id"]
    for arguments, refused in [
        (("assign", id_, "--to", "nobody"), {"refused": "UnknownMember", "member": "nobody"}),
        (("status", id_, "queued"), {"refused": "UnknownStatus", "status": "queued"}),
        (("status", id_, "hold", "--reason", "x"), {"refused": "WakeTimeRequired"}),
        (("status", id_, "hold", "--until", "2030-01-01"), {"refused": "ReasonRequired"}),
        (("undo", id_), {"refused": "NothingToUndo"}),
        (("take", "zzzzzzzz"), {"refused": "UnknownConversation", "conversation_id": "zzzzzzzz"}),
        (("show", "zzzzzzzz"), {"refused": "UnknownConversation", "conversation_id": "zzzzzzzz"}),
    ]:
        said = home.mado(*arguments)
        assert said.code == 1, (arguments, said)
        assert refused.items() <= said.rows[0].items()
        assert said.err  # and in words


def test_a_reply_is_kept_as_a_draft_and_then_sent_from_it(home: Home) -> None:
    id_ = home.first()["id"]
    (draft,) = home.mado("reply", id_, "--body", "-", stdin="すぐにお送りします。\n").rows
    assert draft["to"] == ["佐藤 太郎 <taro@example.org>"]
    assert draft["subject"] == "Re: 注文について"
    sent = home.mado("reply", id_, "--send", "--hold", "600")
    assert sent.code == 0, sent.err
    assert sent.rows[0]["queued"] == "server"
    (waiting,) = home.mado("outbox").rows
    assert (waiting["state"], waiting["to"]) == ("queued", ["taro@example.org"]) or waiting["state"] == "scheduled"
    assert waiting["message_id"] == sent.rows[0]["message_id"]
    (again,) = home.mado("reply", id_, "--send", "--body", "-", stdin="twice").rows
    assert again["refused"] == "ReplyPending"
    (undone,) = home.mado("undo", id_).rows
    assert undone["status"] == "in_progress"
    assert home.mado("outbox").rows[0]["state"] == "cancelled"


def test_a_reply_is_sent_at_the_time_that_is_asked_for(home: Home) -> None:
    id_ = home.first()["id"]
    assert home.mado("reply", id_, "--body", "-", "--at", "明日9時", stdin="はい").code == 2
    assert home.mado("reply", id_, "--body", "-", "--send", "--at", "きのう", stdin="はい").code == 5
    assert home.mado("outbox").rows == []
    sent = home.mado("reply", id_, "--body", "-", "--send", "--at", "明日9時", stdin="はい")
    assert sent.code == 0, sent.err
    (waiting,) = home.mado("outbox").rows
    assert (waiting["state"], waiting["send_at"]) == ("scheduled", sent.rows[0]["send_at"])
    assert home.mado("undo", id_).rows[0]["status"] == "in_progress"


def test_a_reply_with_an_unfilled_field_is_stopped_and_kept(home: Home, tmp_path) -> None:
    (tmp_path / "late.txt").write_text("{{customer}} 様\n\n{{nobody_knows}}\n")
    assert home.mado("template", "import", str(tmp_path / "late.txt")).rows[0]["key"] == "late"
    assert home.mado("template", "list").rows[0]["key"] == "late"
    assert "{{customer}}" in home.mado("template", "show", "late").rows[0]["body"]
    id_ = home.first()["id"]
    stopped = home.mado("reply", id_, "--template", "late", "--send")
    assert stopped.code == 1
    assert stopped.rows[0]["refused"] == "SendCheck"
    assert [finding["code"] for finding in stopped.rows[0]["findings"]] == ["unresolved_field"]
    assert home.first()["lease"] is None
    (kept,) = home.mado("reply", id_).rows
    assert kept["body"].startswith("佐藤 太郎 様")


def test_a_reply_to_what_was_not_seen_is_stopped_by_the_fence(home: Home) -> None:
    id_ = home.first()["id"]
    seen = home.mado("take", id_).rows[0]["revision"]
    home.receives(subject="Re: 注文について", sender="佐藤 太郎 <taro@example.org>", more="In-Reply-To: <mail-2@example.com>\r\n", text="届きました")
    # At once: the home's own server, which looks twice a second at what was fetched, is told to look now.
    stopped = home.mado("reply", id_, "--body", "-", "--send", "--seen", str(seen), stdin="sorry")
    assert stopped.code == 1
    assert stopped.rows[0]["refused"] == "SomethingNew"
    assert stopped.rows[0]["new"] == ["<mail-3@example.com>"]
    assert home.first()["lease"] is None  # nobody is locked out by a send that was stopped


def test_an_answer_to_mail_that_lies_here_has_seen_it_though_the_server_saw_it_later(home: Home) -> None:
    id_ = home.first()["id"]
    seen = home.mado("take", id_).rows[0]["revision"]
    home.receives(subject="Re: 注文について", sender="佐藤 太郎 <taro@example.org>", more="In-Reply-To: <mail-2@example.com>\r\n", text="届きました")
    (kept,) = home.mado("reply", id_, "--body", "-", stdin="よかったです").rows
    assert kept["seen_revision"] == home.first()["revision"] > seen


def test_no_password_shows_anywhere(home: Home) -> None:
    ids = home.first()["id"]
    for arguments in (["list"], ["show", ids], ["sync", "--once"], ["doctor"], ["take", ids], ["outbox"]):
        said = home.mado(*arguments)
        assert PASSWORD not in said.out + said.err, arguments


def test_people_get_lines_that_cannot_steer_their_terminal(home: Home) -> None:
    home.receives(subject="=?utf-8?B?G1sySltib21iXcKbMzFt4oCu?=", sender="Eve <eve@example.net>")
    for verb in (["list"], ["list", "--json"], ["search", "hello"], ["show", home.first()["id"]]):
        out = home.mado(*verb, json_lines=False).out
        assert not any(steering in out for steering in "\x1b\x9b\u202e"), verb


async def test_a_script_does_not_pull_ones_own_composer_from_under_one(home: Home) -> None:
    row = (await asyncio.to_thread(home.mado, "take", home.first()["id"])).rows[0]
    settings = load_settings(home.path)
    address = server_of(home.path, settings)
    assert address is not None
    async with client_of(home.path, settings, address) as client:
        lease = TakeLease(conversation_id=ConversationId(row["id"]), seen_revision=Revision(row["revision"]), terminal="the screen")
        await client.command(CommandRequest(CommandKey("a" * 32), lease))
    send = ("reply", row["id"], "--body", "-", "--send", "--hold", "600")
    stopped = await asyncio.to_thread(home.mado, *send, stdin="hello")
    assert (stopped.code, stopped.rows[0]["refused"]) == (1, "LeaseHeld")
    assert home.first()["lease"]["by"] == row["owner"]
    assert (await asyncio.to_thread(home.mado, *send, "--take-over", stdin="hello")).code == 0


def test_a_plain_search_says_what_any_other_form_of_it_says(home: Home) -> None:
    for query, code in [("商品", 0), ("parcel from:hanako", 0), ("nothing-of-the-kind", 0), ("(", 5)]:
        for asked in ([query], query.split()):
            plain, whole = home.mado("search", *asked), home.mado("search", "--by", "newest", *asked)
            assert (plain.code, plain.out, plain.err) == (whole.code, whole.out, whole.err)
            assert plain.code == code
        people = home.mado("search", query, json_lines=False), home.mado("search", "--by", "newest", query, json_lines=False)
        assert (people[0].out, people[0].err) == (people[1].out, people[1].err)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["search"],
        ["search", "--help"],
        ["search", "--", "-x"],
        ["search", "--limit", "0", "parcel"],
        ["search", "--limit", "x", "parcel"],
        ["search", "parcel", "--limit"],
        ["search", "--limit", "3", "--limit", "4", "parcel"],
        ["search", "--limit", "3"],
        ["search", "--by", "newest", "parcel"],
        ["--home", "", "search", "parcel"],
        ["list", "parcel"],
        ["search", "-"],
    ],
)
def test_what_is_no_plain_search_is_left_to_the_whole_command_line(arguments: list[str]) -> None:
    assert plain_search(arguments) is None


def test_a_plain_search_may_say_how_many_hits_it_wants() -> None:
    assert plain_search(["search", "parcel", "--limit", "3", "late"]) == ("", "parcel late", False, 3)
    assert plain_search(["search", "--json", "parcel"]) == ("", "parcel", True, 0)


def test_what_a_plain_search_leaves_out_is_there_for_whoever_needs_it_later() -> None:
    said = (
        "import sys; from tui.cli.quick import import_alone; import_alone('msgspec', without='typing_extensions'); "
        "assert 'typing_extensions' not in sys.modules; import typing_extensions, msgspec; from store.domain.message import Message; "
        "from store.local.codec import pack_message, unpack_message; print(typing_extensions.Required, msgspec.json.Decoder(Message))"
    )
    assert "Required" in subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True).stdout
