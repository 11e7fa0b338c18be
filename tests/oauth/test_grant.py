"""The refresh grant: what is asked, and that no answer of a provider surprises us."""

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.oauth.grant import LONGEST_LIFE_SECONDS, USUAL_LIFE_SECONDS, Grant, Granted, Refused, read_answer, refresh_form

GRANT = Grant("https://login.example.test/token", "our client&id", "mail offline_access")


def test_the_request_holds_what_rfc_6749_wants_and_nothing_empty() -> None:
    assert parse_qs(refresh_form(GRANT, "a+b/c=").decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": ["a+b/c="],
        "client_id": ["our client&id"],
        "scope": ["mail offline_access"],
    }
    assert b"client_secret" not in refresh_form(GRANT, "a")
    assert b"client_secret=s" in refresh_form(GRANT, "a", "s")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"access_token": "t", "token_type": "Bearer", "expires_in": 3599}, Granted("t", 3599.0)),
        ({"access_token": "t", "expires_in": "600", "refresh_token": "r"}, Granted("t", 600.0, "r")),
        ({"access_token": "t", "token_type": "bearer"}, Granted("t", USUAL_LIFE_SECONDS)),
        ({"access_token": "t", "expires_in": -1}, Granted("t", USUAL_LIFE_SECONDS)),
        ({"access_token": "t", "expires_in": 10**12}, Granted("t", LONGEST_LIFE_SECONDS)),
        ({"access_token": "t\r\nA1 LOGOUT"}, Refused("HTTP 200")),
        ({"access_token": ""}, Refused("HTTP 200")),
        ({"access_token": "t", "token_type": "mac"}, Refused("HTTP 200")),
        ([], Refused("HTTP 200")),
    ],
)
def test_an_answer_is_a_token_or_none(said: object, meant: Granted | Refused) -> None:
    assert read_answer(200, json.dumps(said).encode()) == meant


@pytest.mark.parametrize(("code", "is_final"), [("invalid_grant", True), ("invalid_client", True), ("temporarily_unavailable", False)])
def test_a_refusal_for_good_is_known_from_one_for_now(code: str, is_final: bool) -> None:
    refused = read_answer(400, json.dumps({"error": code, "error_description": "the token was …"}).encode())
    assert refused == Refused(code)
    assert refused.is_final is is_final


def test_a_page_of_a_login_portal_is_no_answer() -> None:
    assert read_answer(503, b"<html>later</html>") == Refused("HTTP 503")
    assert read_answer(400, b'{"error": "\\u001b[31mred"}') == Refused("HTTP 400")


@settings(max_examples=200, deadline=None)
@given(st.integers(100, 599), st.binary(max_size=200))
def test_no_answer_raises(status: int, body: bytes) -> None:
    assert isinstance(read_answer(status, body), Granted | Refused)


def test_an_answer_that_is_nested_without_end_is_none() -> None:
    assert read_answer(200, b"[" * 190_000) == Refused("HTTP 200")


def test_no_token_is_printed_by_accident() -> None:
    assert "secret" not in repr(Granted("secret-1", 1.0, "secret-2"))
