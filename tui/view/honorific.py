"""Customers' names as a Japanese desk says them: 田中 花子様. Pure."""

import re
from functools import lru_cache

from tui.view.width import columns_of, shorten
from tui.words import language

_JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff々]")
_HAS_ONE = re.compile(r"(?:様|さま|さん|殿|先生|御中|各位)$")
_NO_PERSON = re.compile(
    r"株式会社|有限会社|合同会社|\u3231|\u3232|（株）|\(株\)|（有）|\(有\)|財団|社団|法人|組合|協会|銀行|大学|学校|病院|市役所|役場"
    r"|担当|窓口|サポート|センター|事務局|事務所|お客様|各位|ショップ|ストア|公式|通知|システム|管理者|本舗|商店|製作所|工業|工務店|営業|総務|経理|受付|[店係部課室社]$"
)


def honorific_for(chosen: str | None) -> str:
    """What the settings say; None: 様 where the words are Japanese."""
    return chosen if chosen is not None else "様" if language() == "ja" else ""


@lru_cache(4096)
def with_honorific(name: str, honorific: str) -> str:
    """The name with 様 behind it; companies, shops, departments, addresses, names in other scripts, and who has one already stay as they are."""
    if not honorific or not _JAPANESE.search(name) or "@" in name or _HAS_ONE.search(name) or _NO_PERSON.search(name):
        return name
    return name + honorific


def fitted(name: str, honorific: str, columns: int) -> str:
    """The same in so many columns: where it is too long the name is shortened, and what it is called by stays."""
    called = with_honorific(name, honorific)
    if called == name or columns_of(called) <= columns:
        return called
    room = columns - columns_of(honorific)
    return shorten(name, room) + honorific if room > 2 else name
