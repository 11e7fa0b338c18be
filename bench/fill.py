"""Many conversations at once: the same short mails into a home of ours and into a Maildir for the peers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import filling
from mailsync.mime.parse import parse_message

START = datetime(2026, 1, 5, tzinfo=UTC)
STEP = timedelta(seconds=20)
"""Between two mails: a million of them end before today."""
BATCH = 500
NAMES = ("山田花子", "鈴木一郎", "Emma Wilson", "高橋美咲", "Noah Smith", "㈱北野製作所", "佐々木健")
"""Seven, beside eight words: of two pages no line is the same, even where the number is cut off."""
WORDS = ("注文", "請求書", "返品", "見積依頼", "refund", "delivery", "領収書", "お礼")


def subject_of(number: int) -> str:
    """Unlike every other; the newest is `… No.<count>`."""
    return f"{WORDS[number % len(WORDS)]}について No.{number}"


def mail(number: int) -> bytes:
    """A short mail of a conversation of its own."""
    date = (START + STEP * number).strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"From: {NAMES[number % len(NAMES)]} <customer{number}@example.com>\r\nTo: support@example.jp\r\nSubject: {subject_of(number)}\r\n"
        f"Date: {date}\r\nMessage-ID: <bench-{number}@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\nお世話になっております。\r\n{WORDS[number % len(WORDS)]}の件でご連絡しました。\r\nNo.{number}\r\n"
    ).encode()


def fill_home(home: Path, count: int) -> None:
    """A home with so many conversations of one mail each."""
    raws = ((number, mail(number)) for number in range(1, count + 1))
    mails = (filling.pulled(number, START + STEP * number, parse_message(raw), raw, kept=True) for number, raw in raws)
    filling.fill_home(home, mails, BATCH).close()


def fill_maildir(folder: Path, count: int) -> None:
    """The same mails for notmuch and alot."""
    filling.fill_maildir(folder, (mail(number) for number in range(1, count + 1)))
