"""The verbs that sort, follow, talk, join and part conversations, on a real server, and what the team agrees on."""

from tests.cli.home import Home
from tests.cli.test_verbs import home  # noqa: F401 - the fixture


def test_a_day_of_sorting_by_script(home: Home) -> None:  # noqa: F811
    id_ = home.first()["id"]
    assert home.mado("tag", id_, "苦情,至急対応").rows[0]["tags"] == ["苦情", "至急対応"]
    assert home.mado("tag", id_, "苦情", "--off").rows[0]["tags"] == ["至急対応"]
    home.mado("folder", id_, "苦情/2026")
    home.mado("follow", id_)
    (shown,) = home.mado("show", id_).rows
    assert (shown["folder"], len(shown["followers"])) == ("苦情/2026", 1)
    for query in ("folder:苦情", "tag:至急対応", "follower:me", "is:following"):
        assert [row["id"] for row in home.mado("list", query).rows] == [id_], query
    home.mado("comment", id_, "確認中です @all")
    (said,) = home.mado("show", id_).rows[0]["comments"]
    home.mado("comment", id_, "確認しました", "--edit", said["id"])
    home.mado("react", id_, said["id"], "👍")
    (said,) = home.mado("show", id_).rows[0]["comments"]
    assert (said["text"], [one["text"] for one in said["edits"]], said["reactions"][0]["sign"]) == ("確認しました", ["確認中です @all"], "👍")
    assert home.mado("snooze", id_, "2099-01-01T09:00", "--reason", "入荷待ち").rows[0]["status"] == "hold"
    assert [row["id"] for row in home.mado("list", "is:snoozed").rows] == [id_]
    assert home.mado("undo", id_).rows[0]["status"] == "new"


def test_what_the_team_agrees_on_by_script(home: Home) -> None:  # noqa: F811
    id_ = home.first()["id"]
    saved = home.mado("statuses", "save", "interim", "--category", "open", "--ja", "つなぎ", "--en", "Interim", "--letter", "i", "--order", "25")
    assert saved.code == 0
    assert [row["key"] for row in home.mado("statuses").rows][:3] == ["new", "in_progress", "interim"]
    taken = home.mado("statuses", "save", "other", "--category", "open", "--ja", "別", "--en", "Other", "--letter", "i")
    assert (taken.code, taken.rows[0]["refused"]) == (1, "NameTaken")
    row = home.mado("status", id_, "interim").rows[0]
    assert (row["status"], row["category"]) == ("interim", "open")
    assert [one["id"] for one in home.mado("list", "status:つなぎ").rows] == [id_]
    me = home.mado("take", id_).rows[0]["owner"]
    home.mado("group", "save", "billing", me, "--name", "経理")
    assert home.mado("group").rows == [{"key": "billing", "name": "経理", "members": [me]}]
    home.mado("away", me, "--until", "2099-01-01T09:00")
    assert [row["member"] for row in home.mado("away").rows] == [me]
    assert home.mado("away", me, "--back").code == 0
    assert home.mado("away").rows == []


def test_conversations_joined_and_parted_by_script(home: Home) -> None:  # noqa: F811
    first, second = (row["id"] for row in home.mado("list", "--limit", "2").rows)
    for one in (first, second):
        home.mado("take", one)
    messages = home.mado("show", first).rows[0]["messages"]
    merged = home.mado("merge", first, second)
    assert merged.code == 0
    (survivor,) = {row["id"] for row in home.mado("show", first).rows}
    assert home.mado("show", second).rows[0]["id"] == survivor
    both = [message["message_id"] for message in home.mado("show", survivor).rows[0]["messages"]]
    assert len(both) > len(messages)
    assert home.mado("undo", survivor).code == 0
    assert {home.mado("show", one).rows[0]["id"] for one in (first, second)} == {first, second}
    home.mado("merge", first, second)
    assert home.mado("split", survivor, both[-1]).code == 0
    assert [message["message_id"] for message in home.mado("show", survivor).rows[0]["messages"]] == both[:-1]
    home.mado("undo", survivor)
    assert [message["message_id"] for message in home.mado("show", survivor).rows[0]["messages"]] == both
    assert home.mado("split", survivor, "<none@x>").rows[0]["refused"] == "UnknownMessage"
    nowhere = home.mado("move", survivor, "--inbox", "nowhere")
    assert (nowhere.code, nowhere.rows[0]["refused"]) == (1, "UnknownInbox")


def test_what_is_read_and_unread_by_script_is_told_to_the_server_at_once(home: Home) -> None:  # noqa: F811
    id_ = home.first()["id"]
    row = home.mado("unread", id_).rows[0]
    assert (row["id"], row["unread"]) == (id_, True)
    assert id_ in [one["id"] for one in home.mado("list", "is:unread").rows]
    assert home.mado("read", id_).rows[0]["unread"] is False
    assert id_ not in [one["id"] for one in home.mado("list", "is:unread").rows]
    missing = home.mado("unread", "nowhere")
    assert (missing.code, missing.rows[0]["refused"]) == (1, "UnknownConversation")


def test_views_are_kept_shared_and_removed_by_script(home: Home) -> None:  # noqa: F811
    id_ = home.first()["id"]
    home.mado("urgency", id_, "urgent")
    dry = home.mado("view", "save", "急ぎ", "urgency:urgent", "--key", "j", "--dry-run")
    assert (dry.code, dry.rows[0]["key"]) == (0, "j")
    assert {row["whose"] for row in home.mado("view").rows} == {"built_in"}
    home.mado("view", "save", "急ぎ", "urgency:urgent", "--key", "j", "--sort", "oldest", "--group", "owner", "--columns", "age,owner")
    assert home.mado("view", "save", "urgent", "urgency:urgent", "--shared").code == 0
    (shown,) = home.mado("view", "show", "急ぎ").rows
    assert (shown["whose"], shown["count"], shown["sort"], shown["group"], shown["columns"]) == ("own", 1, "oldest", "owner", ["owner", "age"])
    assert [row["id"] for row in home.mado("list", "--view", "急ぎ").rows] == [id_]
    assert home.mado("list", "--view", "急ぎ", "has:comment").rows == []
    newest = [row["id"] for row in home.mado("list").rows]
    assert [row["id"] for row in home.mado("list", "--sort", "oldest").rows] == newest[::-1]
    assert home.mado("list", "--sort", "urgency").rows[0]["id"] == id_
    assert [(row["name"], row["whose"]) for row in home.mado("view", "list").rows][-2:] == [("urgent", "team"), ("急ぎ", "own")]
    taken = home.mado("view", "save", "tray", "is:tray", "--shared")
    assert (taken.code, taken.rows[0]["refused"]) == (1, "NameTaken")
    for wrong in (["x", "status:"], ["x", "is:tray", "--key", "g"]):
        assert home.mado("view", "save", *wrong).code == 5
    assert home.mado("view", "remove", "urgent", "--shared", "--dry-run").code == 0
    assert home.mado("view", "remove", "urgent", "--shared").code == 0
    assert home.mado("view", "remove", "急ぎ").code == 0
    assert home.mado("view", "remove", "急ぎ").code == 5
    assert {row["whose"] for row in home.mado("view").rows} == {"built_in"}


def test_all_that_a_query_finds_is_sorted_by_one_verb_after_a_dry_run_that_changes_nothing(home: Home) -> None:  # noqa: F811
    ids = [row["id"] for row in home.mado("list", "is:tray").rows]
    assert len(ids) > 1
    foretold = home.mado("urgency", "--query", "is:tray", "--dry-run", "urgent")
    assert (foretold.code, [(row["id"], row["would"]) for row in foretold.rows]) == (0, [(id_, "change") for id_ in ids])
    assert home.mado("list", "urgency:urgent").rows == []
    done = home.mado("urgency", "--query", "is:tray", "urgent")
    assert (done.code, [(row["id"], row["urgency"]) for row in done.rows]) == (0, [(id_, "urgent") for id_ in ids])
    assert [row["would"] for row in home.mado("urgency", *ids, "urgent", "--dry-run").rows] == ["nothing"] * len(ids)
    refused = home.mado("assign", "--query", "urgency:urgent", "--to", "nobody-of-ours")
    assert (refused.code, [row["refused"] for row in refused.rows]) == (1, ["UnknownMember"] * len(ids))
    assert [home.mado(*words).code for words in (("tag", "x"), ("tag", "1", "x", "--query", "is:tray"), ("take", "--query", "from:"))] == [2, 2, 5]


def test_what_to_do_now_is_said_with_its_reasons_and_taken_in_the_same_stroke(home: Home) -> None:  # noqa: F811
    oldest, newest = home.mado("list", "is:tray").rows[-1]["id"], home.mado("list", "is:tray").rows[0]["id"]
    assert [(row["id"], row["why"]) for row in home.mado("next").rows] == [(oldest, ["oldest"])]
    home.mado("urgency", newest, "urgent")
    assert [(row["id"], row["why"]) for row in home.mado("next").rows] == [(newest, ["urgent", "oldest"])]
    (taken,) = home.mado("next", "--take").rows
    assert (taken["id"], taken["owner"] is not None) == (newest, True)
    assert [(row["id"], row["why"]) for row in home.mado("next").rows] == [(newest, ["own", "urgent", "oldest"])]
    home.mado("status", newest, "no_reply")
    assert home.mado("next", "--limit", "9").rows[0]["id"] == oldest
