"""The composer on a pseudo-terminal, with nobody but its writer: whom it goes to, what goes along, what is quoted, and that none of it is lost."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta, tzinfo
from pathlib import Path

import pytest
from pty_screen import PtyScreen

from store.domain.business_hours import BusinessHours
from store.domain.commands import SubmitReply
from store.domain.draft import Draft
from store.domain.draft_kind import DraftKind
from store.local.store import LocalStore
from tests.mado_screen import MadoScreen
from tests.mado_terminal import MadoTerminal
from tests.tui.at_screen import gone, shown
from tests.tui.home_builder import HomeBuilder
from tests.waiting import wait_until

COMPOSER = "^S send"
TEXT = "お世話になっております。納期が知りたいです。\n\n一つ目の段落です。\n二つ目の段落です。\n\n三つ目です。"
CTRL_F, CTRL_G, CTRL_O, CTRL_P, CTRL_Z, ESCAPE, TAB, DOWN = "\x06", "\x07", "\x0f", "\x10", "\x1a", "\x1b", "\t", "\x1b[B"
PASTE = "\x1b[200~{}\x1b[201~"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """One customer waits; some others wrote before."""
    builder = HomeBuilder(tmp_path / "home")
    builder.many(4)
    builder.mail("納期について", TEXT, sender="鈴木 一郎 <ichiro@buyer.example>", ago=timedelta(minutes=1))
    builder.close()
    return builder.home


@pytest.fixture
def composer(home: Path, tmp_path: Path) -> Iterator[PtyScreen]:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    with MadoScreen(["--home", str(home)], columns=100, rows=40, env=env) as screen:
        shown(screen, "納期について", "Server away")
        screen.press("r")
        shown(screen, COMPOSER, "ichiro@buyer.example")
        yield screen


def kept(home: Path) -> Draft:
    """The draft as it lies on this machine."""
    store = LocalStore.open(home, readonly=True)
    try:
        (draft,) = store.drafts()
        return draft
    finally:
        store.close()


def to_field(screen: PtyScreen, field: str) -> None:
    """From the text, by Shift+Tab: Subject, Cc, To."""
    for _ in range({"subject": 1, "cc": 2, "to": 3}[field]):
        screen.press("\x1b[Z")


def test_who_wrote_before_is_offered_and_taken_and_bcc_comes_when_it_is_asked_for(composer: PtyScreen, home: Path) -> None:
    to_field(composer, "cc")
    composer.press("やま")
    composer.press("\x15")
    composer.press("山田")
    shown(composer, "> 山田 花子 <customer0@customer.example>")
    composer.press(TAB + "ms")
    shown(composer, '> "Ms. Smith"', "Cc:      山田 花子 <customer0@customer.example>, ms")
    composer.press(TAB)
    shown(composer, '<customer0@customer.example>, "Ms. Smith" <customer1@customer.example>,')
    composer.press(CTRL_G)
    shown(composer, "What works here")
    composer.press("bcc\r")
    shown(composer, "Bcc:")
    composer.press("cust")
    shown(composer, "<customer2@customer.example>")
    composer.press(DOWN + TAB + ESCAPE)
    shown(composer, "Kept as a draft")
    draft = kept(home)
    assert draft.cc == ("山田 花子 <customer0@customer.example>", '"Ms. Smith" <customer1@customer.example>')
    assert len(draft.bcc) == 1
    assert "@customer.example" in draft.bcc[0]


def test_a_whole_address_is_never_replaced_by_one_that_begins_like_it(composer: PtyScreen, home: Path) -> None:
    to_field(composer, "cc")
    composer.press("ichiro@buyer.exam")
    shown(composer, "> 鈴木 一郎")
    # Tab is for the next field: what is typed is an address by itself.
    composer.press(TAB + "!" + ESCAPE)
    shown(composer, "Kept as a draft")
    assert kept(home).cc == ("ichiro@buyer.exam",) or kept(home).cc == ("鈴木 一郎 <ichiro@buyer.example>",)


def test_files_are_attached_by_path_by_folder_and_by_being_dragged_here(composer: PtyScreen, home: Path, tmp_path: Path) -> None:
    (tmp_path / "書類 2026").mkdir()
    (tmp_path / "書類 2026" / "見積 書.pdf").write_bytes(b"%PDF" + b"x" * 2_000)
    (tmp_path / "invoice.pdf.exe").write_bytes(b"MZ")
    composer.press(CTRL_O)
    shown(composer, "Attach (path")
    composer.press("書" + TAB)
    shown(composer, "~/書類 2026/")
    composer.press("見" + TAB + "\r")
    shown(composer, "[1] 見積 書.pdf", "application/pdf, 2 kB", "1 file, 2 kB of 26.2 MB")
    # Dragged into the terminal: its path is pasted.
    composer.press(PASTE.format(str(tmp_path / "invoice.pdf.exe")))
    shown(composer, "Attach invoice.pdf.exe?")
    gone(composer, COMPOSER)
    composer.press("a")
    shown(composer, "[2] invoice.pdf.exe", "may run something", "2 files", COMPOSER)
    composer.press(CTRL_O)
    shown(composer, "Attach (path")
    composer.press(CTRL_O)
    shown(composer, "書類 2026/", "invoice.pdf.exe")
    composer.press(ESCAPE)
    composer.press(CTRL_G)
    shown(composer, "What works here")
    composer.press("take an att\r")
    shown(composer, "Take off")
    composer.press("2")
    shown(composer, "does not go along any more", "1 file")
    composer.press(ESCAPE)
    shown(composer, "Kept as a draft")
    draft = kept(home)
    assert draft.attachments == (str(tmp_path / "書類 2026" / "見積 書.pdf"),)
    assert "invoice" not in draft.body


def test_pasted_words_that_are_no_file_are_text(composer: PtyScreen, home: Path) -> None:
    composer.press(PASTE.format("/etc/no such file"))
    shown(composer, "/etc/no such file")
    composer.press("!" + ESCAPE)
    shown(composer, "Kept as a draft")
    assert kept(home).body.startswith("/etc/no such file!")


def test_what_is_pasted_never_steers_the_terminal(composer: PtyScreen, home: Path) -> None:
    evil = "x\x1b]0;mine\x07\x1b[2J\u202egpj"
    to_field(composer, "cc")
    composer.press(PASTE.format(f"{evil} <a@b.example>,\n\tc@d.example"))
    shown(composer, "Cc:      x]0;mine[2Jgpj <a@b.example>,  c@d.example", "Subject: Re: 納期について")
    composer.press("\r\r")
    composer.press(PASTE.format(f"{evil}!"))
    shown(composer, "x]0;mine[2Jgpj!", "Subject: Re: 納期について")
    composer.press("ok" + ESCAPE)
    shown(composer, "Kept as a draft")
    draft = kept(home)
    assert draft.body.startswith("x]0;mine[2Jgpj!ok")
    assert draft.cc[-1] == "c@d.example"


def test_a_whole_path_behind_the_one_that_stands_there_is_the_one_that_is_meant(composer: PtyScreen, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "list.pdf").write_bytes(b"%PDF")
    composer.press(CTRL_O)
    shown(composer, "Attach (path", "~/")
    composer.press(f"{folder}/l" + TAB)
    shown(composer, "elsewhere/list.pdf")
    composer.press("\r")
    shown(composer, "[1] list.pdf")
    composer.press(ESCAPE)
    shown(composer, "Kept as a draft")
    assert kept(home).attachments == (str(folder / "list.pdf"),)


def test_only_the_lines_one_selects_are_quoted_as_their_sender_wrote_them(composer: PtyScreen, home: Path) -> None:
    composer.press(CTRL_P)
    shown(composer, "v selects")
    composer.press("G")
    composer.press("kkkv")
    composer.press("j\r")
    composer.press("ここです" + ESCAPE)
    shown(composer, "Kept as a draft")
    assert (
        kept(home).body.startswith("> 一つ目の段落です。\n> 二つ目の段落です。\nここです")
        or "> 二つ目の段落です。" in kept(home).body.partition("On ")[0]
    )


def test_what_the_input_method_commits_comes_in_whole_at_the_cursor(composer: PtyScreen, home: Path) -> None:
    long = "変換された長い文章を、まとめて確定します。" * 20
    composer.press("前後\x1b[D")
    composer.press(long)
    shown(composer, "確定します。後")
    composer.press("!" + ESCAPE)
    shown(composer, "Kept as a draft")
    assert kept(home).body.startswith(f"前{long}!後")


def test_words_are_searched_in_the_text_whatever_their_width(composer: PtyScreen, home: Path) -> None:
    composer.press("ＡＢＣ one two\x01")
    composer.press(CTRL_F)
    shown(composer, "Find:")
    composer.press("abc\rxyz" + ESCAPE)
    shown(composer, "Kept as a draft")
    assert kept(home).body.startswith("xyz one two")


def test_a_new_mail_is_kept_offered_again_and_begins_its_conversation_only_when_it_is_sent(home: Path, tmp_path: Path) -> None:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    with MadoScreen(["--home", str(home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "納期について", "Server away")
        screen.press("\x0e")
        shown(screen, "New mail", COMPOSER)
        screen.press("鈴木")
        shown(screen, "> 鈴木 一郎")
        screen.press(TAB + TAB)
        screen.press(TAB + "ご案内" + TAB + "新商品のご案内です。")
        screen.press(ESCAPE)
        shown(screen, "Kept as a draft")
        draft = kept(home)
        assert (draft.kind, draft.subject, draft.to) == (DraftKind.NEW, "ご案内", ("鈴木 一郎 <ichiro@buyer.example>",))
        screen.press("\x0e")
        shown(screen, "Go on writing", "ご案内")
        screen.press(DOWN + "\r")
        shown(screen, COMPOSER, "新商品のご案内です。")
        screen.press("\x13")
        shown(screen, "the reply waits here")
        store = LocalStore.open(home, readonly=True)
        try:
            assert [type(each.command).__name__ for each in store.pending()] == ["StartConversation", "SubmitReply"]
            # The conversation, which nobody knows yet, is begun no more either.
            screen.press("u")
            shown(screen, "The text is back")
            assert store.pending() == ()
        finally:
            store.close()


def test_a_message_is_forwarded_with_its_words_to_somebody_else(home: Path, tmp_path: Path) -> None:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    with MadoScreen(["--home", str(home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "納期について", "Server away")
        screen.press("f")
        shown(screen, "Forward", COMPOSER, "Subject: Fwd: 納期について", "---------- Forwarded message")
        screen.press("boss@house.example,")
        screen.press(ESCAPE)
        shown(screen, "Kept as a draft")
    draft = kept(home)
    assert (draft.kind, draft.to) == (DraftKind.FORWARD, ("boss@house.example",))
    assert "一つ目の段落です。" in draft.body


def test_what_goes_along_and_whom_nobody_else_sees_survive_a_kill(composer: PtyScreen, home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    composer.press(CTRL_O)
    shown(composer, "Attach (path")
    composer.press("a.txt\r")
    shown(composer, "[1] a.txt")
    composer.press(CTRL_G)
    shown(composer, "What works here")
    composer.press("bcc\r")
    shown(composer, "Bcc:")
    composer.press("boss@house.example,")
    shown(composer, "boss@house.example,")

    def is_kept() -> bool:
        store = LocalStore.open(home, readonly=True)
        try:
            return [(each.bcc, each.attachments) for each in store.drafts()] == [(("boss@house.example",), (str(tmp_path / "a.txt"),))]
        finally:
            store.close()

    wait_until(is_kept, "the draft to be on the disk")
    os.kill(composer.pid, signal.SIGKILL)


def test_the_next_mail_begins_with_nothing_of_the_last_one(composer: PtyScreen) -> None:
    composer.press("最初の返信だけの言葉")
    shown(composer, "最初の返信だけの言葉")
    to_field(composer, "cc")
    composer.press("boss@house.example,")
    shown(composer, "boss@house.example,")
    # All at once: each key is for what the one before it leads to.
    composer.press("\x0bjr")
    gone(composer, "最初の返信だけの言葉")
    text = shown(composer, COMPOSER, "Reply")
    assert "ichiro@buyer.example" not in text, "another conversation is answered"
    assert "最初の返信だけの言葉" not in text
    assert "boss@house.example" not in text
    composer.press("次の返信" + CTRL_Z + CTRL_Z + CTRL_Z)
    composer.press("!")
    text = shown(composer, "!")
    assert "最初の返信だけの言葉" not in text, "what is undone is this mail's"


def test_keys_typed_behind_esc_are_done_at_the_desk_in_their_order(composer: PtyScreen, home: Path) -> None:
    composer.press("下書きです")
    # Escape alone is told from the beginning of a sequence by what follows it: a letter typed within 25 ms would be Alt with it.
    composer.press(ESCAPE)
    composer.press("jr")
    shown(composer, COMPOSER, "Reply")
    composer.press("二通目")
    shown(composer, "二通目")
    composer.press(ESCAPE)
    shown(composer, "Kept as a draft", "納期について")
    store = LocalStore.open(home, readonly=True)
    try:
        assert sorted(draft.body.split("\n")[0] for draft in store.drafts()) == ["下書きです", "二通目"]
    finally:
        store.close()


def test_a_reply_is_sent_to_leave_at_a_time_that_is_chosen_in_the_composer(composer: PtyScreen, home: Path) -> None:
    composer.press("鈴木 一郎 様\r\rご案内いたします。")
    composer.press(CTRL_G)
    shown(composer, "What works here")
    composer.press("of your choice\r明日の夜に\r")
    shown(composer, "明日の夜に is no time ahead")
    composer.press(CTRL_G)
    shown(composer, "What works here")
    composer.press("of your choice\r明日 9:00\r")
    shown(composer, "the reply waits here")
    store = LocalStore.open(home, readonly=True)
    try:
        (command,) = [each.command for each in store.pending() if isinstance(each.command, SubmitReply)]
        assert command.send_at is not None
        assert f"{command.send_at.astimezone(customers_zone(store)):%H:%M}" == "09:00", "nine at the customer's"
    finally:
        store.close()


def customers_zone(store: LocalStore) -> tzinfo | None:
    """Of the mail that is answered; it states none but UTC, so the inbox's own."""
    assert not any(stored.message.date.utcoffset() for row in store.drafts() for stored in store.messages(row.conversation_id) if stored.message.date)
    return BusinessHours().zone_info()


def test_a_text_that_was_written_in_another_window_size_wraps_in_this_one_and_one_thrown_away_comes_back(home: Path, tmp_path: Path) -> None:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(tmp_path)}
    with MadoTerminal(["--home", str(home)], columns=110, rows=30, env=env) as terminal:
        terminal.wait_for("Server away")
        terminal.press("r")
        terminal.wait_for(r"\^S send")
        terminal.type("あいうえおかきくけこ" * 10 + "終")
        terminal.wait_for("こ終")
        terminal.press("Escape")
        terminal.wait_for("Kept as a draft")
        terminal.resize(80, 24)
        terminal.press("r")
        terminal.wait_for("(?m)^" + "あいうえおかきくけこ" * 3 + "あいうえおかきくけ$")
        terminal.press("C-k")
        terminal.wait_for("Thrown away; u brings it back")
        terminal.press("u")
        terminal.wait_for("(?m)^" + "あいうえおかきくけこ" * 3 + "あいうえおかきくけ$")
        terminal.press("C-k")
