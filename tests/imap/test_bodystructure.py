"""BODYSTRUCTURE is read without trust: what no honest server says is refused, never believed."""

import random

import pytest

from mailsync.imap.bodystructure import BadStructure, read_structure
from mailsync.imap.partial import LONGEST_TEXT_BYTES, gathered, plan_partial
from mailsync.imap.tokens import BadTokens, read_values

TEXT = b'("TEXT" "PLAIN" ("CHARSET" "iso-2022-jp") NIL NIL "7BIT" 1200 30 NIL NIL NIL NIL)'
PDF = b'("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "BASE64" 900000 NIL ("ATTACHMENT" ("FILENAME" "a.pdf")) NIL NIL)'
CSV = b'("text" "csv" NIL NIL NIL "base64" 900000 11538 NIL ("attachment" NIL) NIL NIL)'
HTML = b'("text" "html" NIL NIL NIL "quoted-printable" 5000 90 NIL NIL NIL NIL)'
ALTERNATIVE = b"(" + TEXT + HTML + b' "ALTERNATIVE" ("BOUNDARY" "b2") NIL NIL NIL)'
FORWARDED = b'("message" "rfc822" NIL NIL NIL "7bit" %d (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ' + PDF + b" 40 NIL NIL NIL NIL)"


def structure(text: bytes):
    return read_structure(read_values([text])[0])


def mixed(*parts: bytes) -> bytes:
    return b"(" + b"".join(parts) + b' "mixed" ("boundary" "b1") NIL NIL NIL)'


def test_parts_are_numbered_as_sections_are() -> None:
    found = structure(mixed(ALTERNATIVE, PDF))
    assert [(part.number, part.content_type, part.size_bytes) for part in found.walk()] == [
        ("", "multipart/mixed", 0),
        ("1", "multipart/alternative", 0),
        ("1.1", "text/plain", 1200),
        ("1.2", "text/html", 5000),
        ("2", "application/pdf", 900000),
    ]
    assert [part.number for part in structure(PDF).walk()] == ["1"]


def test_text_is_fetched_and_files_are_left() -> None:
    plan = plan_partial(structure(mixed(ALTERNATIVE, PDF, CSV)))
    assert plan is not None
    assert plan.wanted == ("1.1", "1.2")
    assert {number: left.content_type for number, left in plan.left.items()} == {"2": "application/pdf", "3": "text/csv"}
    assert plan.items == (
        "(UID BODY.PEEK[HEADER] BODY.PEEK[1.MIME] BODY.PEEK[1.1.MIME] BODY.PEEK[1.2.MIME] BODY.PEEK[2.MIME] BODY.PEEK[3.MIME] "
        "BODY.PEEK[1.1] BODY.PEEK[1.2])"
    )


def test_of_an_endless_text_only_the_beginning_is_fetched() -> None:
    plan = plan_partial(structure(mixed(TEXT.replace(b"1200", b"%d" % (LONGEST_TEXT_BYTES + 1)), PDF)))
    assert plan is not None
    assert f"BODY.PEEK[1]<0.{LONGEST_TEXT_BYTES}>" in plan.items
    assert plan.fetched_bytes < LONGEST_TEXT_BYTES + 10_000


@pytest.mark.parametrize(
    "whole",
    [
        TEXT,
        mixed(TEXT, PDF.replace(b"900000", b"9000")),
        FORWARDED % 900_000,
        mixed(TEXT, FORWARDED % 2_000_000, PDF),
        mixed(TEXT, b'("multipart" "mixed" NIL NIL NIL "7bit" 900000)'),
    ],
    ids=["only text", "a small file", "a mail in a mail alone", "a large mail in a mail", "a multipart without parts"],
)
def test_what_is_better_fetched_whole_is(whole: bytes) -> None:
    assert plan_partial(structure(whole)) is None


def test_a_server_that_hands_out_less_than_it_said_is_not_believed() -> None:
    plan = plan_partial(structure(mixed(TEXT, PDF)))
    assert plan is not None
    told = {"BODY[HEADER]": b"Subject: x\r\n\r\n", "BODY[1.MIME]": b"\r\n", "BODY[2.MIME]": b"\r\n", "BODY[1]": b"text"}
    assert gathered(plan, told) is not None
    assert gathered(plan, told | {"BODY[1]": b""}) is None
    assert gathered(plan, {name: value for name, value in told.items() if name != "BODY[HEADER]"}) is None


@pytest.mark.parametrize(
    "bad", [b"NIL", b"()", b'"text"', b'("text" "plain")', b'("text" "plain" NIL NIL NIL "7bit" -5)', b"(" * 60 + TEXT + b")" * 60]
)
def test_what_no_honest_server_says_is_refused(bad: bytes) -> None:
    with pytest.raises(BadStructure):
        structure(bad)


def test_a_thousand_damaged_structures_end_in_a_plan_or_a_refusal() -> None:
    chance, good = random.Random(3), mixed(ALTERNATIVE, PDF, FORWARDED % 5000, CSV)
    refused = 0
    for _ in range(1_000):
        raw = bytearray(good)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randrange(3)] = chance.choice([b"(", b")", b'"', b"NIL", b" ", b"9", b"{3}", b"\\", b""])
        try:
            plan_partial(structure(bytes(raw)))
        except (BadTokens, BadStructure, IndexError):
            refused += 1
    assert 0 < refused < 1_000
