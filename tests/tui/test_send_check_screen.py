"""The send check at the composer: its list, the jump to the place, errors that stop, warnings that are asked about once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from msgspec.structs import replace

from store.domain.conversation import Conversation
from store.domain.draft import Draft
from store.domain.ids import ConversationId
from store.domain.send_check import check
from store.settings.settings import ImapSettings, InboxSettings, WritingSettings
from tests.mado_screen import MadoScreen
from tests.tui.at_screen import gone, shown
from tests.tui.home_builder import NOON, SUPPORT, HomeBuilder
from tui.checking import Desk, facts_around

F7 = "\x1b[18~"
SEND = "\x13"


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[HomeBuilder]:
    """Another customer is known, and 佐藤 花子 asks."""
    builder = HomeBuilder(tmp_path / "home")
    builder.mail("別件", "お世話になっております。ベツノの田中です。", sender="田中 太郎 <tanaka@betsuno.example>", ago=timedelta(hours=5))
    builder.mail("注文4711", "佐藤です。納期を教えてください。", sender="佐藤 花子 <hanako@aoi.example>", ago=timedelta(hours=1))
    yield builder
    builder.close()


def test_a_finding_leads_to_its_place_errors_stop_and_warnings_are_asked_about_once(builder: HomeBuilder) -> None:
    env = {"MADO_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
    with MadoScreen(["--home", str(builder.home)], columns=80, rows=24, env=env) as screen:
        shown(screen, "注文4711", "Server away")
        screen.press("r")
        shown(screen, "^S send")
        screen.press("佐藤 花子\r\r2026年12月4日(木)に発送します。")
        shown(screen, "(木)に発送します。")
        screen.press(F7)
        shown(screen, "The check", "error 3:1", "this day is a Friday", "warning 1:1", "There is no 様 behind", "Look it up")
        screen.press("j")
        shown(screen, "rude in Japanese")
        screen.press("\r")
        gone(screen, "The check")
        # The cursor stands before the name; at its end 様 belongs.
        screen.press("\x1b[F様")
        shown(screen, "佐藤 花子様")
        screen.press(SEND)
        assert "send it all the same" not in shown(screen, "Before it goes out", "error 3:1")
        screen.press("\r")
        gone(screen, "Before it goes out")
        # From its place on, the date's fourteenth letter is the weekday's.
        screen.press("\x1b[C" * 11 + "\x1b[3~金")
        shown(screen, "12月4日(金)に")
        screen.press(F7)
        shown(screen, "The check found nothing.")
        screen.press("\x1b[H\x1b[A\x1b[A\x1b[F\x7f")
        gone(screen, "花子様")
        screen.press(SEND)
        shown(screen, "Before it goes out", "warning 1:1", "send it all the same")
        assert builder.store.pending() == ()
        screen.press("s")
        shown(screen, "the reply waits here")
    assert len(builder.store.pending()) == 1


def test_what_the_charset_of_the_recipient_cannot_hold_is_found_with_its_place(builder: HomeBuilder) -> None:
    def unheld(charset: Literal["utf-8", "iso-2022-jp"], *, utf_8: bool = False) -> list[tuple[str, int, int]]:
        inbox = InboxSettings(key=SUPPORT, address="support@example.jp", imap=ImapSettings(host="h"), writing=WritingSettings(charset=charset))
        desk = Desk(builder.store, frozenset({"support@example.jp"}), inbox, "")
        draft = Draft(conversation_id=ConversationId("a" * 16), to=("佐藤 <hanako@aoi.example>", "no address"), utf_8=utf_8)
        draft = replace(draft, subject="髙橋の件", body="佐藤様\n①番です。")
        found = check(draft, facts_around(desk, draft, Conversation(draft.conversation_id), (), NOON))
        return [(each.where, each.line, each.column) for each in found if each.code == "charset_cannot_hold"]

    assert unheld("iso-2022-jp") == [("subject", 1, 1), ("body", 2, 1)]
    assert unheld("iso-2022-jp", utf_8=True) == []
    assert unheld("utf-8") == []
