"""Words for people: gettext catalogues, Japanese beside English. English stands in the code, Japanese in `ja/LC_MESSAGES/mado.po`."""

import gettext as _gettext
import os
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
        _translation = _gettext.translation("mado", Path(__file__).parent, languages=[language()], fallback=True)
    return _translation


def _(english: str) -> str:
    """The sentence in the agent's language."""
    return _catalogue().gettext(english)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The sentence for `n` things in the agent's language."""
    return _catalogue().ngettext(singular, plural, n)
