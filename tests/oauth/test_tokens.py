"""Tokens are renewed in time, once, and the new refresh token is on the disk before anything is done with it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from server_process import free_port
from token_stub import TokenStub

from mailsync.oauth.errors import RenewalRefused, TokenServerAway
from mailsync.oauth.grant import Grant
from mailsync.oauth.post import post_form
from mailsync.oauth.tokens import SPARE_SECONDS, Tokens
from store.settings.errors import SecretMissing, SettingsError
from store.settings.secrets import Secret, Secrets

USER = "agent@example.test"


class Watch:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 6, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def provider() -> Iterator[TokenStub]:
    with TokenStub() as tokens:
        tokens.refreshable["first"] = USER
        yield tokens


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    made = Secrets(tmp_path)
    made.put("imap:support", Secret("first"))
    return made


def tokens_of(secrets: Secrets, provider: TokenStub, clock: Watch, url: str = "") -> Tokens:
    return Tokens(secrets, "imap:support", "support", Grant(url or provider.token_url, "mado"), clock, post_form)


def test_a_token_is_kept_for_the_next_login_and_the_next_process(secrets: Secrets, provider: TokenStub, tmp_path: Path) -> None:
    clock = Watch()
    token = tokens_of(secrets, provider, clock).current()
    assert provider.valid[token.reveal()] == USER
    assert tokens_of(Secrets(tmp_path), provider, clock).current() == token
    assert len(provider.asked) == 1


def test_a_token_that_runs_out_is_renewed_before_it_does(secrets: Secrets, provider: TokenStub) -> None:
    clock = Watch()
    tokens = tokens_of(secrets, provider, clock)
    first = tokens.current()
    clock.at += timedelta(seconds=provider.life_seconds - SPARE_SECONDS - 1)
    assert tokens.current() == first
    clock.at += timedelta(seconds=2)
    assert tokens.current() != first
    assert provider.asked[0]["refresh_token"] == "first"
    assert len(provider.asked) == 2


def test_the_new_refresh_token_is_stored_before_the_answer_is_used(secrets: Secrets, provider: TokenStub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies right after the answer must find the new refresh token: the old one is used up."""

    class Died(BaseException):
        pass

    put = secrets.put

    def die_at_the_second(name: str, secret: Secret) -> None:
        if name.endswith(":access"):
            raise Died
        put(name, secret)

    monkeypatch.setattr(secrets, "put", die_at_the_second)
    with pytest.raises(Died):
        tokens_of(secrets, provider, Watch()).current()
    monkeypatch.undo()
    assert provider.valid[tokens_of(secrets, provider, Watch()).current().reveal()] == USER


def test_a_new_refresh_token_that_cannot_be_stored_is_not_lost(secrets: Secrets, provider: TokenStub, tmp_path: Path) -> None:
    """The provider gives each once, and knows the old one no more."""
    tokens, hindered = tokens_of(secrets, provider, Watch()), tmp_path / "secrets.json.lock"
    hindered.unlink(missing_ok=True)
    hindered.mkdir()
    with pytest.raises(SettingsError, match="cannot be written"):
        tokens.current()
    hindered.rmdir()
    assert provider.valid[tokens.current().reveal()] == USER
    stored = Secrets(tmp_path).get("imap:support")
    assert stored is not None
    assert stored.reveal() in provider.refreshable


def test_a_home_in_which_nobody_can_wait_for_a_turn_is_said(secrets: Secrets, provider: TokenStub, tmp_path: Path) -> None:
    (tmp_path / "secrets.json.renew.lock").mkdir()
    with pytest.raises(SettingsError, match="cannot be written"):
        tokens_of(secrets, provider, Watch()).current()


def test_a_refused_token_is_renewed_once_however_many_ask(secrets: Secrets, provider: TokenStub, tmp_path: Path) -> None:
    clock = Watch()
    refused = tokens_of(secrets, provider, clock).current()
    got: list[Secret] = []

    def renew() -> None:
        got.append(tokens_of(Secrets(tmp_path), provider, clock).renewed(refused))

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1
    assert got[0] != refused
    assert len(got) == 8
    assert len(provider.asked) == 2


def test_a_withdrawn_login_says_what_to_do(secrets: Secrets, provider: TokenStub) -> None:
    provider.refreshable.clear()
    with pytest.raises(RenewalRefused, match=r"127\.0\.0\.1.*for support.*invalid_grant.*mado login --inbox") as refused:
        tokens_of(secrets, provider, Watch()).current()
    assert refused.value.exit_code == 4
    assert "first" not in str(refused.value).replace("refresh token", "")


def test_a_provider_that_is_away_or_busy_is_asked_again_later(secrets: Secrets, provider: TokenStub) -> None:
    provider.answer = 503, {}
    with pytest.raises(TokenServerAway, match="HTTP 503") as away:
        tokens_of(secrets, provider, Watch()).current()
    assert away.value.exit_code == 3
    with pytest.raises(TokenServerAway, match="cannot be reached"):
        tokens_of(secrets, provider, Watch(), f"http://127.0.0.1:{free_port()}/token").current()
    assert secrets.get("imap:support") == Secret("first")


def test_a_redirect_takes_the_secret_nowhere(secrets: Secrets, provider: TokenStub) -> None:
    provider.answer = 302, {"access_token": "x"}
    with pytest.raises(TokenServerAway, match="HTTP 302"):
        tokens_of(secrets, provider, Watch()).current()


def test_nobody_stored_a_refresh_token(secrets: Secrets, provider: TokenStub) -> None:
    secrets.forget("imap:support")
    with pytest.raises(SecretMissing, match="mado login"):
        tokens_of(secrets, provider, Watch()).current()


def test_a_damaged_kept_token_is_renewed(secrets: Secrets, provider: TokenStub) -> None:
    secrets.put("imap:support:access", Secret('{"token": 3}'))
    assert provider.valid[tokens_of(secrets, provider, Watch()).current().reveal()] == USER


def test_a_client_secret_is_sent_where_there_is_one(secrets: Secrets, provider: TokenStub) -> None:
    grant = Grant(provider.token_url, "mado", "mail")
    Tokens(secrets, "imap:support", "support", grant, Watch(), partial(post_form, ca_file=None), lambda: "hush").current()
    assert provider.asked[0]["client_secret"] == "hush"
    assert provider.asked[0]["scope"] == "mail"
