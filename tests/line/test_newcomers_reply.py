"""A newcomer's reply in Japanese at 80×24, every key counted: template, check, request; sent back with a remark, corrected, approved, sent."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.line.seats import HOLD_SECONDS, Pair, Seat, eventually

MOST_KEYS = 12
"""Beyond the text itself, from the conversation to the request."""
REMARK = "宛名のあとに一行お礼を入れてください。"
ADDED = "このたびはご連絡をいただき、ありがとうございます。"


class Counting:
    """A seat whose keys are counted; text is not."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.keys: list[str] = []

    def presses(self, *keys: str) -> None:
        self.keys += keys
        self.seat.presses(*keys)


def finds(seat: Seat, token: str) -> None:
    """Only this conversation is in the list, under the cursor."""
    seat.has(token)
    seat.presses("/")
    seat.sees(r"^/")
    seat.types(f"subject:{token}")
    seat.sees(rf"^/subject:{token}")
    seat.presses("Enter")
    seat.sees(rf"subject:{token} 1\b")
    seat.row(token)


@pytest.fixture
def desk(pair: Pair, tmp_path: Path) -> Iterator[tuple[Seat, Seat]]:
    """A newcomer and a leader of their own, both in Japanese; what the leader opens is kept in `opened`."""
    house = pair.house
    opener = f"sh -c 'cat \"$1\" > {tmp_path}/opened' sh"
    newcomer = Seat(house, house.joins("Arai", role="checked"), "Arai", columns=80, rows=24, MADO_LANG="ja")
    leader = Seat(house, house.joins("Kato", role="leader"), "Kato", columns=80, rows=24, MADO_LANG="ja", MADO_OPENER=opener)
    newcomer.holds(HOLD_SECONDS)
    yield newcomer, leader
    for seat in (newcomer, leader):
        house.leaves(seat.terminal)


def test_a_newcomers_reply_takes_few_keys_to_its_check_and_reaches_the_customer_corrected(
    pair: Pair, desk: tuple[Seat, Seat], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newcomer, leader = desk
    mail = pair.mail("商品の返金について")
    finds(newcomer, mail.token)
    finds(leader, mail.token)
    screens = []

    counted = Counting(newcomer)
    counted.presses("r")
    newcomer.sees(r"\^S 送信")
    counted.presses("C-t")
    newcomer.sees("返金のご案内")
    newcomer.types("返金")
    newcomer.sees("返金を承りました。")
    counted.presses("Enter")
    newcomer.sees("担当: Arai")
    counted.presses("F7")
    newcomer.sees("問題は見つかりませんでした。")
    screens.append(("点検", newcomer.settles()))
    counted.presses("C-s")
    newcomer.sees("チェックを依頼しました")
    assert len(counted.keys) <= MOST_KEYS
    newcomer.row(mail.token, r" C ")

    leader.presses("Enter")
    leader.sees("Araiさんの返信がチェック待ちです")
    leader.presses("y")
    leader.sees("Araiさんが .*チェックを依頼")
    leader.sees("返金を承りました。")
    leader.sees("案件のメール")
    leader.sees("お世話になります。")
    screens.append(("チェック", leader.settles()))
    leader.presses("Tab")
    leader.sees("^Tab：返信")
    leader.presses("Tab")
    leader.sees("^Tab：案件のメール")
    leader.presses("x")
    leader.sees("^直す点")
    leader.types(REMARK)
    leader.presses("Enter")
    leader.sees("差し戻しました。")

    newcomer.sees(f"Katoさんが差し戻しました：{REMARK}")
    again = Counting(newcomer)
    again.presses("r")
    newcomer.sees(r"\^S 送信")
    screens.append(("差し戻し", newcomer.settles()))
    again.presses("Down", "Down")
    newcomer.types(ADDED)
    newcomer.sees(ADDED)
    (tmp_path / "控え.txt").write_text("返金の控え\n", "utf-8")
    again.presses("C-o")
    newcomer.sees("^添付（パス")
    again.presses("C-u")
    newcomer.types(str(tmp_path / "控え.txt"))
    again.presses("Enter")
    newcomer.sees("控え.txt.*B")
    again.presses("C-s")
    newcomer.sees("チェックを依頼しました")

    leader.sees("Araiさんの返信がチェック待ちです")
    leader.presses("y")
    leader.sees(r"\{\+.*ありがとうございます。")
    leader.sees(r"\[1\] 控え.txt")
    screens.append(("変更", leader.settles()))
    leader.presses("1")
    eventually(lambda: (tmp_path / "opened").exists() and (tmp_path / "opened").read_text("utf-8") == "返金の控え\n", "the file in its program")
    leader.presses("y")
    leader.sees("承認しました。送信待ちに入ります。")

    eventually(lambda: bool(pair.received(mail.token)), "the one reply")
    (got,) = pair.received(mail.token)
    assert isinstance(got, EmailMessage)
    assert [part.get_filename() for part in got.iter_attachments()] == ["控え.txt"]
    text = got.get_body(("plain",)).get_content()
    assert ADDED in text
    assert "返金を承りました。" in text
    with capsys.disabled():
        print(f"\n{len(counted.keys)} keys to the request ({' '.join(counted.keys)}), {len(again.keys)} after it was sent back")
        for title, screen in screens:
            print(f"--- {title}\n{screen}")
