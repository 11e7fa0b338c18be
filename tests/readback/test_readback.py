"""What we write is read by programs that others made, without a complaint and as it was meant: Python's own, GMime, Dovecot, and ours."""

import email
import imaplib
import json
import os
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from start_dovecot import Dovecot, User

from mailsync.mime.parse import parse_message
from mailsync.mime.part import part_bytes
from tests.readback.corpus import Case, cases

CASES = {case.name: case for case in cases()}


def unflowed(text: str) -> str:
    """RFC 3676 4.1 and 4.2, with DelSp, written here by itself: nothing of ours reads what we wrote."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content.removeprefix(" ")
        flowing = content.endswith(" ") and content != "-- "
        kept = content[:-1] if flowing else content
        if open_depth == depth and content != "-- ":
            out[-1] += kept
        else:
            out.append(">" * depth + (" " if depth and content else "") + kept)
        open_depth = depth if flowing else -1
    return "\n".join(out)


def same_text(case: Case, read: str, *, flowed: bool) -> None:
    text = read.replace("\r\n", "\n").rstrip("\n")
    assert (unflowed(text) if flowed else text) == case.text.rstrip("\n"), case.name


def test_there_are_enough_of_them_and_each_is_seven_bits_in_short_lines() -> None:
    assert len(CASES) >= 60
    for case in CASES.values():
        assert case.raw.isascii(), case.name
        assert case.raw.count(b"\n") == case.raw.count(b"\r\n") == case.raw.count(b"\r"), case.name
        assert max(map(len, case.raw.split(b"\r\n"))) <= 998, case.name


def test_pythons_parser_finds_no_defect_and_the_same_text_subject_names_and_files() -> None:
    for case in CASES.values():
        read = email.message_from_bytes(case.raw, policy=default)
        assert isinstance(read, EmailMessage)
        assert [defect for part in read.walk() for defect in part.defects] == [], case.name
        for name in ("Subject", "From", "To", "Date", "Message-ID", "References"):
            assert read[name] is None or read[name].defects == (), (case.name, name)
        assert str(read["Subject"]) == case.subject.strip(), case.name
        for field, meant in (("From", (case.from_,)), ("To", case.to)):
            assert [(_joined(one.display_name), one.addr_spec) for one in read[field].addresses] == [(_joined(m.name), m.address) for m in meant]
        body = read.get_body(("plain",))
        assert body is not None
        flowed = body.get_param("format") == "flowed"
        same_text(case, body.get_content(), flowed=flowed)
        assert (read.get_body(("html",)) is not None) is case.manner.html
        assert [(part.get_filename(), part.get_payload(decode=True)) for part in read.iter_attachments()] == [(f.name, f.content) for f in case.files]


def _joined(name: str) -> str:
    """Python 3.11 puts a blank between two encoded words of a name, where RFC 2047 6.2 has none (its issue 92081)."""
    return name.replace(" ", "")


def test_our_own_parser_reads_the_same_without_a_warning() -> None:
    for case in CASES.values():
        message = parse_message(case.raw)
        assert message.warnings == (), case.name
        assert (message.subject, message.from_, message.to) == (
            case.subject.strip(),
            (case.from_,),
            tuple(dict.fromkeys(case.to)),
        ) or case.name.startswith("name-")
        assert message.text == case.text.strip("\n"), case.name
        assert [part_bytes(case.raw, each.part) for each in message.attachments] == [file.content for file in case.files], case.name


@pytest.fixture(scope="module")
def gmime(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every mail as notmuch, by GMime, shows it: one process for all of them."""
    root = tmp_path_factory.mktemp("notmuch")
    for folder in ("cur", "new", "tmp"):
        (root / "mail" / folder).mkdir(parents=True)
    for case in CASES.values():
        (root / "mail/cur" / f"{case.name}:2,S").write_bytes(case.raw.replace(b"\r\n", b"\n"))
    config = root / "config"
    config.write_text(f"[database]\npath={root / 'mail'}\n[user]\nname=x\nprimary_email=x@example.jp\n[new]\ntags=new\n")
    environment = {**os.environ, "NOTMUCH_CONFIG": str(config), "HOME": str(root)}
    told = subprocess.run(["notmuch", "new", "--quiet"], env=environment, check=True, capture_output=True, text=True)
    assert told.stderr == ""
    shown = subprocess.run(
        ["notmuch", "show", "--format=json", "--entire-thread=false", "--include-html", "*"],
        env=environment,
        check=True,
        capture_output=True,
    )
    assert shown.stderr == b"", "GMime complained"
    return {message["id"]: message for message in _messages(json.loads(shown.stdout.decode("utf-8", "replace")))}


def _messages(tree: Any) -> Iterator[dict[str, Any]]:
    for one in tree:
        if isinstance(one, dict):
            yield one
        elif isinstance(one, list):
            yield from _messages(one)


def _leaves(parts: Any) -> Iterator[dict[str, Any]]:
    for part in parts:
        if isinstance(part.get("content"), list):
            yield from _leaves(part["content"])
        else:
            yield part


def test_gmime_reads_the_same_text_subject_names_and_file_names(gmime: dict[str, Any]) -> None:
    for case in CASES.values():
        read = gmime[case.message_id]
        assert " ".join(read["headers"]["Subject"].split()) == " ".join(case.subject.split()), case.name
        assert case.from_.address in read["headers"]["From"], case.name
        assert _bare(case.from_.name) in _bare(read["headers"]["From"]), case.name
        assert all(_bare(each.name) in _bare(read["headers"]["To"]) and each.address in read["headers"]["To"] for each in case.to), case.name
        leaves = list(_leaves(read["body"]))
        plain = next(part for part in leaves if part["content-type"] == "text/plain" and "filename" not in part)
        same_text(case, plain["content"], flowed=_is_flowed(case))
        assert [part["filename"] for part in leaves if "filename" in part] == [file.name for file in case.files], case.name


def _bare(name: str) -> str:
    """A name without the quotes and escapes in which a program shows it."""
    return re.sub(r'[\\"]', "", unicodedata.normalize("NFC", name))


def _is_flowed(case: Case) -> bool:
    return b"format=flowed" in case.raw


def test_dovecot_reads_the_same_subject_names_parts_and_text(dovecot: Dovecot, account: User) -> None:
    with imaplib.IMAP4("127.0.0.1", dovecot.imap_port) as imap:
        imap.login(account.name, account.password)
        for case in CASES.values():
            imap.append("INBOX", None, None, case.raw)
        imap.select("INBOX", readonly=True)
        for number, case in enumerate(CASES.values(), 1):
            section = "1" + ".1" * (case.manner.html and bool(case.files))
            _, data = imap.fetch(str(number), f"(ENVELOPE BODYSTRUCTURE BINARY.PEEK[{section}])")
            said = b"".join(b"".join(one) if isinstance(one, tuple) else one for one in data)
            text = next(one[1] for one in data if isinstance(one, tuple) and b"BINARY[" in one[0])
            envelope, structure = _envelope(data), said
            assert _decoded(envelope[1]) == case.subject.strip() or case.name.startswith("subject-odd"), case.name
            ((name, _, local, domain),) = envelope[2]
            assert (_decoded(name), f"{local}@{domain}") == (case.from_.name, case.from_.address), case.name
            assert [f"{one[2]}@{one[3]}" for one in envelope[5]] == [each.address for each in case.to], case.name
            charset = re.search(rb'"charset" "([^"]+)"', structure, re.IGNORECASE)
            assert charset is not None
            same_text(case, text.decode(charset[1].decode()), flowed=_is_flowed(case))
            assert structure.count(b'("attachment"') == len(case.files), case.name


def _envelope(data: list[Any]) -> Any:
    """The ENVELOPE as nested lists; literals put back in their places."""
    said = b""
    for one in data:
        said += one[0].rpartition(b"{")[0] + b'"' + one[1].replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' if isinstance(one, tuple) else one
    at = said.index(b"ENVELOPE ") + len(b"ENVELOPE ")
    return _nested(re.findall(rb'\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+', said[at:]))


def _nested(tokens: list[bytes]) -> Any:
    stack: list[list[Any]] = [[]]
    for token in tokens:
        if token == b"(":
            stack.append([])
        elif token == b")":
            done = stack.pop()
            stack[-1].append(done)
            if len(stack) == 1:
                break
        elif token == b"NIL":
            stack[-1].append("")
        else:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", token.strip(b'"') if token.startswith(b'"') else token).decode())
    return stack[0][0]


def _decoded(text: str) -> str:
    return str(make_header(decode_header(text)))
