"""Homes and Maildirs of a size, made once: those that are there already are taken as they are."""

import hashlib
from datetime import timedelta
from multiprocessing import Pool
from pathlib import Path

from bench import short_mails
from bench.corpus import START, corpus
from bench.fill import SETTINGS
from mailsync.mime.parse import parse_message
from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

SEED = 7
BATCH = 500


def corpus_home(folder: Path, count: int) -> Path:
    """A home with the corpus, every mail a conversation of its own."""
    home = folder / f"home-corpus{count}"
    if _is_whole(home):
        return home
    home.mkdir(parents=True)
    (home / "settings.toml").write_text(SETTINGS, "utf-8")
    store = LocalStore.open(home)
    batch: list[NewMail] = []
    with Pool(2) as workers:
        for number, mail in enumerate(workers.imap(_new_mail, enumerate(corpus(count, SEED), 1), chunksize=50), 1):
            batch.append(mail)
            if len(batch) == BATCH or number == count:
                store.commit_pull(InboxKey("support"), "INBOX", batch, Cursor(uidvalidity=1, highest_uid=number, lowest_uid=1))
                batch.clear()
    store.close()
    _mark_whole(home)
    return home


def _new_mail(numbered: tuple[int, bytes]) -> NewMail:
    number, raw = numbered
    digest = hashlib.sha256(raw).hexdigest()
    message = parse_message(raw)
    return NewMail(
        uid=number,
        internaldate=START + timedelta(minutes=11 * number),
        flags=(),
        raw=None,
        size_bytes=len(raw),
        message=message,
        thread_key=ThreadKey(digest[:16]),
        message_id=message.message_id or MessageId(f"<{digest}@nowhere>"),
        content_sha256=digest,
    )


def corpus_maildir(folder: Path, count: int) -> Path:
    """The same mails as files."""
    maildir = folder / f"maildir-corpus{count}"
    if not _is_whole(maildir):
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        for number, raw in enumerate(corpus(count, SEED), 1):
            (maildir / "cur" / f"{number}.bench:2,").write_bytes(raw.replace(b"\r\n", b"\n"))
        _mark_whole(maildir)
    return maildir


def short_home(folder: Path, count: int) -> Path:
    """A home of short mails."""
    home = folder / f"home-short{count}"
    if not _is_whole(home):
        short_mails.fill_home(home, count)
        _mark_whole(home)
    return home


def short_maildir(folder: Path, count: int) -> Path:
    """The same as files."""
    maildir = folder / f"maildir-short{count}"
    if not _is_whole(maildir):
        short_mails.fill_maildir(maildir, 1, count)
        _mark_whole(maildir)
    return maildir


def _is_whole(folder: Path) -> bool:
    return folder.with_name(f"{folder.name}.whole").exists()


def _mark_whole(folder: Path) -> None:
    folder.with_name(f"{folder.name}.whole").touch()
