"""Who a mailing goes to: the columns of a table by what they are called in Japanese or English, and each row as one recipient. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from store.domain.mailing_results import RESULT_COLUMNS
from store.domain.mailing_sheet import Record, Sheet, SheetUnreadable
from store.domain.send_check import NAMED, address_of

MOST_ROWS = 100_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "address": (
        "address",
        "mail",
        "mailaddress",
        "email",
        "emailaddress",
        "to",
        "メール",
        "メールアドレス",
        "mailアドレス",
        "eメール",
        "アドレス",
        "宛先",
    ),
    "name": ("name", "fullname", "customer", "customername", "氏名", "名前", "お名前", "ご氏名", "お客様名", "顧客名", "宛名"),
    "company": ("company", "companyname", "organization", "organisation", "会社", "会社名", "御社名", "貴社名", "法人名", "団体名"),
    "department": ("department", "division", "部署", "部署名", "ご所属", "所属"),
}
"""What a column is, and how it is called; capitals, width, spaces and `-_` do not matter."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "address": ("address", "メール", "メールアドレス"),
    "name": ("customer", "name", "氏名", "お客様名", "顧客名"),
    "company": ("company", "会社", "会社名"),
    "department": ("department", "部署", "部署名"),
}
"""Under which names a template finds them; every column is found under its own heading as well."""

_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_BROKEN = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!)", re.IGNORECASE)
_APART = re.compile(r"[\s_\-:・*＊()（）]+")


class Columns(NamedTuple):
    """Where each thing stands. `own`: every heading with its place, from 0."""

    places: Mapping[str, int]
    own: Mapping[str, int]


class Recipient(NamedTuple):
    """One row, cleaned of the spreadsheet's habits. `n`: its row; `fields`: what a template may ask for."""

    n: int
    address: str
    name: str
    fields: Mapping[str, str]


class RowProblem(NamedTuple):
    """Why a row cannot be written to. `column` from 1; `fact`: what stands there, or the other row."""

    n: int
    column: int
    code: str
    fact: str = ""


def folded(address: str) -> str:
    """By which two addresses are one: capitals do not matter, to no mail server that people use."""
    return unicodedata.normalize("NFKC", address).casefold()


def read_columns(header: Record) -> Columns:
    """Which column is what.

    Raises:
        SheetUnreadable: None holds addresses, or two are called alike.
    """
    own: dict[str, int] = {}
    for place, heading in enumerate(_trimmed(header.cells)):
        words = " ".join(heading.split())
        if words in own:
            raise SheetUnreadable("two_columns", header.n, place + 1, words)
        if words and words not in RESULT_COLUMNS:
            own[words] = place
    places: dict[str, int] = {}
    for heading, place in own.items():
        what = _WHAT.get(_bare(heading))
        if what is not None:
            places.setdefault(what, place)
    if "address" not in places:
        raise SheetUnreadable("no_addresses", header.n, 0, ", ".join(own) or "-")
    return Columns(places, own)


def read_recipients(sheet: Sheet) -> Iterator[Recipient | RowProblem]:
    """Every row behind the header, in order; one address once. A row's problem ends no other.

    Raises:
        SheetUnreadable: The table is broken from some row on, or too long.
    """
    records = (record for record in sheet.records() if not record.empty)
    header = next(records, None)
    if header is None:
        raise SheetUnreadable("empty")
    columns = read_columns(header)
    seen: dict[str, int] = {}
    for count, record in enumerate(records, 1):
        if count > MOST_ROWS:
            raise SheetUnreadable("too_many", record.n, 0, str(MOST_ROWS))
        found = recipient_of(record, columns)
        if isinstance(found, Recipient):
            first = seen.setdefault(folded(found.address), found.n)
            if first != found.n:
                yield RowProblem(found.n, columns.places["address"] + 1, "duplicate", str(first))
                continue
        yield found


def recipient_of(record: Record, columns: Columns) -> Recipient | RowProblem:
    """One row."""
    cells = [_cell(text) for text in record.cells]
    for place in columns.own.values():
        text = cells[place] if place < len(cells) else ""
        if _BROKEN.fullmatch(text):
            return RowProblem(record.n, place + 1, "broken_cell", text)
        if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
            return RowProblem(record.n, place + 1, "control_character")
    given = {what: cells[place] if place < len(cells) else "" for what, place in columns.places.items()}
    written = unicodedata.normalize("NFKC", given["address"]).strip().removeprefix("mailto:")
    at = columns.places["address"] + 1
    if not written:
        return RowProblem(record.n, at, "no_address")
    address = address_of(written)
    if address is None:
        several = written.count("@") > 1 and any(mark in written for mark in ",; \n、")
        return RowProblem(record.n, at, "several_addresses" if several else "bad_address", written)
    named = NAMED.fullmatch(written)
    name = " ".join((given.get("name") or (written[: named.start(1) - 1].strip(' "') if named else "")).split())
    fields = {heading: cells[place] if place < len(cells) else "" for heading, place in columns.own.items()}
    known = given | {"address": address, "name": name}
    fields |= {called: known.get(what, "") for what, names in FIELDS.items() for called in names if known.get(what) or called not in fields}
    return Recipient(record.n, address, name, fields)


def _cell(text: str) -> str:
    """What the writer of a cell meant: `="0123"` and `'0123` keep a spreadsheet from making a number of it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\ufeff", "").strip(" \t\n\u3000")
    if found := _FORMULA.fullmatch(text):
        return found[1].replace('""', '"')
    return text[1:] if text.startswith("'") and not text.endswith("'") else text


def _trimmed(cells: list[str]) -> list[str]:
    """Without the empty columns at the end, which spreadsheets leave behind."""
    kept = [_cell(text) for text in cells]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _bare(heading: str) -> str:
    return _APART.sub("", unicodedata.normalize("NFKC", heading).casefold())


_WHAT = {_bare(name): what for what, names in COLUMNS.items() for name in names}
