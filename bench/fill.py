"""Many conversations at once: the same short mails into a home of ours and into a Maildir for the peers."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailsync.mime.parse import parse_message
from store.domain.ids import InboxKey, MessageId, ThreadKey
from store.local.rows import Cursor, NewMail
from store.local.store import LocalStore

START = datetime(2026, 1, 5, tzinfo=UTC)
BATCH = 500
NAMES = ("山田花子", "鈴木一郎", "Emma Wilson", "高橋美咲", "Noah Smith", "㈱北野製作所")
WORDS = ("注文", "請求書", "返品", "見積依頼", "refund", "delivery", "領収書", "お礼")

SETTINGS = """
[server]
url = "http://127.0.0.1:9"

[[inbox]]
key = "support"
address = "support@example.jp"
  [inbox.imap]
  host = "127.0.0.1"
  port = 9
  tls = "none"
  user = "support"
"""
"""A home whose servers are all away: what is measured is the terminal and its store."""


def subject_of(number: int) -> str:
    """Unlike every other; the newest is `… No.<count>`."""
    return f"{WORDS[number % len(WORDS)]}について No.{number}"


def mail(number: int) -> bytes:
    """A short mail of a conversation of its own."""
    date = (START + timedelta(minutes=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"From: {NAMES[number % len(NAMES)]} <customer{number}@example.com>\r\nTo: support@example.jp\r\nSubject: {subject_of(number)}\r\n"
        f"Date: {date}\r\nMessage-ID: <bench-{number}@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\nお世話になっております。\r\n{WORDS[number % len(WORDS)]}の件でご連絡しました。\r\nNo.{number}\r\n"
    ).encode()


def _new_mails(count: int) -> Iterator[NewMail]:
    for number in range(1, count + 1):
        raw = mail(number)
        digest = hashlib.sha256(raw).hexdigest()
        yield NewMail(
            uid=number,
            internaldate=START + timedelta(minutes=number),
            flags=(),
            raw=raw,
            size_bytes=len(raw),
            message=parse_message(raw),
            thread_key=ThreadKey(digest[:16]),
            message_id=MessageId(f"<bench-{number}@example.com>"),
            content_sha256=digest,
        )


def fill_home(home: Path, count: int) -> None:
    """A home with so many conversations of one mail each."""
    home.mkdir(parents=True)
    (home / "settings.toml").write_text(SETTINGS, "utf-8")
    store = LocalStore.open(home)
    batch: list[NewMail] = []
    for each in _new_mails(count):
        batch.append(each)
        if len(batch) == BATCH or each.uid == count:
            store.commit_pull(InboxKey("support"), "INBOX", batch, Cursor(uidvalidity=1, highest_uid=each.uid, lowest_uid=1))
            batch.clear()
    store.close()


def fill_maildir(folder: Path, count: int) -> None:
    """The same mails for notmuch and alot."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(1, count + 1):
        descriptor = os.open(folder / "cur" / f"{number}.bench:2,", os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(descriptor, mail(number).replace(b"\r\n", b"\n"))
        os.close(descriptor)
