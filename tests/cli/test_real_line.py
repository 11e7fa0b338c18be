"""The line by script alone, on a real mailbox and a real MTA: join, sync, reply, and the customer's own mailbox holds one mail."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from start_dovecot import Dovecot
from start_exim import Exim

from tests.line.house import QUIET, House
from tests.waiting import wait_until


@pytest.fixture
def house(dovecot: Dovecot, exim: Exim) -> Iterator[House]:
    with House(dovecot, exim) as house:
        yield house


def test_an_answer_by_script_reaches_the_customer_once(house: House) -> None:
    asked = house.customer_writes("注文4711について", "商品がまだ届きません。")
    sato = house.joins("Sato")
    (pulled, *_) = house.mado(sato.home, "sync", "--once")
    assert (pulled["inbox"], pulled["mailbox"], pulled["new"]) == ("support", "INBOX", 1)
    wait_until(lambda: house.conversations(sato)[0]["number"], "the watcher's word")
    (row,) = house.conversations(sato)
    body = "佐藤です。本日発送いたしました。\n. a line that begins with a dot\n"
    (sent,) = house.mado(sato.home, "reply", row["id"], "--body", "-", "--send", "--hold", "0", "--wait", stdin=body)
    assert sent["state"] == "accepted"
    (mail,) = house.customer_received(1)
    assert mail["Message-ID"] == sent["message_id"]
    assert (mail["In-Reply-To"], mail["References"], mail["Subject"]) == (asked, asked, "Re: 注文4711について")
    assert mail.get_content().replace("\r\n", "\n").strip() == body.strip()
    wait_until(lambda: house.mailbox(house.support, "Sent"), "the copy in Sent")
    assert wait_until(lambda: house.conversations(sato)[0]["status"] == "done", "the status")
    assert house.unseen() == 1  # no client marks anything as read
    assert house.mado(sato.home, "outbox")[0]["state"] == "accepted"


def test_what_was_queued_while_the_server_was_away_leaves_when_it_is_back(house: House) -> None:
    house.customer_writes("Order 4711", "where is it?")
    sato = house.joins("Sato")
    house.mado(sato.home, "sync", "--once")
    wait_until(lambda: house.conversations(sato)[0]["number"], "the watcher's word")
    id_ = house.conversations(sato)[0]["id"]
    house.kill_server()
    (queued,) = house.mado(sato.home, "reply", id_, "--body", "-", "--send", "--hold", "0", stdin="on its way")
    assert queued["queued"] == "local"
    assert house.mado(sato.home, "outbox", expect=3)[0]["state"] == "local"
    house.start_server()
    house.mado(sato.home, "sync", "--once")
    (mail,) = house.customer_received(1)
    assert mail["Message-ID"] == queued["message_id"]
    assert wait_until(lambda: house.conversations(sato)[0]["status"] == "done", "the status")


IMPATIENT = "import sys, tui.cli.sending as it; it.AWAY_AT_MOST_SECONDS = 1.0; from tui.cli.main import main; main(sys.argv[1:])"
"""`mado`, which waits a second for a server that is away instead of two minutes."""


def test_a_mail_the_server_has_is_not_queued_here_again_when_the_server_goes_away(house: House) -> None:
    house.customer_writes("Order 4711", "where is it?")
    sato = house.joins("Sato")
    house.mado(sato.home, "sync", "--once")
    wait_until(lambda: house.conversations(sato)[0]["number"], "the watcher's word")
    words = ["--home", str(sato.home), "reply", house.conversations(sato)[0]["id"], "--body", "-", "--send", "--hold", "600", "--wait", "--json"]
    waiting = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **QUIET}
    )
    assert waiting.stdin is not None
    waiting.stdin.write("on its way")
    waiting.stdin.close()
    wait_until(lambda: house.mado(house.server_home, "outbox"), "the reply to lie at the server")
    house.kill_server()
    assert waiting.wait(60) == 3
    assert waiting.stdout is not None
    assert [json.loads(line)["queued"] for line in waiting.stdout.read().splitlines() if line.startswith("{")] == ["server"]
    waiting.stdout.close()
    assert house.mado(sato.home, "outbox", expect=3) == [], "nothing waits here"
    house.start_server()
    assert len(house.mado(sato.home, "outbox")) == 1


def test_a_customer_who_writes_again_stops_a_reply_that_has_not_seen_it(house: House) -> None:
    first = house.customer_writes("Order 4711", "where is it?")
    sato = house.joins("Sato")
    house.mado(sato.home, "sync", "--once")
    wait_until(lambda: house.conversations(sato)[0]["number"], "the watcher's word")
    # Listed before the second mail: each list brings what the server knows, and that counts as seen.
    (row,) = house.conversations(sato)
    seen, id_ = row["revision"], row["id"]
    second = house.customer_writes("Re: Order 4711", "forget it, it is here", in_reply_to=first)
    wait_until(lambda: house.mado(house.server_home, "list")[0]["revision"] > seen, "the second mail")
    words = ["reply", id_, "--body", "-", "--send", "--hold", "0", "--wait"]
    # By default seen is what lay here when the command started; told, it is what was told.
    for told in ([], ["--seen", str(seen)]):
        (stopped,) = house.mado(sato.home, *words, *told, stdin="so sorry", expect=1)
        assert (stopped["refused"], stopped["new"]) == ("SomethingNew", [second])
    assert house.mailbox(house.customer) == []


def test_an_invitation_works_once_and_a_stranger_gets_nothing(house: House) -> None:
    (added,) = house.mado(house.server_home, "member", "add", "Tanaka")
    house.mado(house.root / "tanaka", "join", added["invitation"])
    house.mado(house.root / "stranger", "join", added["invitation"], expect=4)
    assert not (house.root / "stranger" / "settings.toml").exists()


def test_the_doctor_finds_a_sound_desk_sound(house: House) -> None:
    sato = house.joins("Sato")
    found = {row["check"]: row for row in house.mado(sato.home, "doctor")}
    assert {"terminal", "settings", "secrets", "imap support", "server"} <= set(found)
    assert found["imap support"]["level"] == found["server"]["level"] == "ok"
    at_server = {row["check"]: row for row in house.mado(house.server_home, "doctor")}
    assert at_server["smtp support"]["level"] == "ok"
