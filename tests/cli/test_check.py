"""`mado check` and `mado words` on a real server: findings like a compiler's, and one list of words for the whole house."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from server_process import new_folder

from tests.cli.home import Home

DRAFT = "To: 佐藤 花子 <hanako@aoi.example>\nSubject: Re: 注文4711\n\n佐藤様\n\n納期は2026年12月4日(木)です。\n了解しました。\n"


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home(new_folder("cli") / "home")
    home.receives(sender="田中 太郎 <tanaka@betsuno.example>", subject="別件", text="お世話になっております。ベツノの田中です。")
    home.receives(sender="佐藤 花子 <hanako@aoi.example>", subject="注文4711", text="お世話になっております。佐藤です。納期を教えてください。")
    yield home
    home.stop_server()


def test_a_file_is_checked_like_a_source_file(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(DRAFT)
    said = home.mado("check", str(file), json_lines=False)
    assert said.code == 1
    assert said.out.splitlines() == [
        "body:3:4: error wrong_weekday: 2026年12月4日(木): this day is a Friday.",
        "  納期は2026年12月4日(木)です。",
        "        ^~~~~~~~~~~~~~~~~",
    ]
    (row,) = home.mado("check", "-", stdin=DRAFT).rows
    assert (row["code"], row["where"], row["line"], row["column"], row["length"]) == ("wrong_weekday", "body", 3, 4, 13)
    file.write_text(DRAFT.replace("木", "金"))
    assert home.mado("check", str(file)).code == 0


def test_a_conversation_s_draft_is_checked_with_what_is_known_of_it(home: Home) -> None:
    newest, other = (row["id"] for row in home.mado("list").rows)
    home.mado("reply", newest, "--body", "-", stdin="田中様\n\n承知いたしました。\n")
    checked = home.mado("check", newest)
    assert (checked.code, [row["code"] for row in checked.rows]) == (1, ["other_customer"])
    assert home.mado("check", other).code == 5
    home.mado("reply", newest, "--body", "-", stdin="佐藤様\n\n承知いたしました。\n")
    assert home.mado("check", newest).rows == []
    file = "To: hanako@aoi.example\nSubject: Re: 注文4711\n\n佐藤 花子\n\n承知いたしました。\n"
    assert [row["code"] for row in home.mado("check", "-", "--to", newest, stdin=file).rows] == ["honorific_missing"]
    assert home.mado("check", "-", "--to", newest, "--errors", stdin=file).code == 0


def test_each_check_explains_itself(home: Home) -> None:
    listed = home.mado("check", "--list").rows
    assert {"attachment_missing", "other_customer", "forbidden_word"} <= {row["code"] for row in listed}
    (row,) = home.mado("check", "--explain", "attachment_missing").rows
    assert row["severity"] == "error"
    assert row["reason"]
    assert row["remedy"]
    assert home.mado("check", "--explain", "nonsense").code == 5
    assert home.mado("check").code == 2


def test_the_house_s_list_is_kept_by_script_and_read_by_the_check(home: Home, tmp_path: Path) -> None:
    assert home.mado("words", "add", "了解しました", "--instead", "承知いたしました").code == 0
    assert home.mado("words", "add", "絶対に", "--error").code == 0
    listed = home.mado("words", "list", json_lines=False).out
    assert listed == "warning 了解しました => 承知いたしました\nerror 絶対に\n"
    (row,) = home.mado("check", "-", stdin=DRAFT.replace("木", "金")).rows
    assert (row["code"], row["line"], row["words"]) == ("careless_word", 4, ["了解しました", "承知いたしました"])
    file = tmp_path / "words.txt"
    file.write_text("# 社内の言葉\n" + listed.replace("warning", "error", 1) + "warning できません\n")
    planned = home.mado("words", "import", str(file), "--dry-run", json_lines=False).out
    assert planned == "+ error 了解しました => 承知いたしました\n+ warning できません\n"
    assert home.mado("words", json_lines=False).out == listed
    assert home.mado("words", "import", str(file)).code == 0
    assert home.mado("check", "-", stdin=DRAFT.replace("木", "金")).rows[0]["severity"] == "error"
    file.write_text("error 絶対に\n")
    assert home.mado("words", "import", str(file), "--replace").code == 0
    assert home.mado("words", json_lines=False).out == "error 絶対に\n"
    assert home.mado("words", "remove", "絶対に").code == 0
    assert home.mado("words").rows == []
    assert home.mado("words", "remove", "絶対に").code == 5
    file.write_text("絶対に\n")
    wrong = home.mado("words", "import", str(file))
    assert (wrong.code, "line 1" in wrong.err) == (5, True)


def test_a_send_with_warnings_wants_a_yes_and_one_with_errors_never_goes(home: Home) -> None:
    newest = home.mado("list").rows[0]["id"]
    send = ("reply", newest, "--body", "-", "--send", "--hold", "600")
    stopped = home.mado(*send, "--yes", stdin="佐藤様\n\n2026年12月4日(木)に発送いたします。\n")
    assert (stopped.code, stopped.rows[0]["refused"]) == (1, "SendCheck")
    warned = home.mado(*send, stdin="佐藤 花子\n\n本日発送いたします。\n")
    assert warned.code == 1
    assert "--yes" in warned.err
    assert home.mado("outbox").rows == []
    assert home.mado("reply", newest, "--send", "--hold", "600", "--yes").code == 0
    assert len(home.mado("outbox").rows) == 1
