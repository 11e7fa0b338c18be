"""What others decide while one writes: a colleague is deactivated in the middle of a reply, the server is restarted under both."""

import re
from pathlib import Path

import msgspec

from store.local.wiping import KEPT, MARK, OWN_WORDS
from store.settings.settings import load_settings, write_settings
from tests.line.seats import FOOTER_OF_COMPOSER, SOON, Pair, Seat, eventually
from tests.waiting import wait_until


def test_a_colleague_is_deactivated_in_the_middle_of_a_reply(pair: Pair) -> None:
    deguchi = pair.house.joins("Deguchi")
    # On the server's own machine, by its socket: over plain http nothing would be removed (tests/server/test_emptied_home.py).
    settings = load_settings(deguchi.home)
    socket = f"unix:{pair.house.server_home / 'desk.sock'}"
    write_settings(deguchi.home, msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, url=socket)))
    seat = Seat(pair.house, deguchi, "Deguchi", columns=100, rows=30)
    seat.sees("^ Work tray")
    mail = pair.mail()
    text = f"{mail.token} を承りました。"
    # A new home fills: the team knows of the mail before it is fetched.
    here = [f"subject:{mail.token}", "text:お世話になります"]
    eventually(lambda: bool(pair.house.conversations(deguchi, here)), "the mail in the new home")
    (found,) = pair.house.conversations(deguchi, here)
    pair.house.mado(deguchi.home, "take", found["id"])
    seat.replies(mail.token)
    seat.types(text)
    seat.sees(text)
    pair.tanaka.row(mail.token, "✎Deguchi")
    (left,) = pair.house.mado(pair.house.server_home, "member", "deactivate", "deguchi")
    assert (left["active"], left["leases"], left["passwords"]) == (False, 1, ["support"])
    assert [row["id"] for row in left["conversations"]["open"]] == [found["id"]]
    seat.sees("You are no member of this team any more", SOON)
    # Free for the next one at once.
    pair.tanaka.sees_no_more(f"{mail.token}.*✎Deguchi", SOON)
    wait_until(lambda: (deguchi.home / MARK).exists(), "the home to be shut", SOON)
    # Written before it.
    kept = (deguchi.home / OWN_WORDS).read_text()
    assert text in kept
    assert "お世話になります" not in kept, "what it quotes is the customer's"
    is_wiped(deguchi.home, mail.token)
    for verb in ("list", "search x", "sync --once"):
        pair.house.mado(deguchi.home, *verb.split(), expect=4)
    pair.house.leaves(seat.terminal)
    again = pair.house.opens_terminal(deguchi)
    again.wait_for("access to the team has ended")
    pair.house.leaves(again)
    pair.tanaka.replies(mail.token)
    # At once: what is typed right before the key is sent with the rest.
    pair.tanaka.types("私が承ります。")
    pair.tanaka.presses("C-s")
    eventually(lambda: bool(pair.received(mail.token)), "the one reply")
    (got,) = pair.received(mail.token)
    assert "私が承ります。" in got.get_body().get_content()


def test_an_ending_that_came_over_plain_http_is_said_and_removes_nothing(pair: Pair) -> None:
    katsura = pair.house.joins("Katsura")
    seat = Seat(pair.house, katsura, "Katsura", columns=100, rows=30)
    seat.sees("^ Work tray")
    pair.house.mado(pair.house.server_home, "member", "deactivate", "katsura")
    seat.sees("Nothing was removed here", SOON)
    seat.sees("Logged out by the server")
    pair.house.leaves(seat.terminal)
    assert (katsura.home / KEPT).exists()
    assert not (katsura.home / MARK).exists()


def is_wiped(home: Path, token: str) -> None:
    """Nothing of the customer's is on the machine but what its owner wrote."""
    wait_until(lambda: not (home / "cache").exists() and not (home / KEPT).exists(), "mail and drafts to be removed", SOON)
    assert [path for path in home.rglob("*") if path.is_file() and path.name != OWN_WORDS and token.encode() in path.read_bytes()] == []


def test_the_server_is_restarted_under_two_who_write_and_both_replies_leave_once(pair: Pair) -> None:
    mails = [pair.mail(), pair.mail()]
    for seat, mail in zip(pair.seats, mails, strict=True):
        seat.replies(mail.token)
        seat.types(f"{seat.name}: {mail.token} の返事")
        seat.sees(f"{seat.name}: {mail.token}")
    pair.house.stop_server()
    for seat in pair.seats:
        seat.sees("Server away: a send waits")
    pair.house.start_server()
    for seat, mail in zip(pair.seats, mails, strict=True):
        seat.sees_no_more("Server away", 90)
        # The right to reply outlived the restart.
        seat.types("。再起動の後")
        seat.sees("再起動の後")
        seat.presses("C-s")
        seat.sees_no_more(FOOTER_OF_COMPOSER)
        eventually(lambda mail=mail: len(pair.received(mail.token)) == 1, "the reply")
    for seat, mail in zip(pair.seats, mails, strict=True):
        (got,) = pair.received(mail.token)
        assert re.search(rf"{seat.name}: {mail.token} の返事.*再起動の後", got.get_body().get_content(), re.DOTALL)
