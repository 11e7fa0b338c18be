"""Writing `settings.toml` without losing what its owner wrote around it: comments, order and empty lines stay."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from tomlkit import TOMLDocument, aot, document, dumps, parse, table
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from store.settings.atomic import replace_file
from store.settings.checks import find_problem
from store.settings.errors import SettingsError
from store.settings.tables import InboxSettings, Settings


def write_settings(path: Path, settings: Settings) -> None:
    """Make the file say this: what differs is changed in place, the rest is left as it stands; defaults are not written.

    Raises:
        SettingsError: The settings are wrong themselves, or the file that is there is no TOML. Nothing was written.
    """
    if (found := find_problem(settings)) is not None:
        raise SettingsError(path, *found)
    there = _read(path)
    wanted = msgspec.to_builtins(settings)
    inboxes = wanted.pop("inbox", [])
    _merge(there, {**wanted, **({"inbox": there["inbox"]} if "inbox" in there else {})})
    _merge_inboxes(there, inboxes)
    replace_file(path, dumps(there).encode("utf-8"))


def add_inbox(path: Path, inbox: InboxSettings) -> None:
    """Add an inbox, or replace the one of this key; everything else in the file stays untouched.

    Raises:
        SettingsError: The inbox is wrong itself, or the file that is there is no TOML. Nothing was written.
    """
    if (found := find_problem(Settings(inboxes=(inbox,)))) is not None:
        raise SettingsError(path, *found)
    there = _read(path)
    others = [one for one in _inboxes_of(there, path) if one.get("key") != inbox.key]
    _merge_inboxes(there, [*(dict(one) for one in others), msgspec.to_builtins(inbox)])
    replace_file(path, dumps(there).encode("utf-8"))


def _read(path: Path) -> TOMLDocument:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(path, "", f"cannot be changed while it is no valid TOML ({error}); mend it or move it away") from error


def _inboxes_of(there: TOMLDocument, path: Path) -> list[Table]:
    found = there.get("inbox", [])
    if not isinstance(found, list) or not all(isinstance(one, Table) for one in found):
        raise SettingsError(path, "inbox", "must be written as tables, each under [[inbox]]")
    return list(found)


def _merge_inboxes(there: TOMLDocument, wanted: list[dict[str, object]]) -> None:
    by_key = {one.get("key"): one for one in there.get("inbox", [])}
    tables: AoT = aot()
    for inbox in wanted:
        one = by_key.get(inbox["key"])
        if not isinstance(one, Table):
            one = table()
        _merge(one, inbox)
        tables.append(one)
    there.pop("inbox", None)
    if wanted:
        there["inbox"] = tables


def _merge(there: TOMLDocument | Table, wanted: Mapping[str, object]) -> None:
    for key in [key for key in there if key not in wanted]:
        del there[key]
    for key, value in wanted.items():
        if isinstance(value, Mapping):
            below = there.get(key)
            if not isinstance(below, Table):
                there[key] = below = table()
            _merge(below, value)
        elif key not in there or there[key] != value:
            there[key] = value
