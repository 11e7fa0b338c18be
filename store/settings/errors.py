"""What can go wrong with what is set, kept and secret, sorted by what the caller can do.

    MadoError
    ├── BadInput 5
    │   ├── SettingsError            settings.toml: file, key, problem, remedy
    │   └── KeptDamaged              a hand-kept file was set aside; start again with an empty one
    ├── NotPermitted 4
    │   └── SecretUnavailable        the password or token cannot be had
    │       ├── SecretMissing        nobody has stored it
    │       ├── CommandFailed        `password_command`: not found, failed, silent or too slow
    │       └── KeyringError         the keyring is locked, or refuses
    └── AlreadyRunning 1             another process of ours does this in this home

None of them ever holds a secret, nor what a `password_command` has said.
"""

from pathlib import Path

from store.errors import BadInput, MadoError, NotPermitted


class SettingsError(BadInput):
    """A settings file that cannot be used, said so that its owner can mend it."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        place = f"`{key}` " if key else ""
        super().__init__(f"{path}: {place}{problem}", path=str(path), key=key, problem=problem)
        self.path = path
        self.key = key
        self.problem = problem


class KeptDamaged(BadInput):
    """A file of hand-kept data could not be read. It was set aside, whole; the next use starts with an empty one."""

    def __init__(self, path: Path, aside: Path) -> None:
        super().__init__(f"{path} was damaged and is now {aside}; signatures and views start empty, mend that file to get them back", path=str(path))
        self.aside = aside


class SecretUnavailable(NotPermitted):
    """A password or token cannot be had; the sentence says what to do."""


class SecretMissing(SecretUnavailable):
    """Nobody has stored it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no secret `{name}` here: store it with `mado login --inbox`, or set `password_command` in settings.toml", name=name
        )


class CommandFailed(SecretUnavailable):
    """A `password_command` or `token_command` gave nothing."""

    def __init__(self, name: str, program: str, problem: str) -> None:
        super().__init__(f"The command for the secret `{name}` ({program}) {problem}; run it in a shell to see why", name=name, program=program)


class KeyringError(SecretUnavailable):
    """The system's keyring is locked, or refuses."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The keyring {problem}; unlock it, or set `password_command` in settings.toml", problem=problem)


class AlreadyRunning(MadoError):
    """Another process of ours does this in this home."""

    def __init__(self, home: Path, name: str, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(f"{name} runs already in {home}{who}; there can be only one", home=str(home), name=name, pid=pid)
        self.pid = pid
