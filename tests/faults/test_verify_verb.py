"""`mado sync --verify` and `mado doctor` on a real mailbox: what scripts and people get to read."""

import re

from tests.cli.home import SETTINGS, Home, quiet
from tests.faults.house import House, spoil
from tests.mado_screen import MadoScreen
from tests.tui.test_terminal import shown


def home_of(house: House) -> Home:
    """The command line on a house's home."""
    home = Home(house.home)
    settings = SETTINGS.replace('member = "{member}"', "").replace("port = 1", f"port = {house.dovecot.imap_port}")
    settings = settings.replace('user = "support"', f'user = "{house.user}"').replace("echo correct-horse-battery", "echo pw")
    (house.home / "settings.toml").write_text(settings)
    return home


def test_a_script_reads_what_was_compared_what_differed_and_what_was_mended(house: House) -> None:
    home = home_of(house)
    house.deliver(6)
    said = home.mado("sync", "--once")
    assert said.code == 0
    assert "checked" not in said.rows[0]
    spoil(
        house,
        "DELETE FROM location WHERE uid = 2",
        "UPDATE location SET flags = '\\Seen' WHERE uid = 3",
        "UPDATE message SET size_bytes = 7 WHERE n % 6 = 4",
    )
    said = home.mado("sync", "--verify")
    assert said.code == 0
    row = said.rows[0]
    assert list(row) == [
        "inbox", "mailbox", "new", "changed", "gone", "seconds", "error", "checked", "missing", "extra", "different", "flags", "mended",
    ]  # fmt: skip
    assert [row[name] for name in ("checked", "missing", "extra", "different", "flags", "mended")] == [6, 1, 0, 1, 1, 3]
    said = home.mado("sync", "--once", "--verify", json_lines=False)
    assert said.code == 0
    assert "6 messages compared, no difference" in said.out


def test_a_person_reads_what_differed_and_that_it_is_mended(house: House) -> None:
    home = home_of(house)
    house.deliver(3)
    home.mado("sync", "--once")
    spoil(house, "DELETE FROM location WHERE uid = 2", "DELETE FROM words WHERE rowid = (SELECT message FROM location WHERE uid = 1)")
    doctor = {row["check"]: row for row in home.mado("doctor").rows}
    assert doctor["cache"]["level"] == "error"
    assert "messages that no search found: 1: `mado sync --verify` mends it" in doctor["cache"]["words"]
    said = home.mado("sync", "--verify", json_lines=False)
    assert "3 messages compared, missing here: 1; all mended" in said.out
    assert "messages that no search found: 1" in said.err
    doctor = {row["check"]: row for row in home.mado("doctor").rows}
    assert doctor["cache"]["level"] == doctor["compared"]["level"] == "ok"
    assert "support INBOX: 3 messages compared at" in doctor["compared"]["words"]
    assert re.search(r"mended at \d\d:\d\d: 1\b", doctor["compared"]["words"])


def test_in_the_terminal_a_key_compares_and_a_verb_beside_it_has_the_terminal_do_it(house: House) -> None:
    home = home_of(house)
    with (house.home / "settings.toml").open("a") as file:
        file.write('[server]\nurl = "http://127.0.0.1:1"\n')
    house.deliver(3)
    with MadoScreen(["--home", str(house.home)], columns=100, rows=24, env=quiet()) as screen:
        shown(screen, "order 3", "Server away")
        screen.press(":verify\r")
        shown(screen, "3 messages compared, no difference")
        spoil(house, "UPDATE location SET flags = '\\Seen' WHERE uid = 2")
        screen.press(":verify\r")
        shown(screen, "3 messages compared, other flags: 1; all mended")
        spoil(house, "DELETE FROM location WHERE uid = 2")
        said = home.mado("sync", "--verify")
        assert (said.rows[0]["missing"], said.rows[0]["mended"]) == (1, 1)
        assert "it is asked to do this, and waited for" in said.err
        assert [row["error"] for row in home.mado("sync", "--once").rows] == [None, None]


def test_a_cache_that_is_damaged_is_said_and_fetched_again(house: House) -> None:
    home = home_of(house)
    house.deliver(3)
    home.mado("sync", "--once")
    (house.home / "cache" / "mail.db").write_bytes(b"garbage" * 5000)
    said = home.mado("sync", "--once")
    assert (said.code, said.rows[0]["new"]) == (0, 3)
    assert "The mail cache was damaged and is fetched again" in said.err


def test_sync_without_once_or_verify_says_which_to_take(house: House) -> None:
    assert home_of(house).mado("sync").code == 2
