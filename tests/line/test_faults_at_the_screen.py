"""What is wrong with an account is one sentence with an exit code on the command line, and no crash at the screen; any size will do."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from server_process import free_port
from start_dovecot import Dovecot
from tls import make_certificate

from store.local.wiping import KEPT
from tests.line.house import QUIET, Agent
from tests.line.seats import FOOTER_OF_COMPOSER, IS_READ, Pair, Seat, eventually
from tests.mado_forks import run_verb

CANNOT_REACH, NOT_PERMITTED, BAD_INPUT = 3, 4, 5


@pytest.fixture
def home(pair: Pair, tmp_path: Path) -> Path:
    """Tanaka's machine, to be broken: what is set up there and kept. Tanaka is at work there, so that a database is copied as one."""
    theirs, copy = pair.tanaka.agent.home, tmp_path / "home"
    copy.mkdir()
    for name in ("settings.toml", "secrets.json"):
        shutil.copy2(theirs / name, copy / name)
    with closing(sqlite3.connect(f"file:{theirs / KEPT}?mode=ro", uri=True, timeout=30)) as kept, closing(sqlite3.connect(copy / KEPT)) as ours:
        kept.backup(ours)
    return copy


@pytest.fixture(scope="module")
def expired() -> Iterator[Dovecot]:
    """A mail server whose certificate has expired."""
    server = Dovecot(certificate=partial(make_certificate, expired=True))
    yield server
    server.close()


def changed(home: Path, pattern: str, instead: str) -> None:
    """Edit the settings as a person would."""
    path = home / "settings.toml"
    after = re.sub(pattern, instead, path.read_text())
    assert after != path.read_text()
    path.write_text(after)


def wrong_password(home: Path, _expired: Dovecot) -> None:
    changed(home, r"(\[inbox\.imap\]\n)", '\\1password_command = "echo wrong"\n')


def wrong_host(home: Path, _expired: Dovecot) -> None:
    changed(home, r"(imap\]\nhost = )\S+", r'\1"nowhere.invalid"')


def nobody_listens(home: Path, _expired: Dovecot) -> None:
    changed(home, r"(?s)(imap\].*?port = )\d+", rf"\g<1>{free_port()}")


def expired_certificate(home: Path, expired: Dovecot) -> None:
    changed(home, r"(?s)(imap\].*?port = )\d+", rf"\g<1>{expired.imaps_port}")
    changed(home, r"ca_file = \S+", f'ca_file = "{expired.tls.ca}"')


FAULTS: list[tuple[Callable[[Path, Dovecot], None], int, str]] = [
    (wrong_password, NOT_PERMITTED, "password|login"),
    (wrong_host, CANNOT_REACH, r"nowhere\.invalid"),
    (nobody_listens, CANNOT_REACH, "is not listening"),
    (expired_certificate, CANNOT_REACH, "has expired"),
]


def run(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A verb without --json, as a person types it."""
    return run_verb(["--home", str(home), *words], env={**os.environ, **QUIET}, seconds=120)


@pytest.mark.parametrize(("breaks", "code", "words"), FAULTS, ids=[each[0].__name__ for each in FAULTS])
def test_an_account_that_does_not_work_is_one_sentence_and_no_crash(
    pair: Pair, home: Path, expired: Dovecot, breaks: Callable[[Path, Dovecot], None], code: int, words: str
) -> None:
    breaks(home, expired)
    synced = run(home, "sync", "--once")
    assert synced.returncode == code, synced
    said = [line for line in synced.stderr.splitlines() if re.search(words, line)]
    assert said, synced.stderr
    assert "Traceback" not in synced.stderr + synced.stdout
    doctor = run(home, "doctor")
    assert doctor.returncode == code, doctor
    assert re.search(f"(?m)^✗ imap support: .*({words})", doctor.stdout), doctor.stdout
    with ExitStack() as stack:
        seat = Seat(pair.house, Agent("tanaka", home), "Tanaka with a fault", columns=100, rows=24)
        stack.callback(pair.house.leaves, seat.terminal)
        seat.sees(f"^ No new mail for support: .*({words})")
        # Everything else goes on.
        seat.presses("3")
        seat.sees("^ All")
        seat.presses("q")
        eventually(lambda: seat.terminal.exit_status() is not None, "the end")
        crashed = home / "crash.txt"
        assert seat.terminal.exit_status() == 0, crashed.read_text() if crashed.exists() else seat.terminal.screen()


def test_a_setting_of_a_wrong_type_is_one_sentence_everywhere(pair: Pair, home: Path) -> None:
    changed(home, r"(?s)(imap\].*?port = )\d+", r'\1"many"')
    for words in (["sync", "--once"], ["doctor"]):
        ran = run(home, *words)
        assert ran.returncode == BAD_INPUT, ran
        assert re.search(r"settings\.toml.*port", ran.stdout + ran.stderr), ran
    seat = Seat(pair.house, Agent("tanaka", home), "Tanaka with a typo", columns=100, rows=24)
    eventually(lambda: seat.terminal.exit_status() is not None, "the end")
    assert seat.terminal.exit_status() == BAD_INPUT
    assert re.search(r"settings\.toml.*port", seat.screen.replace("\n", ""))
    assert "Traceback" not in seat.screen
    pair.house.leaves(seat.terminal)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 10), (20, 5), (200, 50)])
def test_any_size_will_do_while_reading_and_writing(pair: Pair, columns: int, rows: int) -> None:
    mail = pair.mail()
    sato = pair.sato
    text = f"{mail.token} の返事"
    try:
        sato.terminal.resize(columns, rows)
        sato.settles()
        sato.terminal.resize(120, 36)
        sato.opens(mail.token)
        sato.terminal.resize(columns, rows)
        sato.settles()
        sato.presses("?")
        sato.settles()
        sato.presses("Escape")
        sato.settles()
        sato.terminal.resize(120, 36)
        sato.sees(IS_READ)
        sato.presses("r")
        sato.sees(FOOTER_OF_COMPOSER)
        sato.terminal.resize(columns, rows)
        sato.settles()
        sato.types(text)
        sato.sees(text if columns >= 40 else mail.token)
        sato.presses("C-t")
        # Esc is for the templates, and not for the text.
        sato.sees(r"Template \(")
        sato.presses("Escape")
        sato.sees_no_more(r"Template \(")
    finally:
        sato.terminal.resize(120, 36)
    sato.sees(FOOTER_OF_COMPOSER)
    sato.sees(text)
    sato.presses("C-k")
    sato.sees_no_more(FOOTER_OF_COMPOSER)


def test_a_whole_reply_is_written_and_sent_on_forty_by_ten(pair: Pair) -> None:
    mail = pair.mail()
    sato = pair.sato
    try:
        sato.terminal.resize(40, 10)
        sato.finds(mail.token)
        sato.presses("r")
        sato.sees("Subject:")
        sato.types(f"{mail.token} です。")
        sato.sees(f"{mail.token} です。")
        sato.presses("C-s")
        sato.sees("Leaves at|Your reply has left")
    finally:
        sato.terminal.resize(120, 36)
    eventually(lambda: len(pair.received(mail.token)) == 1, "the mail")
