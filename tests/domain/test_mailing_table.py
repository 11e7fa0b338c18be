"""Tables of recipients as spreadsheets write them: read for what was meant, and given back with nothing changed but what was added."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.domain.mailing_recipients import Recipient, RowProblem, read_recipients
from store.domain.mailing_results import RESULT_COLUMNS, RowResult, with_results
from store.domain.mailing_sheet import SheetUnreadable, read_sheet

TABLE = '氏名,会社,部署,メール,クーポン\r\n山田 太郎,山田商事,"営業\r\n一課",taro@example.jp,A-1\r\n佐藤,,,sato@example.jp,\r\n'


def read(raw: bytes) -> list[Recipient | RowProblem]:
    return list(read_recipients(read_sheet(raw)))


def problems(raw: bytes) -> list[tuple[int, int, str, str]]:
    return [tuple(found) for found in read(raw) if isinstance(found, RowProblem)]


@pytest.mark.parametrize(
    "raw",
    [
        TABLE.encode("utf-8"),
        TABLE.encode("utf-8-sig"),
        b"\xff\xfe" + TABLE.encode("utf-16-le"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("cp932"),
        TABLE.encode("euc_jp"),
        TABLE.replace(",", ";").encode("cp932"),
        TABLE.replace(",", "\t").encode("utf-8"),
        TABLE.replace(",", "|").encode("utf-8"),
        ("sep=;\r\n" + TABLE.replace(",", ";")).encode("utf-8-sig"),
        TABLE.replace("\r\n", "\n").encode("utf-8"),
    ],
)
def test_a_table_is_read_in_whatever_way_it_was_saved(raw: bytes) -> None:
    taro, sato = read(raw)
    assert isinstance(taro, Recipient)
    assert isinstance(sato, Recipient)
    assert (taro.address, taro.name, taro.fields["クーポン"]) == ("taro@example.jp", "山田 太郎", "A-1")
    assert taro.fields["department"] == taro.fields["部署"] == "営業\n一課"
    assert (sato.n, sato.name, sato.fields["company"], sato.fields["クーポン"]) == (3, "佐藤", "", "")


@pytest.mark.parametrize("heading", ["E-Mail", "Ｍａｉｌ", "メール アドレス", "email_address", " ADDRESS ", "Ｅメール"])
def test_a_column_is_known_by_its_name_however_it_is_spelled(heading: str) -> None:
    (found,) = read(f"{heading},Full Name\na@example.jp,Ann\n".encode())
    assert isinstance(found, Recipient)
    assert (found.address, found.name, found.fields["customer"]) == ("a@example.jp", "Ann", "Ann")


def test_what_a_spreadsheet_adds_by_itself_is_taken_off() -> None:
    raw = 'name,mail,code,,\nAnn,mailto:ann@example.jp,"=""0012""",,\nBob,ｂｏｂ＠example.jp,\'0013,,\n\n,,,,\nEve,Eve Green <eve@example.jp>\n'
    ann, bob, eve = read(raw.encode())
    assert isinstance(ann, Recipient)
    assert isinstance(bob, Recipient)
    assert isinstance(eve, Recipient)
    assert (ann.address, ann.fields["code"]) == ("ann@example.jp", "0012")
    assert (bob.address, bob.fields["code"]) == ("bob@example.jp", "0013")
    assert (eve.n, eve.address, eve.fields["code"]) == (6, "eve@example.jp", "")


def test_each_problem_names_its_row_and_column_and_ends_no_other_row() -> None:
    raw = "name,mail,code\na,a@example.jp,1\nb,,2\nc,no address,3\nd,A@Example.JP,4\ne,x@example.jp;y@example.jp,5\n"
    raw += "f,f@example.jp,#N/A\ng,g@example.jp,\x07\nh,h@example.jp,8\n"
    assert problems(raw.encode()) == [
        (3, 2, "no_address", ""),
        (4, 2, "bad_address", "no address"),
        (5, 2, "duplicate", "2"),
        (6, 2, "several_addresses", "x@example.jp;y@example.jp"),
        (7, 3, "broken_cell", "#N/A"),
        (8, 3, "control_character", ""),
    ]
    assert [found.n for found in read(raw.encode()) if isinstance(found, Recipient)] == [2, 9]


@pytest.mark.parametrize(
    ("raw", "code", "row", "column"),
    [
        (b"", "empty", 0, 0),
        (b"\r\n ,,\r\n", "empty", 0, 0),
        (b"PK\x03\x04\x00\x00", "no_text", 0, 0),
        (b"name,mail\nAnn,a@example.jp\n\x81\xff,b@example.jp\n", "encoding", 3, 0),
        (b"\xef\xbb\xbfname,mail\nAnn,\xff\n", "other_encoding", 2, 0),
        (b'name,mail\nAnn,a@example.jp\nBob,"b@example.jp\nEve,e@example.jp\n', "open_quote", 3, 2),
        (b'name,mail\n"Ann"y,a@example.jp\n', "stray_quote", 2, 1),
        (b"name,phone\nAnn,1\n", "no_addresses", 1, 0),
        (b"mail,code,code\n", "two_columns", 1, 3),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_place(raw: bytes, code: str, row: int, column: int) -> None:
    with pytest.raises(SheetUnreadable) as caught:
        read(raw)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, row, column)


def test_results_stand_behind_every_row_and_nothing_else_changes() -> None:
    raw = b"\xef\xbb\xbf" + b'"name";mail;x;;\r\nAnn;a@example.jp;"1;\r\n2"\r\n\r\nBob;b@example.jp;="7";"";more;still\r\nEve;e@example.jp'
    result = {2: RowResult("sent", "", "2026-11-28T22:00:00Z", "<1@example.jp>"), 4: RowResult("refused", 'no; "such" user')}
    written = b"".join(with_results(read_sheet(raw), result))
    first, second, third, blank, fourth, fifth = written.removeprefix(b"\xef\xbb\xbf").decode().splitlines()
    assert first == '"name";mail;x;;;;' + ";".join(RESULT_COLUMNS)
    assert [second, third] == ['Ann;a@example.jp;"1;', '2";;;;sent;;2026-11-28T22:00:00Z;<1@example.jp>']
    assert blank == ""
    assert fourth == 'Bob;b@example.jp;="7";"";more;still;refused;"no; ""such"" user";;'
    assert fifth == "Eve;e@example.jp;;;;;left_out;;;"
    again = b"".join(with_results(read_sheet(written), {**result, 5: RowResult("sent")}))
    assert again == written.replace(b"left_out", b"sent")


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\r\n", "\n"]),
)
def test_any_table_comes_back_cell_by_cell(rows: list[list[str]], encoding: str, delimiter: str, end: str) -> None:
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["mail", "name", "コード"])
    writer.writerows(rows)
    sheet = read_sheet(f"sep={delimiter}{end}{made.getvalue()}".encode(encoding))
    written = b"".join(with_results(sheet, {2: RowResult("sent")}))
    before, after = list(sheet.records()), list(read_sheet(written).records())
    assert len(before) == len(after) == len(rows) + 1
    for one, other in zip(before, after, strict=True):
        assert other.cells[: len(one.cells)] == one.cells
        assert one.empty or other.raw.startswith(
            one.raw.rstrip(b"\r\n\x00") if encoding != "utf-16" else one.raw.removesuffix(end.encode("utf-16-le"))
        )
