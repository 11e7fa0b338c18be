"""`settings.toml`: read strictly, so that a slip of the pen is named and not guessed at."""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from store.settings.checks import find_problem
from store.settings.errors import SettingsError
from store.settings.home import home_folder
from store.settings.said import key_and_problem
from store.settings.tables import (
    FILE,
    ImapSettings,
    InboxSettings,
    ListSettings,
    ScreenSettings,
    ServerSettings,
    Settings,
    SmtpSettings,
    TrustSettings,
    WritingSettings,
)

__all__ = [
    "ImapSettings",
    "InboxSettings",
    "ListSettings",
    "ScreenSettings",
    "ServerSettings",
    "Settings",
    "SmtpSettings",
    "TrustSettings",
    "WritingSettings",
    "add_inbox",
    "home_folder",
    "load_settings",
    "parse_settings",
    "settings_path",
    "write_settings",
]


def settings_path(home: Path) -> Path:
    """The file of a home."""
    return home / FILE


def load_settings(home: Path) -> Settings:
    """The settings of a home, with all paths made absolute; a home without the file has the defaults, and no inbox.

    Raises:
        SettingsError: The file cannot be read, or something in it is wrong: names file, key, problem and remedy.
    """
    path = settings_path(home)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(path, "", f"cannot be read ({error}); it must be a text file in UTF-8 that you may read") from error
    return parse_settings(text, path)


def parse_settings(text: str, path: Path) -> Settings:
    """The same of a text; `path` names it in errors, and relative paths in it count from its folder."""
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, "", f"is no valid TOML: {error}; a text needs quotes, a table its [name]") from error
    except msgspec.ValidationError as error:
        key, problem = key_and_problem(str(error))
        raise SettingsError(path, key, problem) from error
    if (found := find_problem(settings)) is not None:
        raise SettingsError(path, *found)
    return _completed(settings, path.parent)


def write_settings(home: Path, settings: Settings) -> None:
    """Make the file say this; comments, order and empty lines of what is there stay.

    Raises:
        SettingsError: The settings are wrong themselves, or the file that is there is no TOML. Nothing was written.
    """
    # Here, not at the top: tomlkit takes longer to import than `mado list` has time.
    from store.settings import writing

    writing.write_settings(settings_path(home), settings)


def add_inbox(home: Path, inbox: InboxSettings) -> None:
    """Add an inbox, or replace the one of this key; everything else in the file stays untouched.

    Raises:
        SettingsError: The inbox is wrong itself, or the file that is there is no TOML. Nothing was written.
    """
    # Here for the same reason.
    from store.settings import writing

    writing.add_inbox(settings_path(home), inbox)


def _completed(settings: Settings, folder: Path) -> Settings:
    server = _with_absolute_paths(settings.server, folder, ("ca_file", "tls_cert", "tls_key", "client_cert", "client_key"))
    trust = _with_absolute_paths(settings.trust, folder, ("client_ca",)) if settings.trust.client_ca else settings.trust
    inboxes = tuple(_completed_inbox(inbox, folder) for inbox in settings.inboxes)
    return msgspec.structs.replace(settings, server=server, trust=trust, inboxes=inboxes)


def _completed_inbox(inbox: InboxSettings, folder: Path) -> InboxSettings:
    files = ("ca_file", "client_cert", "client_key")
    imap = _with_absolute_paths(inbox.imap, folder, files)
    smtp = _with_absolute_paths(inbox.smtp, folder, files) if inbox.smtp else None
    return msgspec.structs.replace(inbox, imap=imap, smtp=smtp, sent=inbox.sent or inbox.imap.sent)


Table = TypeVar("Table", ServerSettings, TrustSettings, ImapSettings, SmtpSettings)


def _with_absolute_paths(table: Table, folder: Path, keys: tuple[str, ...]) -> Table:
    # Relative to the file, not to wherever the program was started.
    found = {key: str(folder / Path(value).expanduser()) for key in keys if (value := getattr(table, key))}
    return msgspec.structs.replace(table, **found)
