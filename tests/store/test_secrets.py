"""Secrets: never shown, for their owner's eyes only, and a clear word when they cannot be had."""

import json
import pickle
import sys
from pathlib import Path

import keyring
import keyring.errors
import msgspec
import pytest
from keyring.backend import KeyringBackend

from store.settings.commands import first_line
from store.settings.errors import CommandFailed, KeyringError, SecretMissing, SettingsError
from store.settings.secrets import Secret, Secrets
from store.settings.settings import ImapSettings, InboxSettings, SmtpSettings

WORD = "hunter2 ひみつ"
ERRORS = [one for one in vars(keyring.errors).values() if isinstance(one, type) and issubclass(one, keyring.errors.KeyringError)]


class MemoryRing(KeyringBackend):
    """A keyring of this process; `fails` is raised at every use. Usable only once its fixture says so: else keyring chooses it for all tests."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[tuple[str, str], str] = {}
        self.fails: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.fails is not None:
            raise self.fails
        return self.there.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.fails is not None:
            raise self.fails
        self.there[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.there:
            raise keyring.errors.PasswordDeleteError
        del self.there[service, username]


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    memory = MemoryRing()
    memory.priority = 5
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture
def no_ring():
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    yield
    keyring.set_keyring(before)


def inbox(command: str = "", **more) -> InboxSettings:
    imap = ImapSettings(host="h", password_command=command, **more)
    return InboxSettings(key="support", address="a@example.jp", imap=imap, smtp=SmtpSettings(host="h"))


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(WORD)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>20}", f"a {secret}", repr({"a": secret}), repr([secret])]
    assert not any("hunter2" in one for one in shown)
    assert secret.reveal() == WORD
    assert secret == Secret(WORD) != Secret("other")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        msgspec.json.encode(secret)


def test_without_a_keyring_a_file_for_the_owners_eyes_keeps_them(home: Path, no_ring: None) -> None:
    secrets = Secrets(home)
    assert secrets.where() == "file"
    assert secrets.get("session") is None
    secrets.put("session", Secret(WORD))
    secrets.put("imap:support", Secret("x"))
    path = home / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert Secrets(home).get("session") == Secret(WORD)
    path.chmod(0o644)
    assert Secrets(home).get("session") == Secret(WORD)
    assert path.stat().st_mode & 0o777 == 0o600
    secrets.forget("session")
    secrets.forget("session")
    assert Secrets(home).get("session") is None
    assert json.loads(path.read_text()) == {"imap:support": "x"}


def test_a_damaged_file_of_secrets_is_named_and_not_printed(home: Path, no_ring: None) -> None:
    home.mkdir()
    for content in ('{"session": "hunter2"', '["hunter2"]', '{"session": 5}'):
        (home / "secrets.json").write_text(content)
        with pytest.raises(SettingsError) as caught:
            Secrets(home).get("session")
        assert "hunter2" not in str(caught.value)


def test_with_a_keyring_nothing_lies_in_a_file(home: Path, ring: MemoryRing) -> None:
    secrets = Secrets(home)
    secrets.put("session", Secret(WORD))
    assert secrets.where() == "keyring"
    assert not (home / "secrets.json").exists()
    assert Secrets(home).get("session") == Secret(WORD)
    assert Secrets(home / "another").get("session") is None
    secrets.forget("session")
    secrets.forget("session")
    assert secrets.get("session") is None


def test_what_was_put_into_the_file_is_found_after_a_keyring_came(home: Path, ring: MemoryRing) -> None:
    home.mkdir()
    (home / "secrets.json").write_text('{"session": "old"}')
    secrets = Secrets(home)
    assert secrets.get("session") == Secret("old")
    secrets.put("session", Secret("new"))
    assert "session" not in json.loads((home / "secrets.json").read_text())
    assert secrets.get("session") == Secret("new")


@pytest.mark.parametrize("foreign", [*ERRORS, OSError, RuntimeError], ids=lambda one: one.__name__)
def test_every_error_of_the_keyring_is_ours_and_tells_no_secret(home: Path, ring: MemoryRing, foreign: type[Exception]) -> None:
    secrets = Secrets(home)
    secrets.put("session", Secret(WORD))
    ring.fails = foreign(WORD)
    for use in (lambda: secrets.get("session"), lambda: secrets.put("session", Secret(WORD)), lambda: secrets.forget("session")):
        with pytest.raises(KeyringError) as caught:
            use()
        assert "hunter2" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_command_is_asked_without_a_shell(home: Path, no_ring: None) -> None:
    program = f"{sys.executable} -c \"print('pa ss;$HOME'); print('notes')\""
    assert Secrets(home).password_for("imap", inbox(program)) == Secret("pa ss;$HOME")


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("/no/such/program", "cannot be started"),
        ("false", "failed with code 1"),
        ("true", "printed nothing"),
        ("'unclosed", "cannot be read"),
        (f"{sys.executable} -c \"import sys; print('hunter2'); sys.exit('hunter2')\"", "failed with code 1"),
        (f"{sys.executable} -c \"import sys; sys.stdout.buffer.write(b'hunter2\\xff')\"", "no UTF-8"),
    ],
)
def test_a_command_that_gives_nothing_is_named_without_its_words(command: str, problem: str) -> None:
    with pytest.raises(CommandFailed, match=problem) as caught:
        first_line("imap:support", command)
    assert "hunter2" not in str(caught.value)
    assert caught.value.exit_code == 4


def test_a_command_that_hangs_is_ended_with_its_children() -> None:
    with pytest.raises(CommandFailed, match=r"within 0\.2 s"):
        first_line("imap:support", "sh -c 'sleep 100 & sleep 100'", seconds=0.2)


def test_stored_passwords_are_found_by_their_names_and_missing_ones_are_named(home: Path, no_ring: None) -> None:
    secrets = Secrets(home)
    secrets.put("smtp:support", Secret("s"))
    assert secrets.password_for("smtp", inbox()) == Secret("s")
    with pytest.raises(SecretMissing, match="imap:support"):
        secrets.password_for("imap", inbox())


def test_a_token_comes_from_its_own_command(home: Path, no_ring: None) -> None:
    settings = inbox("false", auth="xoauth2", token_command="echo token")
    assert Secrets(home).password_for("imap", settings) == Secret("token")
