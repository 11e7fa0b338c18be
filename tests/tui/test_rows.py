"""What a line of the list says."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from store.domain.ids import ConversationId, InboxKey, Revision, StatusKey
from store.domain.status import BUILT_IN, DONE, IN_PROGRESS, NEW, Category, Status, Urgency
from store.local.rows import ConversationRow
from store.local.waking import Woke
from tests.tui.home_builder import NOON, SATO, SUPPORT, TANAKA
from tui.view.ages import age_label
from tui.view.columns import columns_for
from tui.view.highlight import Ranges
from tui.view.listing import LaidOut, list_lines
from tui.view.rows import Reader, row_spans
from tui.view.waking import wake_words
from tui.view.width import columns_of
from tui.view.window import Window

ROW = ConversationRow(
    id=ConversationId("a"), number=12, revision=Revision(3), inbox=SUPPORT, subject="注文番号 4711 の納期について", customer_name="山田 花子",
    customer_address="hanako@customer.example", status=NEW, category=Category.OPEN, owner=None, suggested_owner=None, urgency=Urgency.NORMAL,
    tags=(), lease_by=None, lease_since=None, lease_idle=False, present=(), messages=1, last_at=NOON - timedelta(minutes=4), pending=False,
    mentions_me=False, flags=(), has_draft=False,
)  # fmt: skip
READER = Reader(SATO, {SATO: "佐藤", TANAKA: "Tanaka"}, NOON)


def said(row: ConversationRow, width: int = 100) -> str:
    return "".join(span.text for span in row_spans(row, columns_for(width), READER))


def changed(**what: object) -> ConversationRow:
    return msgspec.structs.replace(ROW, **what)


@pytest.mark.parametrize("width", [*range(20, 60), 72, 80, 100, 120, 160, 200, 400])
def test_columns_align_at_every_width_whatever_the_script(width: int) -> None:
    for row in (ROW, changed(subject="plain", customer_name="", owner=TANAKA), changed(subject="①★…" * 90, urgency=Urgency.VERY_URGENT)):
        assert columns_of(said(row, width)) <= width
    assert columns_of(said(ROW, width)) == columns_of(said(changed(subject="x", customer_name="y"), width))


def test_a_status_is_told_by_a_letter_and_at_a_wide_list_by_its_name() -> None:
    for status in BUILT_IN.values():
        assert said(changed(status=status.key, category=status.category))[2] == status.letter
    assert len({status.letter for status in BUILT_IN.values()}) == len(BUILT_IN)


def test_a_status_of_the_teams_own_has_its_letter_its_colour_and_at_a_wide_list_its_name() -> None:
    own = Status(StatusKey("parts"), Category.OPEN, "部品確認中", "Checking parts", "W", 25, colour="cyan")
    reader = replace(READER, statuses={**BUILT_IN, own.key: own})
    row = changed(status=own.key, category=own.category, owner=TANAKA)
    narrow = row_spans(row, columns_for(80), reader)
    assert [span.tone for span in narrow if "W" in span.text] == ["cyan"]
    assert "".join(span.text for span in narrow)[2] == "W"
    assert "Checking parts" in "".join(span.text for span in row_spans(row, columns_for(140, widest_status=14), reader))


def test_tags_and_folder_stand_at_the_end_of_the_subject_and_push_no_column_aside() -> None:
    labelled = changed(tags=("vip", "返品"), folder="complaints")
    assert "#vip #返" in said(labelled, 120)
    for width in range(20, 200, 7):
        assert columns_of(said(labelled, width)) == columns_of(said(ROW, width))


def test_urgency_has_a_mark_of_its_own() -> None:
    assert " ! " in said(changed(urgency=Urgency.URGENT))
    assert " !! " in said(changed(urgency=Urgency.VERY_URGENT))
    assert "!" not in said(ROW)


def test_a_colleague_who_writes_is_named_with_the_time() -> None:
    row = changed(lease_by=TANAKA, lease_since=NOON - timedelta(minutes=3), status=IN_PROGRESS)
    assert "✎Tanaka 3m" in said(row)


def test_a_mail_that_another_inbox_has_too_says_so_before_its_subject_and_what_was_searched_for_is_still_marked() -> None:
    reader = replace(READER, also_in={ROW.id: (InboxKey("sales"),)})

    class Found:
        def places(self, text: str, of: str) -> Ranges:
            return ((3, 7),) if of == "subject" else ()

        def subject(self, conversation_id: str, subject: str, customer: str, columns: int) -> str:
            return subject

    spans = row_spans(changed(subject="No 4711"), columns_for(100), reader, found=Found())
    assert "[+sales] No 4711" in "".join(span.text for span in spans)
    assert [span.text.strip() for span in spans if span.tone == "found"] == ["4711"]
    assert "[+" not in said(ROW)


def test_a_colleague_who_looks_is_named_and_oneself_is_not() -> None:
    assert "◦Tanaka" in said(changed(present=(SATO, TANAKA)))
    assert "◦" not in said(changed(present=(SATO,)))


def test_the_old_owner_of_a_reopened_conversation_is_suggested_in_brackets() -> None:
    assert "(Tanak…" in said(changed(suggested_owner=TANAKA)) or "(Tanaka)" in said(changed(suggested_owner=TANAKA))


def test_what_asks_for_a_look_stands_first() -> None:
    assert said(changed(mentions_me=True, has_draft=True)).startswith("@")
    assert said(changed(has_draft=True)).startswith("+")
    assert said(changed(flags=("unknown",))).startswith("?")
    assert said(changed(flags=("refused",), mentions_me=True)).startswith("*")
    assert said(changed(pending=True)).startswith("~")


def test_a_subject_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in said(changed(subject="\x1b[2Jboo", customer_name="\x9b31m"))


def test_finished_ones_are_quiet() -> None:
    tones = {span.tone for span in row_spans(changed(status=DONE, category=Category.DONE), columns_for(80), READER)}
    assert tones == {"done", "quiet"} | ({""} & tones)


AGES = {5: "now", 59 * 60: "59m", 23 * 3600: "23h", 6 * 86400: "6d", 20 * 86400: "2w", 800 * 86400: "2y"}


@pytest.mark.parametrize(("seconds", "label"), AGES.items())
def test_an_age_is_its_largest_whole_unit(seconds: int, label: str) -> None:
    assert age_label(timedelta(seconds=seconds)) == label


def test_what_is_unread_has_a_mark_and_weight_and_a_hold_that_ended_is_louder() -> None:
    spans = row_spans(changed(unread=True), columns_for(80), READER)
    assert spans[0].text.startswith("o")
    assert {span.tone for span in spans if "山田" in span.text} == {"unread"}
    assert said(changed(unread=True, woken=True, has_draft=True)).startswith("↻")
    assert said(changed(woken=True, mentions_me=True)).startswith("@")
    assert columns_of(said(changed(woken=True), 80)) == columns_of(said(ROW, 80))


def test_what_is_finished_stays_quiet_though_it_is_unread() -> None:
    spans = row_spans(changed(status=DONE, category=Category.DONE, unread=True), columns_for(80), READER)
    assert {span.tone for span in spans if "山田" in span.text} == {"quiet"}
    assert spans[0].text.startswith("o")


def test_holds_that_ended_are_one_sentence_however_many() -> None:
    def woke(number: int) -> Woke:
        return Woke(ConversationId(f"c{number}"), number, "納期\x1b[2J", "山田", "wake_time")

    assert wake_words(()) == ""
    assert "#3 is back from hold, its time has come: 山田, 納期" in wake_words([woke(3)])
    assert "\x1b" not in wake_words([woke(3)])
    assert "7 conversations are back from hold: #1 #2 #3 #4 #5 …" in wake_words([woke(n) for n in range(1, 8)])


def test_a_list_that_is_laid_out_already_looks_as_if_it_were_laid_out_anew() -> None:
    rows = tuple(changed(id=ConversationId(f"c{index}"), subject=f"質問 {index}", number=index) for index in range(12))
    laid_out, reader = LaidOut(), READER
    window = Window(rows=rows, height=10)
    plays = [window, window.moved(1), window.moved(11), replace(window.moved(2), gone=frozenset({rows[2].id}))]
    for width in (80, 130, 80):
        for shown in plays:
            assert list_lines(shown, reader, width, 10, laid_out=laid_out) == list_lines(shown, reader, width, 10)
    later = replace(reader, now=reader.now + timedelta(hours=3))
    assert list_lines(window, later, 80, 10, laid_out=laid_out) == list_lines(window, later, 80, 10) != list_lines(window, reader, 80, 10)
    # The same conversation as another row: somebody has changed it.
    other = replace(window, rows=(changed(subject="別の件"), *rows[1:]))
    assert "別の件" in list_lines(other, later, 80, 10, laid_out=laid_out)[0].text


def test_a_step_of_the_cursor_lays_out_the_line_it_comes_to_and_no_other() -> None:
    rows = tuple(changed(id=ConversationId(f"c{index}"), subject=f"質問 {index}") for index in range(12))
    laid_out, window = LaidOut(), Window(rows=rows, height=10)
    before = list_lines(window, READER, 80, 10, laid_out=laid_out)
    after = list_lines(window.moved(1), READER, 80, 10, laid_out=laid_out)
    assert [y for y in range(10) if before[y] is not after[y]] == [0, 1]
