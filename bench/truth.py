"""What a query should find, by reading every mail: no index, no tokenizer, and none of the program's own folding.

Japanese is looked for in the text without anything between its letters, after NFKC; other words are looked for as whole words. The two forms
of 高, 斎 and 辺 that the corpus has are made one, and at the end of long katakana words a long vowel may stand or not, as docs/search.md says.
"""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from bench.queries import Asked
from store.domain.query import parse_query
from store.local.codec import unpack_message
from store.local.conditions import Around, condition
from store.local.expressions import Target, split
from store.local.store import LocalStore
from store.sqlite.connection import connect

_BETWEEN = re.compile(r"[\W_]+")
_KATAKANA = re.compile("[ァ-ヺー]{3,}")
_FORMS = str.maketrans("髙斉邉", "高斎辺")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_FORMS)


def _japanese(plain: str) -> re.Pattern[str]:
    return re.compile(_KATAKANA.sub(lambda word: f"{word[0].rstrip('ー')}ー*" if len(word[0].rstrip("ー")) > 2 else word[0], re.escape(plain)))


class Truth:
    """All mails of a home, read once."""

    def __init__(self, home: Path) -> None:
        connection = connect(home / "cache" / "mail.db", readonly=True)
        self._fields: dict[str, dict[str, list[str]]] = {}
        for message_id, packed in connection.execute("SELECT m.message_id, b.parsed FROM message m JOIN body b ON b.message = m.n"):
            mail = unpack_message(packed)
            people = {name: " ".join(f"{one.name} {one.address}" for one in those) for name, those in (("from", mail.from_), ("to", mail.to))}
            files = " ".join(attachment.name for attachment in mail.attachments)
            reply_to = " ".join(f"{one.name} {one.address}" for one in mail.reply_to)
            said = mail.report.original_subject if mail.report else ""
            lost = " ".join(one.recipient for one in mail.report.results) if mail.report else ""
            texts = {"subject": mail.subject, "text": mail.text, "files": files, **people, "reply": reply_to, "report": said, "lost": lost}
            self._fields[message_id] = {name: [_plain(text), _BETWEEN.sub("", _plain(text))] for name, text in texts.items() if text}
        connection.close()

    def of(self, asked: Asked) -> set[str]:
        """The Message-IDs of the mails that have all of it."""
        tests = [(self._test(field, text), True) for field, text in asked.wanted]
        tests += [(self._test(field, text), False) for field, text in asked.unwanted]
        return {message_id for message_id, fields in self._fields.items() if all(test(fields) == wanted for test, wanted in tests)}

    @staticmethod
    def _test(field: str, text: str) -> Callable[[dict[str, list[str]]], bool]:
        plain = _plain(text)
        if plain.isascii():
            word = re.compile(r"(?<![0-9a-z])" + r"[^0-9a-z]+".join(map(re.escape, plain.split())) + r"(?![0-9a-z])")
            return lambda fields: any(word.search(texts[0]) for name, texts in fields.items() if not field or name == field)
        japanese = _japanese(plain)
        return lambda fields: any(japanese.search(texts[1]) for name, texts in fields.items() if not field or name == field)


def found_by_us(store: LocalStore, text: str) -> set[str]:
    """The Message-IDs of every mail that the index finds, without reading any of them."""
    query = parse_query(text)
    words, rest = split(query, Target.MESSAGE)
    wanted = condition(rest, Around(None, Target.MESSAGE))
    sql = (
        "SELECT m.message_id FROM words CROSS JOIN message m ON m.n = words.rowid JOIN conversation c ON c.n = m.conversation "
        f"WHERE words MATCH ? AND {wanted.sql}"
    )
    connection = connect(store.path, readonly=True)
    try:
        return {row[0] for row in connection.execute(sql, (str(words), *wanted.params))}
    finally:
        connection.close()
