"""Header values made of the pieces senders break: nothing raises, and what comes out can be stored."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.header.addresses import parse_addresses
from mailsync.mime.header.dates import parse_date
from mailsync.mime.header.fields import file_name, parameters, unstructured
from mailsync.mime.text.encoded_words import decode_words

PIECES = st.sampled_from(
    [
        *("=?", "?=", "=?utf-8?B?", "=?utf-8?Q?", "=?iso-2022-jp?B?", "=?utf-7?Q?", "=?utf-16?B?", "5p2x", "=", "==", "=E6", "_", "YQ=w", "?", " "),
        *(
            "<",
            ">",
            "@",
            "＠",
            "＜",
            "「",
            ",",
            ";",
            ":",
            '"',
            "'",
            "(",
            ")",
            "\\",
            "a",
            "a@b",
            "mailto:",
            "attachment",
            "filename",
            "*0*",
            "*",
            "''",
        ),
        *(
            "%E8",
            "%",
            "24",
            " Nov ",
            "2026",
            "年",
            "月",
            "午後",
            "09:00",
            "+0900",
            "JST",
            "令和8年",
            "/",
            "-",
            "99999",
            "GMT+",
            "AM",
            "\x1b$B",
            "\x00",
        ),
    ]
)
VALUES = st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join)


@given(VALUES)
@settings(max_examples=400, deadline=None)
def test_no_header_value_raises(value: str) -> None:
    raw = value.encode("utf-8", "replace")
    texts = [decode_words(value), unstructured(raw), file_name(parameters(value), parameters("x; " + value))]
    texts += [part for address in parse_addresses(raw) for part in (address.name, address.address)]
    "".join(texts).encode("utf-16", "surrogatepass")
    date, _said = parse_date(value)
    assert date is None or date.tzinfo is not None


@given(st.binary(max_size=80), st.sampled_from(["", "utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "koi8-r"]))
@settings(max_examples=200, deadline=None)
def test_no_header_bytes_raise(raw: bytes, hint: str) -> None:
    unstructured(raw, hint).encode("utf-8")
    parse_addresses(raw, hint)
