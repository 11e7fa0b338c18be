"""A mailing by script alone, on a real mailbox and a real MTA: from a table in Shift_JIS to each customer's mailbox, and the results back in it."""

import csv
import os
import secrets
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from start_dovecot import Dovecot, User
from start_exim import Exim

from tests.line.house import MADO, QUIET, Agent, House
from tests.line.play import lead_through
from tests.waiting import wait_until

TEMPLATE = """Subject: 冬のご案内（{{customer|お客様}} 様）

{{会社|}}
{{customer|お客様}} 様

クーポン番号は {{クーポン}} です。

配信停止: {{配信停止}}
"""
HEADER = "氏名,会社,メール,クーポン"


@pytest.fixture
def house(dovecot: Dovecot, exim: Exim) -> Iterator[House]:
    with House(dovecot, exim) as house:
        yield house


def has_template(house: House, agent: Agent) -> None:
    path = house.root / "winter.txt"
    path.write_text(TEMPLATE)
    house.mado(agent.home, "template", "import", str(path))


def table(house: House, *rows: str, name: str = "冬.csv") -> Path:
    path = house.root / name
    path.write_bytes(("\r\n".join((HEADER, *rows)) + "\r\n").encode("cp932"))
    return path


def customers(house: House, count: int) -> list[User]:
    return [house.dovecot.add_user(f"kyaku{n}-{secrets.token_hex(4)}@example.test") for n in range(count)]


def test_a_table_becomes_one_mail_for_each_customer_and_their_fates_come_back_into_it(house: House) -> None:
    sato = house.joins("Sato")
    has_template(house, sato)
    ann, bob, eve, off = customers(house, 4)
    house.mado(sato.home, "suppress", "add", off.name.upper(), "--reason", "お電話")
    path = table(
        house,
        f'山田 太郎,"山田商事, 東京",{ann.name},0012',
        f",佐藤工業,{bob.name},0013",
        f"重複,,{ann.name.upper()},0014",
        "間違い,,no address,0015",
        f"鈴木,,{eve.name},",
        "拒否,,someone@refuse.test,0017",
        f"停止,,{off.name},0018",
    )
    before = path.read_bytes()
    words = (str(path), "--template", "winter")
    *found, summary = house.mado(sato.home, "mailing", "check", *words, expect=1)
    assert (summary["rows"], summary["sendable"], summary["excluded"], summary["suppressed"]) == (7, 4, 3, 1)
    by_code = {one["code"]: (one["severity"], one["rows"], one["first"], one["column"]) for one in found}
    assert by_code == {
        "duplicate": ("error", 1, [4], 3),
        "bad_address": ("error", 1, [5], 3),
        "unresolved_field": ("error", 1, [6], None),
        "honorific_doubled": ("warning", 1, [3], None),
        "suppressed": ("warning", 1, [8], None),
    }
    letters = house.mado(sato.home, "mailing", "preview", *words)
    assert [(one["row"], one["fallback"]) for one in letters] == [(2, False), (3, True), (7, True)]
    assert letters[1]["body"].startswith("佐藤工業\nお客様 様\n")
    *_, begun = house.mado(sato.home, "mailing", "start", *words, "--yes", "--per-minute", "6000")
    assert (begun["state"], begun["rows"], begun["by"]) == ("running", 4, "sato")
    wait_until(lambda: fates(house, sato) == {"sent": 2, "refused": 1, "skipped": 1}, "every row's fate", 120)
    (done,) = house.mado(sato.home, "mailing", "status", "冬", "--wait")
    assert done["state"] == "finished"

    # Exim has taken them; whether it has delivered them is another matter.
    wait_until(lambda: set(received(house, [ann, bob])) == {ann.name, bob.name}, "both mails", 60)
    mails = [house.mailbox(user) for user in (ann, bob, eve, off)]
    assert [len(each) for each in mails] == [1, 1, 0, 0]
    mail = mails[0][0]
    assert mail["Subject"] == "冬のご案内（山田 太郎 様）"
    assert mail.get_content().replace("\r\n", "\n").startswith("山田商事, 東京\n山田 太郎 様\n\nクーポン番号は 0012 です。")
    assert mail["List-Unsubscribe"].startswith(f"<mailto:{house.support.name}?subject=unsubscribe%20u")
    assert mail["List-Unsubscribe"].strip("<>") in mail.get_content()

    (told,) = house.mado(sato.home, "mailing", "results", str(path))
    assert told["state"] == "finished"
    written = path.read_bytes()
    assert [after.startswith(one) for one, after in zip(before.split(b"\r\n"), written.split(b"\r\n"), strict=True)] == [True] * 9
    rows = list(csv.DictReader(written.decode("cp932").splitlines()))
    assert [row["mado_state"] for row in rows] == ["sent", "sent", "left_out", "left_out", "left_out", "refused", "skipped"]
    assert rows[0]["mado_message_id"] == mail["Message-ID"]
    assert rows[6]["mado_reason"] == "suppressed"

    # Once more by mistake: the same table before it had results.
    path.write_bytes(before)
    *_, again = house.mado(sato.home, "mailing", "start", *words, "--yes")
    assert (again["id"], again["state"]) == (begun["id"], "finished")
    assert [len(house.mailbox(user)) for user in (ann, bob)] == [1, 1]


def fates(house: House, agent: Agent) -> dict[str, int]:
    (told,) = house.mado(agent.home, "mailing", "list")
    return told["fates"]


def test_a_customers_answer_comes_into_the_conversation_that_their_row_opened(house: House) -> None:
    sato = house.joins("Sato")
    has_template(house, sato)
    path = table(house, f"山田花子,,{house.customer.name},1")
    house.mado(sato.home, "mailing", "start", str(path), "--template", "winter", "--yes", "--per-minute", "6000")
    (mail,) = house.customer_received(1)
    house.customer_writes("Re: 冬のご案内", "使い方を教えてください。", in_reply_to=mail["Message-ID"])
    wait_until(lambda: [row["status"] for row in house.mado(house.server_home, "list")] == ["new"], "the answer, and no second conversation", 60)


def test_an_upload_that_is_killed_goes_on_where_it_was_and_hands_in_the_same_mails(house: House) -> None:
    sato = house.joins("Sato")
    has_template(house, sato)
    path = table(house, *(f"客{n},,kyaku{n}@example.test,{n}" for n in range(500)))
    words = ["mailing", "start", str(path), "--template", "winter", "--yes", "--no-begin"]
    command = [*MADO, "--home", str(sato.home), *words]
    with FaultProxy(house.port) as proxy:
        # A line on which the next hundreds take longer than the word that the first are there.
        proxy.to_server.bytes_per_second = 300_000
        lead_through(proxy.port, house.port, sato.home / "settings.toml")
        with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env={**os.environ, **QUIET}) as cut:
            assert cut.stderr is not None
            for line in cut.stderr:
                if b"of 500 mails" in line:
                    break
            cut.kill()
        lead_through(house.port, proxy.port, sato.home / "settings.toml")
    (halfway,) = house.mado(sato.home, "mailing", "list")
    assert halfway["state"] == "uploading"
    assert 200 <= halfway["there"] < 500
    *_, told = house.mado(sato.home, *words)
    assert (told["state"], told["there"], told["fates"]) == ("waiting", 500, {"waiting": 500})


def test_a_mailing_outlives_a_power_cut_of_the_server_and_a_pause_does_too(house: House) -> None:
    sato = house.joins("Sato")
    has_template(house, sato)
    people = customers(house, 12)
    path = table(house, *(f"客{n},,{user.name},{n}" for n, user in enumerate(people)))
    # So slowly that it is not over before it is paused.
    house.mado(sato.home, "mailing", "start", str(path), "--template", "winter", "--yes", "--per-minute", "12")
    wait_until(lambda: received(house, people), "the first mail", 60)
    (paused,) = house.mado(sato.home, "mailing", "pause", "冬")
    assert paused["state"] == "paused"
    house.kill_server()
    house.start_server()
    (still,) = house.mado(sato.home, "mailing", "status", "冬")
    assert still["state"] == "paused"
    house.mado(sato.home, "mailing", "resume", "冬", "--per-minute", "600")
    wait_until(lambda: sum(received(house, people).values()) >= 6, "half of them", 120)
    house.kill_server()
    house.start_server()
    wait_until(lambda: house.mado(sato.home, "mailing", "status", "冬")[0]["state"] == "finished", "the end", 120)
    wait_until(lambda: fates(house, sato).keys() <= {"sent", "unknown"}, "every row's fate", 120)
    sent = fates(house, sato)["sent"]
    # Exim has taken them, and delivers them when it comes to it.
    wait_until(lambda: sum(received(house, people).values()) >= sent, "what was sent", 60)
    assert set(received(house, people).values()) == {1}


def received(house: House, people: list[User]) -> Counter[str]:
    return Counter({user.name: len(found) for user in people if (found := house.mailbox(user))})


def test_at_the_screen_a_mailing_is_seen_paused_resumed_and_ended(house: House) -> None:
    sato = house.joins("Sato")
    has_template(house, sato)
    people = customers(house, 9)
    path = table(house, *(f"客{n},,{user.name},{n}" for n, user in enumerate(people)))
    house.mado(sato.home, "mailing", "start", str(path), "--template", "winter", "--yes", "--no-begin", "--per-minute", "2")
    terminal = house.opens_terminal(sato, columns=80, rows=24, MADO_LANG="ja")
    terminal.wait_for("0 件|ありません")
    terminal.type(":mailing")
    terminal.press("Enter")
    terminal.wait_for("開始待ち")
    terminal.press("v")
    terminal.wait_for("クーポン番号は 0 です。")
    terminal.press("q")
    terminal.wait_for("開始待ち")
    asked = (
        ("b", "始めますか", "送信中"),
        ("p", "一時停止しますか", "一時停止"),
        ("p", "再開しますか", "送信中"),
        ("x", "打ち切りますか", "取り消し"),
    )
    for key, question, state in asked:
        terminal.press(key)
        terminal.wait_for(question)
        terminal.press("y")
        terminal.wait_for(f"(?m)^冬: {state}")
    (told,) = house.mado(sato.home, "mailing", "list")
    assert told["state"] == "cancelled"


def test_a_newcomers_mailing_is_sent_back_and_approved_by_two_at_the_screen_and_waits_when_one_of_them_checks_no_more(house: House) -> None:
    shin, mori, kimura = (house.joins(name, role=role) for name, role in (("Shin", "checked"), ("Mori", "leader"), ("Kimura", "leader")))
    has_template(house, mori)
    rules = house.root / "rules.toml"
    rules.write_text('[[rules]]\nkey = "news"\nstages = 2\n', "utf-8")
    house.mado(mori.home, "check-rules", str(rules))
    people = customers(house, 3)
    path = table(house, *(f"客{n},,{user.name},{n}" for n, user in enumerate(people)))
    newcomer, leader = (house.opens_terminal(agent, columns=80, rows=24, MADO_LANG="ja") for agent in (shin, mori))
    for terminal in (newcomer, leader):
        terminal.wait_for("0 件|ありません")
    *_, told = house.mado(shin.home, "mailing", "start", str(path), "--template", "winter", "--yes", "--per-minute", "2")
    assert (told["state"], told["stage"], told["stages"], told["approved_by"]) == ("waiting", 1, 2, [])
    leader.wait_for("Shinさんの一斉送信「冬」が承認待ちです")
    leader.type(":mailing")
    leader.press("Enter")
    leader.wait_for(r"承認待ち \(1/2\)")
    leader.press("r")
    leader.wait_for("直してほしい点を書いてください")
    leader.type("日付が違います")
    leader.wait_for("日付が違います.*差し戻す")
    leader.press("Enter")
    leader.wait_for("(?m)^冬: 差し戻し")
    newcomer.wait_for("一斉送信「冬」：Moriさんが差し戻しました：日付が違います")
    (told,) = house.mado(shin.home, "learning")
    assert (told["by"], told["kind"], told["remark"]) == ("mori", "mailing", "日付が違います")
    (told,) = house.mado(shin.home, "mailing", "ask-again", "冬")
    assert (told["state"], told["remark"], told["stage"]) == ("waiting", "", 1)
    leader.wait_for(r"承認待ち \(1/2\)")
    leader.press("y")
    leader.wait_for("3 通を承認しますか")
    leader.press("y")
    leader.wait_for("2 段階中 2 段階目 · 承認：Mori")
    newcomer.wait_for("Moriさんが承認しました。次は 2 段階中 2 段階目です")
    house.mado(shin.home, "mailing", "begin", "冬", expect=1)
    (*_, told) = house.mado(kimura.home, "mailing", "approve", "冬", "--yes")
    assert told["approved_by"] == ["mori", "kimura"]
    house.mado(shin.home, "mailing", "begin", "冬")
    wait_until(lambda: received(house, people), "the first mail", 60)
    house.mado(shin.home, "mailing", "pause", "冬")
    house.mado(house.server_home, "member", "change", "mori", "--role", "agent")
    (refused,) = house.mado(shin.home, "mailing", "resume", "冬", expect=1)
    assert refused["refused"] == "ApprovalMissing"
    leader.wait_for("Moriさんの承認は無効になりました")
    (told,) = house.mado(shin.home, "mailing", "status", "冬")
    assert (told["state"], told["stage"], told["approved_by"]) == ("paused", 2, ["kimura"])
    assert sum(received(house, people).values()) == 1
