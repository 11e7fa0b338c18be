"""The unsubscribe token: whoever has the mail can use it, and nobody can make one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.domain.ids import MailingId
from store.domain.unsubscribing import (
    Doors,
    address_sha256,
    headers_of,
    is_ours,
    mailing_key,
    page_of,
    read_token,
    says_one_click,
    token_in_subject,
    token_of,
)

SERVER_KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ID = MailingId("0123456789abcdef01234567")
TOKEN = token_of(mailing_key(SERVER_KEY, ID), ID, 42)


def ours(text: str, *keys: bytes) -> bool:
    token = read_token(text)
    return token is not None and is_ours(token, keys or (SERVER_KEY,))


def test_a_token_is_good_with_the_servers_key_and_any_it_had_before() -> None:
    assert ours(TOKEN)
    assert ours(TOKEN, OTHER_KEY, SERVER_KEY)
    assert not ours(TOKEN, OTHER_KEY)


def test_the_key_of_one_mailing_signs_no_row_of_another() -> None:
    elsewhere = MailingId("f" * 24)
    assert not ours(token_of(mailing_key(SERVER_KEY, ID), elsewhere, 42))


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("0123456789abcdefu"))
def test_a_token_with_any_letter_changed_is_none(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assert changed == TOKEN or not ours(changed)


@pytest.mark.parametrize("text", ["", "u", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), f" {TOKEN}", TOKEN.replace("a", "ａ"), "../" + TOKEN])
def test_what_only_looks_like_a_token_is_none(text: str) -> None:
    assert not ours(text)


def test_a_mail_that_asks_is_known_by_its_subject_however_it_was_answered() -> None:
    for subject in (f"unsubscribe {TOKEN}", f"Re: Unsubscribe  {TOKEN.upper()}", f"配信停止 [unsubscribe {TOKEN}]"):
        assert token_in_subject(subject) == TOKEN
    for subject in ("unsubscribe", f"{TOKEN}", f"unsubscribe {TOKEN}0", "unsubscribe u123"):
        assert token_in_subject(subject) is None


def test_one_click_is_promised_only_over_https() -> None:
    names = [name for name, _ in headers_of(TOKEN, Doors("https://desk.example.jp/", "shop@example.jp"))]
    assert names == ["List-Unsubscribe", "List-Unsubscribe-Post"]
    assert page_of(TOKEN, Doors("https://desk.example.jp/", "shop@example.jp")) == f"https://desk.example.jp/v1/unsubscribe/{TOKEN}"
    for url in ("", "http://desk.example.jp"):
        ((name, value),) = headers_of(TOKEN, Doors(url, "shop@example.jp"))
        assert (name, value) == ("List-Unsubscribe", f"<mailto:shop@example.jp?subject=unsubscribe%20{TOKEN}>")


def test_only_a_post_that_says_so_is_a_click() -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    for body in (b"List-Unsubscribe=One-Click", b"a=b&List-Unsubscribe=One-Click\r\n", b"List%2DUnsubscribe=One-Click", form):
        assert says_one_click(body)
    for body in (b"", b"List-Unsubscribe=", b"List-Unsubscribe=One-Clicks", b"xList-Unsubscribe=One-Click", form.replace(b"One-Click", b"No")):
        assert not says_one_click(body)


def test_an_address_is_one_whatever_its_capitals_and_width() -> None:
    assert address_sha256("Taro@Example.jp") == address_sha256("ｔａｒｏ＠example.jp")
    assert address_sha256("taro@example.jp") != address_sha256("jiro@example.jp")
