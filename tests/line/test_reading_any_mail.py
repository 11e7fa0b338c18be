"""Whatever arrives is read, opened, saved and found at the terminal: real mail in a real mailbox, keys and what then stands on the screen."""

import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient
from start_dovecot import Dovecot
from start_exim import Exim

from tests.line import odd_mails
from tests.line.house import QUIET, House
from tests.line.seats import FOOTER_OF_COMPOSER, MAIL_SOON, Seat, eventually
from tests.mado_terminal import MadoTerminal
from tests.waiting import wait_until

FIRST_SYNC_MAILS = 1_500
ALONE = """
[[inbox]]
key = "support"
address = "{user}"
mailboxes = ["INBOX"]
  [inbox.imap]
  host = "127.0.0.1"
  port = {port}
  tls = "implicit"
  ca_file = "{ca}"
  user = "{user}"
  password_command = "echo {password}"
"""


@dataclass
class Desk:
    """One agent, where their downloads go, and what their other program has opened."""

    seat: Seat
    downloads: Path
    opened: Path

    def gets(self, raw: bytes, token: str) -> None:
        """A mail arrives and is read."""
        self.seat.house.deliver(raw)
        self.seat.has(token, MAIL_SOON)
        self.seat.opens(token)

    def says(self, text: str, *wanted: str) -> str:
        """A command by its name, and what the screen says then."""
        self.seat.says(text)
        for each in wanted:
            self.seat.sees(each)
        return self.seat.screen


@pytest.fixture(scope="module")
def shared_desk(dovecot: Dovecot, exim: Exim, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    downloads, opened, opener = folder / "downloads", folder / "opened", folder / "opener"
    downloads.mkdir()
    opened.mkdir()
    opener.write_text(f'#!/bin/sh\ncp "$1" {opened}/part && mv {opened}/part "{opened}/$(basename "$1")"\n')
    opener.chmod(0o755)
    with House(dovecot, exim) as house:
        seat = Seat(house, house.joins("Sato"), "Sato", columns=100, rows=30, MADO_OPENER=str(opener), XDG_DOWNLOAD_DIR=str(downloads))
        seat.sees("^ Work tray")
        yield Desk(seat, downloads, opened)


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """At the list, whatever the last test left open."""
    shared_desk.seat.is_at_the_list()
    return shared_desk


@pytest.fixture
def token() -> str:
    return f"zq{secrets.token_hex(3)}"


def test_an_invitation_says_when_and_where(desk: Desk, token: str) -> None:
    desk.gets(odd_mails.invitation(f"{token} の件"), token)
    desk.seat.sees("定例会議")
    desk.seat.sees("2040-12-01")
    desk.seat.sees("第二会議室")


def test_a_bounce_says_for_whom_and_why_and_leads_to_the_mail_it_is_about(desk: Desk, token: str) -> None:
    original = desk.seat.house.customer_writes(f"{token}a の元", "元のメールです。")
    desk.seat.has(f"{token}a", MAIL_SOON)
    desk.seat.house.deliver(odd_mails.bounce(f"{token}b undelivered", original))
    # It belongs to the conversation of the mail it is about.
    found = [f"subject:{token}a"]
    eventually(lambda: [row["messages"] for row in desk.seat.house.conversations(desk.seat.agent, found)] == [2], "the bounce in its conversation")
    desk.seat.opens(f"{token}a")
    desk.seat.sees("nobody@customer.example")
    desk.seat.sees("there is no such address")
    desk.seat.presses("o")
    desk.seat.sees("the mail it is about")
    desk.seat.presses("o")
    desk.seat.sees("元のメールです。")


def test_a_file_in_a_winmail_dat_is_listed_and_saved_as_it_was(desk: Desk, token: str) -> None:
    content = bytes(range(256)) * 9
    desk.gets(odd_mails.winmail(f"{token} の件", f"{token}.bin", content), token)
    desk.seat.sees(rf"\[1\] {token}\.bin .*2 kB")
    desk.says(f"save 1 {desk.downloads}/", "Saved as")
    assert (desk.downloads / f"{token}.bin").read_bytes() == content


def test_a_wrong_label_is_put_right_by_reading_the_mail_in_another_charset(desk: Desk, token: str) -> None:
    desk.gets(odd_mails.mislabelled(f"{token} mojibake"), token)
    assert odd_mails.RUSSIAN not in desk.seat.screen
    desk.seat.presses("C")
    desk.seat.sees("Read it in")
    desk.seat.types("koi8")
    desk.seat.presses("Enter")
    desk.seat.sees(odd_mails.RUSSIAN)
    # So it is answered, too.
    desk.seat.presses("r")
    desk.seat.sees(FOOTER_OF_COMPOSER)
    desk.seat.sees(f"> {odd_mails.RUSSIAN}")
    desk.seat.presses("C-k")
    desk.seat.sees_no_more(FOOTER_OF_COMPOSER)
    desk.seat.opens(token)
    desk.seat.sees(odd_mails.RUSSIAN)
    desk.says("charset nonsense", "There is no charset nonsense")
    desk.seat.sees("read in koi8-r")
    desk.says("charset -")
    desk.seat.sees_no_more(odd_mails.RUSSIAN)


def test_attachments_are_saved_byte_for_byte_beside_what_is_there(desk: Desk, token: str) -> None:
    content = os.urandom(30_000)
    parts = (odd_mails.text_part("二つあります。"), odd_mails.file_part(f"../{token}.dat", content), odd_mails.file_part(f"{token}.dat", b"other"))
    desk.gets(odd_mails.multipart(f"{token} の件", "mixed", *parts), token)
    (desk.downloads / f"{token}.dat").write_bytes(b"mine")
    desk.says(f"save 1 {desk.downloads}/", "There is a")
    desk.seat.presses("n")
    desk.seat.sees("Saved as")
    desk.says(f"save-all {desk.downloads}", "2 files saved")
    saved = [(desk.downloads / f"{token}{number}.dat").read_bytes() for number in ("", " (2)", " (3)", " (4)")]
    assert saved == [b"mine", content, content, b"other"]
    assert {path.stat().st_mode & 0o777 for path in desk.downloads.glob(f"{token} *")} == {0o600}


def test_an_attachment_is_opened_in_another_program_and_one_that_may_run_is_asked_about(desk: Desk, token: str) -> None:
    parts = (
        odd_mails.text_part("ご確認ください。"),
        odd_mails.file_part(f"{token}.pdf", b"%PDF-1.4"),
        odd_mails.file_part(f"{token}.pdf.exe", b"MZ"),
    )
    desk.gets(odd_mails.multipart(f"{token} の件", "mixed", *parts), token)
    desk.seat.presses("o")
    desk.seat.sees("Open$|Open ")
    desk.seat.presses("1")
    desk.seat.sees("is open in")
    wait_until(lambda: (desk.opened / f"{token}.pdf").exists(), "the other program to have it", 60)
    assert (desk.opened / f"{token}.pdf").read_bytes() == b"%PDF-1.4"
    desk.says("open 2", "may run something")
    desk.seat.presses("n")
    desk.seat.sees_no_more("may run something")
    assert not (desk.opened / f"{token}.pdf.exe").exists()


def test_source_and_headers_are_pages_that_can_be_searched(desk: Desk, token: str) -> None:
    raw = odd_mails.head(f"{token} の件", "X-Long-Field: needle in a header") + b"body with \x1b[2J and NEEDLE\r\n"
    desk.gets(raw, token)
    desk.says("raw", "Raw source", r"\\x1b\[2J")
    desk.seat.presses("/")
    desk.seat.types("needle")
    desk.seat.presses("Enter")
    desk.seat.sees("1 of 2: needle")
    desk.seat.presses(">")
    desk.seat.sees("2 of 2: needle")
    desk.seat.presses("Escape")
    desk.seat.sees_no_more("Raw source")
    desk.seat.presses("H")
    desk.seat.sees("X-Long-Field: needle")
    desk.seat.sees("INBOX, number")
    desk.seat.presses("Escape")
    desk.seat.sees_no_more("X-Long-Field")


def test_what_was_searched_for_is_marked_counted_and_opened_where_it_stands(desk: Desk, token: str) -> None:
    quoted = "".join(f"> 引用 {number}\n" for number in range(30))
    desk.seat.house.customer_writes(f"{token} の件", f"お世話になります。\n{quoted}> 合言葉{token}です\n以上です。")
    desk.seat.has(token, MAIL_SOON)
    desk.seat.presses("/")
    desk.seat.sees("^/")
    desk.seat.types(f"合言葉{token}")
    desk.seat.sees("1 found")
    desk.seat.sees(f"┊ .*{token}")
    desk.seat.presses("Enter")
    desk.seat.sees("^ search: .* 1 ")
    desk.seat.presses("Enter")
    # It stands in a quotation that is folded elsewhere.
    desk.seat.sees(f"> 合言葉{token}です")
    marked = wait_until(lambda: re.search(rf"\x1b\[[0-9;]*m合言葉{token}\x1b", desk.seat.terminal.screen(colours=True)), "the words to be marked")
    assert marked
    desk.seat.presses("F")
    desk.seat.sees("^Find here:")
    desk.seat.types("以上")
    desk.seat.presses("Enter")
    desk.seat.sees("1 of 1")


def test_a_query_that_is_wrong_is_pointed_at_and_tab_offers_what_fits(desk: Desk) -> None:
    desk.seat.presses("/")
    desk.seat.sees("^/")
    desk.seat.types("見積 status:nwe")
    # A wide letter is one character here and two columns there. What is half typed is pointed at elsewhere.
    desk.seat.sees(f"^ {{{len('/見積 status:') + 2}}}▲")
    desk.seat.presses("C-u")
    # Half typed it finds what it may come to; asked so, it stays to be mended, and no letter of the mending is taken for a command.
    desk.seat.types('from:"a')
    desk.seat.presses("Enter", "b")
    desk.seat.sees('^/from:"ab$')
    desk.seat.sees("^ {6}▲ this quotation mark is never closed")
    desk.seat.presses("C-u")
    desk.seat.sees("^/$")
    desk.seat.types("stat")
    desk.seat.presses("Tab")
    desk.seat.sees("^/status:")
    desk.seat.presses("Tab")
    desk.seat.sees("^/status:new")
    desk.seat.presses("Escape")
    desk.seat.sees("^ Work tray")


def test_new_mail_comes_in_by_itself_where_one_reads_and_what_one_reads_stays(desk: Desk, token: str) -> None:
    first = desk.seat.house.customer_writes(f"{token} の件", "最初のメール")
    desk.seat.has(token, MAIL_SOON)
    desk.seat.opens(token)
    desk.seat.sees("最初のメール")
    desk.seat.house.customer_writes(f"Re: {token} の件", "続きのメール", in_reply_to=first)
    desk.seat.sees("続きのメール", MAIL_SOON)
    desk.seat.sees("最初のメール")


def test_the_first_sync_shows_how_far_it_is_and_the_list_fills_meanwhile(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.add_user(f"full-{secrets.token_hex(4)}@example.test")
    body = b"x" * 76 + b"\r\n"
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(user.name, user.password)
        for begin in range(0, FIRST_SYNC_MAILS, 250):
            client.multiappend("INBOX", [odd_mails.head(f"mail {number}") + body * 300 for number in range(begin, begin + 250)])
    (tmp_path / "settings.toml").write_text(
        ALONE.format(user=user.name, port=dovecot.imaps_port, ca=dovecot.tls.ca, password=user.password), encoding="utf-8"
    )
    with MadoTerminal(["--home", str(tmp_path)], columns=100, rows=30, env=QUIET) as terminal:
        # The list is there already while there is still a bar.
        terminal.wait_for(rf"(?s)mail \d+ .*[▓░]{{4}} [\d,]+ / {FIRST_SYNC_MAILS:,}", 60)
        terminal.wait_for(rf"Work tray {FIRST_SYNC_MAILS:,}", 120)
        wait_until(lambda: "▓" not in terminal.screen() and "░" not in terminal.screen(), "the bar to go")
