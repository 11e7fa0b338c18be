"""Passwords and sessions: in the system's keyring, from a command, or, where there is no keyring, in a file for the owner's eyes.

The one place that imports keyring.
"""

import hmac
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal, NoReturn, Protocol

from store.settings.atomic import replace_file
from store.settings.commands import first_line
from store.settings.errors import KeyringError, SecretMissing, SettingsError
from store.settings.tables import InboxSettings
from store.sqlite.flock import locked

FILE = "secrets.json"

USABLE_PRIORITY = 1
"""keyring's own mark of a backend it recommends; the plain-text ones, `null` and `fail` are below."""

PROBLEMS = {
    "KeyringLocked": "is locked",
    "InitError": "cannot be started",
    "NoKeyringError": "is gone",
    "PasswordSetError": "did not take the secret",
    "PasswordDeleteError": "did not remove the secret",
}
"""By the names of keyring's errors, which is imported late."""


class Secret:
    """A text that cannot be printed, logged, compared in time or pickled by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself; call it where it is handed over, and keep it in no variable."""
        return self._text

    def __repr__(self) -> str:
        return "•••"

    def __str__(self) -> str:
        return "•••"

    def __format__(self, format_spec: str) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be stored this way")


class _Backend(Protocol):
    """What we use of keyring's backends."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


class Ring:
    """Our part of the system's keyring. Any method may raise `KeyringError`: locked, or it refuses."""

    def __init__(self, backend: _Backend, service: str, foreign: tuple[type[Exception], ...]) -> None:
        self._backend = backend
        self._service = service
        self._foreign = foreign

    def get(self, name: str) -> str | None:
        """The secret of this name."""
        with self._mapped():
            return self._backend.get_password(self._service, name)

    def put(self, name: str, text: str) -> None:
        """Store or replace it."""
        with self._mapped():
            self._backend.set_password(self._service, name, text)

    def forget(self, name: str) -> None:
        """Remove it; none there is no error."""
        with self._mapped():
            # Some backends call a missing one an error and some do not: ask first.
            if self._backend.get_password(self._service, name) is not None:
                self._backend.delete_password(self._service, name)

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except self._foreign as error:
            # A backend may put anything into its words, a secret too: only the kind of error is told, and it is no cause either.
            raise KeyringError(PROBLEMS.get(type(error).__name__, f"failed ({type(error).__name__})")) from None


def system_ring(service: str) -> Ring | None:
    """The keyring of this machine and person; None where there is none, as over SSH."""
    # Here: keyring looks through every installed package when it is imported, which a home without secrets need not pay.
    import keyring
    from keyring.errors import KeyringError as ForeignError

    foreign = (ForeignError, OSError, RuntimeError)
    try:
        backend = keyring.get_keyring()
        usable = backend.priority >= USABLE_PRIORITY
    except foreign:
        return None
    return Ring(backend, service, foreign) if usable else None


class Secrets:
    """The secrets of one home, by names such as `imap:support`, `smtp:support`, `session`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / FILE
        self._ring: Ring | None = None
        self._looked = False
        self._unsaved: dict[str, Secret] = {}
        """What could not be stored: a token that its provider gave only once is not to be lost because the disk was full for a moment."""

    def where(self) -> Literal["keyring", "file"]:
        """Where a new secret goes."""
        return "keyring" if self._keyring() is not None else "file"

    def get(self, name: str) -> Secret | None:
        """A stored secret. One that was put into the file before there was a keyring is still found.

        Raises:
            KeyringError: The keyring is locked, or refuses.
            SettingsError: The file of secrets is damaged.
        """
        if (unsaved := self._unsaved.get(name)) is not None:
            with suppress(KeyringError, SettingsError):
                self.put(name, unsaved)
            return unsaved
        ring = self._keyring()
        found = ring.get(name) if ring is not None else None
        text = found if found is not None else self._file().get(name)
        return None if text is None else Secret(text)

    def put(self, name: str, secret: Secret) -> None:
        """Store or replace a secret; returning means that it is on the disk, or in the keyring. Where that fails, this process keeps it."""
        self._unsaved[name] = secret
        ring = self._keyring()
        if ring is not None:
            ring.put(name, secret.reveal())
            self._change_file(name, None)
        else:
            self._change_file(name, secret.reveal())
        self._unsaved.pop(name, None)

    def forget(self, name: str) -> None:
        """Remove a secret wherever it is; none there is no error."""
        self._unsaved.pop(name, None)
        ring = self._keyring()
        if ring is not None:
            ring.forget(name)
        self._change_file(name, None)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside the block no other process or thread of this home is in one: for a secret that is used up by being replaced.

        Raises:
            SettingsError: The home cannot be written.
        """
        with ExitStack() as held:
            try:
                self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
                held.enter_context(locked(self._path.with_name(f"{FILE}.renew.lock")))
            except OSError as error:
                raise self._not_written(error) from error
            yield

    def password_for(self, kind: Literal["imap", "smtp"], inbox: InboxSettings) -> Secret:
        """The password, or for OAuth the token, for an inbox's mail server: from its command if there is one, else a stored one.

        Blocks while a command runs, 10 s at most.

        Raises:
            SecretMissing: Nobody has stored it.
            CommandFailed: The command gave nothing.
            KeyringError: The keyring is locked, or refuses.
        """
        name = f"{kind}:{inbox.key}"
        server = inbox.imap if kind == "imap" else inbox.smtp
        if server is not None:
            command = server.password_command if server.auth == "password" else server.token_command
            if command:
                return Secret(first_line(name, command))
        if (stored := self.get(name)) is None:
            raise SecretMissing(name)
        return stored

    def _keyring(self) -> Ring | None:
        if not self._looked:
            self._ring = system_ring(f"madoguchi {self._home.absolute()}")
            self._looked = True
        return self._ring

    def _file(self) -> dict[str, str]:
        try:
            if self._path.stat().st_mode & 0o077:
                # Copied about, perhaps from a backup: nobody else may go on reading it.
                self._path.chmod(0o600)
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SettingsError(self._path, "", "cannot be read; move it away and store the passwords again") from error
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            raise SettingsError(self._path, "", "holds something else than secrets; move it away and store the passwords again")
        return content

    def _change_file(self, name: str, text: str | None) -> None:
        if text is None and not self._path.exists():
            return
        try:
            self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self._path.with_name(f"{FILE}.lock")):
                content = {key: value for key, value in self._file().items() if key != name}
                if text is not None:
                    content[name] = text
                replace_file(self._path, json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))
        except OSError as error:
            raise self._not_written(error) from error

    def _not_written(self, error: OSError) -> SettingsError:
        return SettingsError(self._path, "", f"cannot be written ({error.strerror}); look at the folder's rights and room")
