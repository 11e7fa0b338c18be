"""The desk on a pseudo-terminal: what an agent sees, and how many bytes it costs. The server is away all the while."""

import email
import email.policy
import fcntl
import os
import signal
import statistics
import struct
import sys
import termios
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pty_screen import PtyScreen
from tmux_terminal import Terminal

from store.domain.commands import SubmitReply
from store.domain.events import CommentAdded, LeaseTaken, OwnerChanged, UrgencyChanged
from store.domain.ids import CommentId, Revision
from store.domain.lease import Token
from store.domain.status import Urgency
from store.local.store import LocalStore
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import ended, gone, rests, shown
from tests.tui.home_builder import SATO, TANAKA, HomeBuilder
from tests.waiting import wait_until

ENGLISH = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """121 conversations; a colleague writes in one and calls me in another."""
    builder = HomeBuilder(tmp_path_factory.mktemp("desk") / "home")
    # So old that no age changes while a test counts bytes.
    ids = builder.many(121, by_now=datetime.now(UTC) - timedelta(days=30, hours=12))
    builder.tell(ids[1], LeaseTaken(TANAKA, Token(1, 1), Revision(2), "t"), OwnerChanged(None, TANAKA), by=TANAKA)
    builder.tell(ids[2], CommentAdded(CommentId("c1"), "@sato 確認をお願いします", (SATO,)), by=TANAKA)
    builder.tell(ids[3], UrgencyChanged(Urgency.NORMAL, Urgency.VERY_URGENT), OwnerChanged(None, SATO), by=SATO)
    builder.close()
    return builder.home


@pytest.fixture
def desk(home: Path, request: pytest.FixtureRequest) -> Iterator[PtyScreen]:
    columns, rows = getattr(request, "param", (80, 24))
    with MadoScreen(["--home", str(home)], columns=columns, rows=rows, env=ENGLISH) as screen:
        shown(screen, "Invoice" if columns > 40 else "N ")
        # The server's absence and the mailbox's are said once each, when they were tried; from here on nothing happens by itself.
        shown(screen, "Server away", *(["no connection"] if columns >= 80 else []))
        screen.settle(patience_seconds=0.5, quiet_seconds=0.4)
        yield screen


def test_the_list_tells_who_writes_who_calls_and_what_is_urgent(desk: PtyScreen) -> None:
    lines = shown(desk, "Work tray 121").splitlines()
    assert "✎Tanak" in lines[2]
    assert lines[3].startswith("@")
    assert "!!" in lines[4]
    assert "佐藤" in lines[4]


def test_a_step_costs_less_than_300_bytes_and_two_lines(desk: PtyScreen) -> None:
    costs = [desk.press("j") for _ in range(15)]
    assert 0 < statistics.mean(costs) <= 300, costs
    assert statistics.median(costs) <= 260, costs


def test_a_page_costs_less_than_two_and_a_half_kilobytes(desk: PtyScreen) -> None:
    costs = [desk.press("\x04") for _ in range(4)]
    assert 0 < statistics.median(costs) <= 2_500, costs


def test_nothing_is_written_while_nothing_happens(desk: PtyScreen) -> None:
    rests(desk, 3)


def test_the_start_at_80_by_24_costs_less_than_10_kilobytes(desk: PtyScreen) -> None:
    assert desk.bytes_written <= 10_000


def test_a_mail_is_read_and_left_again(desk: PtyScreen) -> None:
    desk.press("j")
    desk.press("j")
    text = shown_after(desk, "\r", "quoted lines", "@ Tanaka", "確認をお願いします")
    assert "1 comment" in text
    assert "> 前回のメール" in shown_after(desk, "z", "> 前回のメール", "open in every mail; z folds them")
    shown_after(desk, "\x1b", "Work tray")


def shown_after(screen: PtyScreen, keys: str, *wanted: str) -> str:
    screen.press(keys)
    return shown(screen, *wanted)


def test_the_end_and_the_beginning_are_two_keys_away(desk: PtyScreen) -> None:
    assert "(120)" in shown_after(desk, "G", "(120)")
    assert "(0)" in shown_after(desk, "gg", "(0)")


def test_a_search_shows_results_while_typing_and_escape_goes_back(desk: PtyScreen) -> None:
    desk.press("/返品")
    until = time.monotonic() + 60
    while "Invoice" in desk.text() or "/返品" not in desk.text():
        assert time.monotonic() < until, desk.text()
        desk.settle(patience_seconds=0.1, limit_seconds=0.3)
    shown_after(desk, "\r", "search: 返品 24")
    shown_after(desk, "\x1b", "Work tray 121")


def test_a_search_is_typed_letter_by_letter_while_a_mail_is_read(desk: PtyScreen) -> None:
    shown_after(desk, "jj\r", "quoted lines")
    desk.press("/")
    for typed in ("返", "返品", "返品の"):
        shown_after(desk, typed[-1], f"/{typed}", "24")
    shown_after(desk, "\r", "search: 返品の 24")


def test_what_is_typed_ahead_of_a_list_is_done_to_that_list(desk: PtyScreen) -> None:
    """In one stroke, while the list before it is empty: Enter reads what the search finds."""
    shown_after(desk, "/subject:nothing-of-this\r", "search: subject:nothing-of-this 0")
    shown_after(desk, "1jj\r", "quoted lines", "確認をお願いします")
    shown_after(desk, "/subject:nothing-of-this\r", "search: subject:nothing-of-this 0")
    shown_after(desk, ":search 返品\r\r", "返品の手続きを教えてください", "4 quoted lines")


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ("/from:nobody\x15返物\x7f品\r", "search: 返品 24"),
        ("/fro\t\x15sub\t返物\x7f品\r", "search: subject:返品 24"),
        (":search 返物\x7f\x1b[200~品\x1b[201~\r", "search: 返品 24"),
    ],
    ids=["editing", "completing", "pasting"],
)
def test_keys_of_one_stroke_are_done_in_their_order(desk: PtyScreen, keys: str, wanted: str) -> None:
    """A field's editing keys go a longer way than its letters; none of them is overtaken."""
    shown_after(desk, keys, wanted)


def test_a_home_with_keys_of_its_own_is_worked_with_them(tmp_path: Path) -> None:
    """mutt's preset: digits count, views stand behind `g`; one's own keys win, and a slip is said, not fatal."""
    builder = HomeBuilder(tmp_path / "home")
    builder.many(20, by_now=datetime.now(UTC) - timedelta(days=30, hours=12))
    builder.close()
    with (builder.home / "settings.toml").open("a") as settings:
        settings.write("[screen]\nmouse = true\nascii = true\n")
        settings.write('[keys]\npreset = "mutt"\ntake = ["x"]\nno-such = "y"\npage-leave = ["ctrl+w"]\n')
    with MadoScreen(["--home", str(builder.home)], columns=120, env=ENGLISH) as screen:
        shown(screen, "[keys] no-such: there is no such command")
        # The banner takes a line: a click is meant for what stands below it.
        shown(screen, "Server away")
        shown_after(screen, "5j", "x take", "d done")
        shown_after(screen, "\r", "お世話になっております", "(5)")
        shown_after(screen, "\x1b", "Work tray 20")
        shown_after(screen, "g３", "All 20")
        shown_after(screen, "h", "Headers and remarks", "^W leaves")
        assert not set("╭─│…“") & set(screen.text())
        shown_after(screen, "\x17", "All 20")
        # A click on the fourth line below the banner, one more on the same: it is open.
        shown_after(screen, "\x1b[<0;20;5M\x1b[<0;20;5m" * 2, "お世話になっております", "(3)")


def test_a_letter_right_behind_escape_is_done_where_escape_leads(desk: PtyScreen) -> None:
    """Over a slow line both come in one piece, as Alt and the letter: `j` would pick Junk."""
    shown_after(desk, "s", "Junk")
    shown_after(desk, "\x1bjj\r", "quoted lines", "確認をお願いします")
    shown_after(desk, "s", "Junk")
    shown_after(desk, "\x1b:", ":")
    shown_after(desk, "\x1b3", "All 121")


def test_the_views_are_one_key_each(desk: PtyScreen) -> None:
    assert "佐藤" in shown_after(desk, "2", "Mine 1")
    shown_after(desk, "3", "All 121")
    parted = shown_after(desk, ":group owner\r", "── Nobody's ─").splitlines()
    assert parted[1].startswith("── 佐藤 ─")
    assert "佐藤" in parted[2]
    assert parted[3].startswith("── Nobody's ─")
    # Mine is at the top, what is nobody's next; the cursor steps over the heading, and a step costs no more than in any other list.
    rests(desk, 0.4)
    before = desk.bytes_written
    desk.press("j")
    assert desk.bytes_written - before < 300
    shown_after(desk, ":group none\r", "All 121")
    shown_after(desk, "gt", "Work tray 121")
    shown_after(desk, "gv", "Which view?", "Waiting for a check")
    shown_after(desk, "mine\r", "Mine 1")


def test_the_command_line_goes_to_a_number_also_in_full_width_digits(desk: PtyScreen) -> None:
    shown_after(desk, ":", ":")
    assert "(5)" in shown_after(desk, "６\r", " 6 1")


def test_the_help_is_searched(desk: PtyScreen) -> None:
    shown_after(desk, "?", "What works here", "next line")
    text = shown_after(desk, "undo", ":undo")
    assert ":reply" not in text
    shown_after(desk, "\x1b", "Work tray")


def test_a_pasted_escape_sequence_types_text_and_commands_nothing(desk: PtyScreen) -> None:
    shown_after(desk, "/", "/")
    shown_after(desk, "\x1b[200~返\x1b[Aq\x1bq品\x1b[201~", "/返")
    desk.press("\x1b")
    shown(desk, "Work tray 121")


@pytest.mark.parametrize("desk", [(40, 10), (30, 8), (200, 50), (400, 120)], indirect=True, ids=str)
def test_every_size_works(desk: PtyScreen) -> None:
    for key in ("j", "\r", "j", "\x1b", "?", "\x1b", "s", "\x1b", ":", "\x1b", "\x04", "G", "gg"):
        os.write(desk._terminal, key.encode())
        # Some of them change nothing.
        desk.settle(patience_seconds=0.3)
    desk.settle(patience_seconds=0.5)
    assert "bug" not in desk.text()
    shown(desk, "N")


def test_any_change_of_size_at_any_time_leaves_a_whole_screen(desk: PtyScreen) -> None:
    """Storms of them, in the list, in a mail, in the composer and in a dialog; what is left is what the last size shows."""
    for keys in ("j", "\r", "r", "\x07"):
        os.write(desk._terminal, keys.encode())
        for columns, rows in [(30, 8), (400, 120), (31, 9), (161, 12), (159, 50), (80, 2), (80, 24)] * 3:
            fcntl.ioctl(desk._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.kill(desk.pid, signal.SIGWINCH)
        desk.settle()
    shown_after(desk, "\x1b", "^S send")
    shown_after(desk, "\x1b\x1b", "Work tray 121")
    shown_after(desk, "gg", "(0)")


def test_a_terminal_that_was_smaller_for_a_moment_shows_all_of_it_again(home: Path) -> None:
    """A pane that is zoomed and back is as large as before when the program hears of it, and what stood beyond the smaller one is gone."""
    with Terminal([sys.executable, "-m", "tui.entry", "--home", str(home)], columns=100, rows=30, env=ENGLISH) as terminal:
        terminal.wait_for("Server away")
        whole = terminal.wait_for("(?m)^ Work tray 121 .*no connection")
        for _ in range(3):
            terminal.shrink_for_a_moment(40, 10)
        wait_until(lambda: terminal.screen() == whole, "every line to be there again")


@pytest.mark.parametrize("desk", [(200, 50)], indirect=True, ids=str)
def test_a_wide_terminal_shows_list_mail_and_comments_side_by_side(desk: PtyScreen) -> None:
    desk.press("j")
    desk.press("j")
    first = shown(desk, "│ @ Tanaka", "1 comment").splitlines()[1]
    assert "N" in first
    assert "│ > " in first
    shown(desk, ">1  Work tray       121│", " 2  Mine              1│")
    shown_after(desk, "3", ">3  All             121│")
    desk.press("\\")
    gone(desk, ">3  All")
    desk.press("Z")
    # The list alone; the bar below it says the same as before.
    wait_until(lambda: desk.settle(patience_seconds=0.05) >= 0 and len(shown(desk, "All 121").splitlines()[3].rstrip()) > 150, "the list alone")
    # From the list alone to the mail alone: it is laid out for all there is.
    shown_after(desk, "\r", "│ > 山田 花子 <customer0@customer.example>", "お世話になっております。注文番号 4711 の納期について")
    shown_after(desk, "\r", "no comments", "c writes the first comment", "c comment  T timeline")
    desk.press("\x1b")
    desk.press("\x1b")
    desk.press("Z")
    shown(desk, "no comments")
    shown_after(desk, "\\", ">3  All             121│")
    shown_after(desk, "P", "── customer ─", "1 conversation")


def test_japanese_columns_stand_under_each_other(desk: PtyScreen) -> None:
    ages = [line.rstrip() for line in desk.text().splitlines()[1:22]]
    # pyte's text leaves out the cell behind a wide character: count columns, not letters.
    from tui.view.width import columns_of

    assert len({columns_of(line) for line in ages}) == 1


def test_a_text_in_work_survives_the_loss_of_the_terminal(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    conversation_id = builder.mail("Frage", ago=timedelta(minutes=1))
    builder.close()
    with MadoScreen(["--home", str(builder.home)], env=ENGLISH) as screen:
        shown(screen, "Frage", "Server away")
        shown_after(screen, "r", "Subject: Re: Frage")
        shown_after(screen, "half a sen", "half a sen")
        os.kill(screen._pid, signal.SIGHUP)
        ended(screen)
    store = LocalStore.open(builder.home)
    draft = store.draft(conversation_id)
    assert draft is not None
    assert draft.body.startswith("half a sen")
    with MadoScreen(["--home", str(builder.home)], env=ENGLISH) as screen:
        lines = shown(screen, "Frage", "1 draft is waiting").splitlines()
        # A line above it may say by now that the server is away.
        assert "+" in next(line for line in lines if "Frage" in line)
    store.close()


def test_what_is_typed_right_before_the_key_that_sends_it_is_sent(tmp_path: Path) -> None:
    """In one stroke: letters that stand in the field's queue yet belong to the text."""
    builder = HomeBuilder(tmp_path / "home")
    builder.many(3)
    builder.close()
    text = "ご注文を承りました。" * 30 + "END"
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=ENGLISH) as screen:
        shown(screen, "Server away")
        shown_after(screen, "r", "^S send")
        shown_after(screen, text + "\x13", "the reply waits here")
    store = LocalStore.open(builder.home)
    (sent,) = [waiting.command for waiting in store.pending() if isinstance(waiting.command, SubmitReply)]
    store.close()
    assert "END" in email.message_from_bytes(sent.mime, policy=email.policy.default).get_body().get_content()


def test_a_reply_on_its_way_is_not_thrown_away_by_the_key_behind_it(tmp_path: Path) -> None:
    """^S and ^K in one stroke: who is told nothing, or that the text is kept, would send it a second time."""
    builder = HomeBuilder(tmp_path / "home")
    builder.many(3)
    builder.close()
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=ENGLISH) as screen:
        shown(screen, "Server away")
        shown_after(screen, "r", "^S send")
        shown_after(screen, "Thank you.\x13\x0b", "the reply waits here")
        # From the next line, too: out of the queue, and the same text is in work again.
        shown_after(screen, "ju", "^S send", "Thank you.")
    store = LocalStore.open(builder.home)
    assert [waiting.command for waiting in store.pending() if isinstance(waiting.command, SubmitReply)] == []
    assert [(draft.body.splitlines()[0], draft.submission_id) for draft in store.drafts()] == [("Thank you.", None)]
    store.close()


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    with MadoScreen(["--home", str(tmp_path / "new")], env=ENGLISH) as screen:
        shown(screen, "mado demo", "mado join INVITATION")
        screen.press("r")
        shown(screen, "There is no conversation here.")
        screen.press("q")
        ended(screen)


def test_an_inbox_that_was_never_reached_says_so_instead_of_an_empty_tray(tmp_path: Path) -> None:
    HomeBuilder(tmp_path / "new").close()
    with MadoScreen(["--home", str(tmp_path / "new")], env=ENGLISH) as screen:
        shown(screen, "Not all mail is here yet: the mailbox cannot be reached.")
        assert "Nothing here" not in screen.text()


def test_a_broken_settings_file_is_said_in_one_sentence_on_a_whole_terminal(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[[inbox]]\nkey = "a"\naddress = 5\n')
    with MadoScreen(["--home", str(tmp_path)], env=ENGLISH) as screen:
        text = shown(screen, "settings.toml")
        ended(screen)
        assert "Traceback" not in text
        assert "address" in text


def test_words_are_found_in_a_mail_that_is_not_open_yet(desk: PtyScreen) -> None:
    shown_after(desk, ":find お世話\r", "1 of 1", "お世話になっております")
    shown_after(desk, "F", "Find here")
    shown_after(desk, "nothing such\r", "Not found: nothing such")


def test_a_search_is_remembered_and_a_mistake_is_pointed_at(desk: PtyScreen) -> None:
    shown_after(desk, "/", "/")
    shown_after(desk, "返品\r", "search: 返品 24")
    shown_after(desk, "/", "/")
    shown_after(desk, "\x1b[A", "/返品", "24 found")
    shown_after(desk, ' "', "▲ this quotation mark is never closed")
    desk.press("\x1b")
    shown(desk, "Work tray 121")


def test_a_search_is_sorted_by_relevance_on_the_command_line_and_newest_first_again(desk: PtyScreen) -> None:
    shown_after(desk, ":best\r", "Search first, with /.")
    shown_after(desk, ":best 返品\r", "best of: 返品 24")
    shown_after(desk, ":search 返品\r", "search: 返品 24")
    shown_after(desk, ":best\r", "best of: 返品 24")
    shown_after(desk, "\x1b", "Work tray 121")


def test_headers_source_and_attachments_say_what_there_is(desk: PtyScreen) -> None:
    shown_after(desk, "H", "Headers and remarks", "Message-ID:", "INBOX, number")
    shown_after(desk, "\x1b", "Work tray")
    shown_after(desk, ":raw\r", "Raw source", "Content-Type: text/plain")
    shown_after(desk, "/", "Raw source")
    shown_after(desk, "customer0@\r", "1 of 1: customer0@")
    shown_after(desk, "q", "Work tray")
    shown_after(desk, "o", "There is nothing to open here.")
    shown_after(desk, "w", "There is no attachment here.")
