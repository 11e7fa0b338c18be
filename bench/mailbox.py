"""The corpus as a Maildir in a Dovecot of the bench's own: written once, linked into each server that is started on it."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from bench.corpus import corpus

FOLDERS = ("cur", "new", "tmp")


def date_of(raw: bytes) -> datetime:
    """When a mail of the corpus was written; the server says it came at that moment."""
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"Date: "))
    return parsedate_to_datetime(line[6:].decode())


def file_name(raw: bytes, number: int) -> str:
    """A Maildir name that tells both sizes, so that no server must read a file to say how large it is."""
    bare = len(raw) - raw.count(b"\r\n")
    return f"{int(date_of(raw).timestamp())}.M{number:06d}P1.bench,S={bare},W={len(raw)}:2,"


def write_mails(folder: Path, count: int, seed: int = 1) -> None:
    """The first `count` mails of the corpus as files with bare line feeds, as deliveries write them; kept from one run to the next."""
    mark = folder / f"whole-{count}-{seed}"
    if mark.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, raw in enumerate(corpus(count, seed)):
        path = folder / file_name(raw, number)
        path.write_bytes(raw.replace(b"\r\n", b"\n"))
        path.chmod(0o644)
        moment = date_of(raw).timestamp()
        os.utime(path, (moment, moment))
    mark.touch()


def mails_in(folder: Path) -> Iterator[Path]:
    """The files of a corpus, oldest first."""
    return (path for path in sorted(folder.iterdir()) if not path.name.startswith("whole-"))


def link_into(folder: Path, maildir: Path) -> None:
    """Put the corpus into an empty Maildir, without copying a byte."""
    for name in FOLDERS:
        (maildir / name).mkdir(parents=True, exist_ok=True)
    for path in mails_in(folder):
        os.link(path, maildir / "cur" / path.name)
