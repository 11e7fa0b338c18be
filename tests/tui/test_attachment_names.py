"""What an attachment is called here, whatever its sender called it, and what is asked about before it is opened."""

import pytest

from store.domain.comment_files import is_plain_name
from tui.view.file_names import NAME_BYTES, acts_when_opened, free_name, safe_name

NAMES = {
    "見積書.pdf": "見積書.pdf",
    "../../etc/passwd": "passwd",
    "..\\..\\evil.exe": "evil.exe",
    "/etc/cron.d/job": "job",
    ".bashrc": "bashrc",
    "-rf": "rf",
    "~root": "root",
    "...": "attachment-3.pdf",
    "": "attachment-3.pdf",
    "con.txt": "_con.txt",
    "COM1": "_COM1",
    "a\x1b[2Jb.txt": "a[2Jb.txt",
    "line\nbreak.txt": "line break.txt",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "zero\u200bwidth.txt": "zerowidth.txt",
    'q"uo:te?.txt': "q_uo_te_.txt",
    "trailing. . .": "trailing",
    "two  blanks .txt": "two blanks .txt",
    "ｶﾞ.txt": "ｶﾞ.txt",
    "が.txt": "が.txt",
    "???": "attachment-3.pdf",
    "lone\ud800.txt": "lone.txt",
}


@pytest.mark.parametrize(("given", "wanted"), NAMES.items(), ids=ascii)
def test_a_name_can_only_be_a_file_in_the_folder_one_names(given: str, wanted: str) -> None:
    assert safe_name(given, "application/pdf", 3) == wanted


@pytest.mark.parametrize("letter", ["a", "あ", "𠮷"])
def test_a_long_name_is_shortened_and_keeps_what_it_is(letter: str) -> None:
    name = safe_name(letter * 500 + ".xlsx")
    assert len(name.encode()) <= NAME_BYTES
    assert name.endswith(letter + ".xlsx")


def test_a_file_that_is_there_is_never_the_answer() -> None:
    taken = {"a.pdf", "a (2).pdf"}
    assert free_name("a.pdf", taken.__contains__) == "a (3).pdf"


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.EXE", "a.js", "a.lnk", "a.scr", "a.bat", "a.docm", "a.html", "a.desktop", "a.exe. .", "a\u202efdp.exe"]
)
def test_what_may_run_is_asked_about_first(name: str) -> None:
    assert acts_when_opened(name, "application/pdf")


@pytest.mark.parametrize("name", ["見積.pdf", "a.docx", "a.png", "a.txt", "a.zip", "exe"])
def test_a_document_is_opened_unasked(name: str) -> None:
    assert not acts_when_opened(name, "application/octet-stream")


def test_a_program_without_a_suffix_is_known_by_its_type() -> None:
    assert acts_when_opened("setup", "application/x-msdownload")


@pytest.mark.parametrize("given", [*NAMES, "x" * 500, "あ" * 500 + ".xlsx", "名前\u2028改行.txt", "lpt9", "a" * 179 + ". ."], ids=ascii)
def test_every_name_that_we_make_is_one_that_the_team_takes_for_a_file_of_a_comment(given: str) -> None:
    assert is_plain_name(safe_name(given))
