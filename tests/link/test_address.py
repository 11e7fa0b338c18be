"""Where a server is, and the line that invites to it."""

import base64

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.link.address import Invitation, ServerAddress
from mailsync.link.errors import AddressWrong, InvitationRefused


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://127.0.0.1:8642", "http://127.0.0.1:8642"),
        ("https://desk.example.jp", "https://desk.example.jp:443"),
        ("https://desk.example.jp:8642/", "https://desk.example.jp:8642"),
        ("http://[::1]:8642", "http://[::1]:8642"),
        ("unix:/run/mado/desk.sock", "http://desk"),
    ],
)
def test_an_address_of_the_settings_can_be_called(text: str, base: str) -> None:
    assert ServerAddress.parse(text).base_url == base
    assert ServerAddress.parse(str(ServerAddress.parse(text))) == ServerAddress.parse(text)


@pytest.mark.parametrize("text", ["", "desk.example.jp", "ftp://desk", "http://", "http://h:0", "http://h:99999", "http://h/path", "unix:desk.sock"])
def test_an_address_nobody_can_call_is_refused(text: str) -> None:
    with pytest.raises(AddressWrong):
        ServerAddress.parse(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(AddressWrong) as refused:
        ServerAddress.parse("http://sato:hunter2@desk:1")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "private"), [("http://127.0.0.1:1", True), ("http://desk:1", False), ("https://desk", True), ("unix:/a/desk.sock", True)]
)
def test_it_is_known_whether_others_can_read_along(text: str, private: bool) -> None:
    assert ServerAddress.parse(text).is_private is private


@settings(max_examples=100, deadline=None)
@given(secret=st.text(min_size=1), fingerprint=st.none() | st.just("ab" * 32), where=st.integers(0, 200))
def test_an_invitation_survives_being_pasted(secret: str, fingerprint: str | None, where: int) -> None:
    invitation = Invitation("https://desk.example.jp:8642", secret, fingerprint)
    line = invitation.encode()
    assert line.startswith("mado1.")
    cut = min(where, len(line))
    assert Invitation.decode(f"  {line[:cut]}\r\n {line[cut:]}\n") == invitation


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "mado1.",
        "mado1.!!!!",
        "mado2." + base64.urlsafe_b64encode(b"{}").decode(),
        "mado1." + base64.urlsafe_b64encode(b'{"url":"http://h:1"}').decode(),
        "mado1." + base64.urlsafe_b64encode(b'{"url":"nowhere","secret":"s"}').decode(),
        "mado1." + base64.urlsafe_b64encode(b'{"url":"http://h:1","secret":""}').decode(),
    ],
)
def test_half_an_invitation_is_refused_as_not_allowed(text: str) -> None:
    with pytest.raises(InvitationRefused) as refused:
        Invitation.decode(text)
    assert refused.value.exit_code == 4


def test_an_invitation_does_not_show_its_secret_in_a_log() -> None:
    assert "hush" not in repr(Invitation("http://h:1", "hush"))
    assert msgspec.json.decode(msgspec.json.encode(Invitation("http://h:1", "hush")))["secret"] == "hush"
