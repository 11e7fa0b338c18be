"""`mado reply --send` to a customer who is being sent the same already: it stops, says so, and `--yes` sends it."""

from collections.abc import Iterator

import pytest
from server_process import new_folder

from tests.cli.home import Home

TEXT = "お問い合わせありがとうございます。ご注文の商品は本日発送いたしました。到着まで今しばらくお待ちください。\n"


@pytest.fixture
def home() -> Iterator[Home]:
    home = Home(new_folder("cli") / "home")
    home.receives(subject="Order 4711", text="where is my parcel")
    home.receives(subject="Still waiting", text="and to this address too")
    yield home
    home.stop_server()


def test_the_same_to_the_same_customer_wants_a_yes(home: Home) -> None:
    second, first = (row["id"] for row in home.mado("list").rows)
    send = ("--body", "-", "--send", "--hold", "600")
    assert home.mado("reply", first, *send, stdin=TEXT).code == 0
    stopped = home.mado("reply", second, *send, stdin=TEXT.replace("本日", "昨日"))
    assert stopped.code == 1
    (said,) = stopped.rows
    assert (said["refused"], said["id"]) == ("SendCheck", second)
    (finding,) = said["findings"]
    number = next(row["number"] for row in home.mado("list").rows if row["id"] == first)
    assert (finding["code"], finding["severity"], finding["words"][2]) == ("said_before", "warning", f"#{number}")
    assert "much the same" in stopped.err
    assert "--yes" in stopped.err
    assert len(home.mado("outbox").rows) == 1
    (kept,) = home.mado("reply", second).rows
    assert kept["body"] == TEXT.replace("本日", "昨日")
    forced = home.mado("reply", second, "--send", "--hold", "600", "--yes")
    assert forced.code == 0, forced.err
    assert "warning said_before: " in forced.err
    assert len(home.mado("outbox").rows) == 2
