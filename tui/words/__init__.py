"""Words for people: gettext catalogues, Japanese beside English. English stands in the code, Japanese in `ja/LC_MESSAGES/mado.po`."""

import gettext as _gettext
import os
from functools import cache
from pathlib import Path

_translation: _gettext.NullTranslations | None = None


def language() -> str:
    """`ja` or `en`, from MADO_LANG, else the locale's variables in their POSIX order."""
    for variable in ("MADO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return "ja" if value.startswith("ja") else "en"
    return "en"


def _catalogue() -> _gettext.NullTranslations:
    global _translation
    if _translation is None:
        _translation = _read(Path(__file__).parent / language() / "LC_MESSAGES" / "mado.mo")
    return _translation


def _read(path: Path) -> _gettext.NullTranslations:
    # Not `gettext.translation`: to look for the file it imports the module `locale`, which the first list would wait for.
    try:
        with path.open("rb") as file:
            return _gettext.GNUTranslations(file)
    except FileNotFoundError:
        return _gettext.NullTranslations()


@cache
def _catalogue_of(code: str) -> _gettext.NullTranslations:
    return _read(Path(__file__).parent / code / "LC_MESSAGES" / "mado.mo")


def _(english: str, code: str = "") -> str:
    """The sentence in the agent's language; `code`: in that of somebody else (ISO 639-1), which is Japanese, or English for all others."""
    catalogue = _catalogue_of("ja" if code == "ja" else "en") if code else _catalogue()
    return catalogue.gettext(english)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for `n` things in the agent's language."""
    return _catalogue().ngettext(singular, plural, n)
