"""Who is written to: nobody, no address, only ourselves; strangers; people who should not see each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from store.domain.checks.draft_text import DraftText
from store.domain.checks.facts import Facts
from store.domain.draft import Draft
from store.domain.finding import ERROR, WARNING, Finding

# Dots in a row, or at the end, are against RFC 5322 3.4.1, but Japanese phone companies gave out such addresses for years.
LOCAL_PART = r"[^\s\x00-\x20\x7f-\x9f<>()\[\],;:\\\"@]+"
LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
ADDRESS = re.compile(rf"(?:{LOCAL_PART}|\"[^\"\\\r\n]*\")@{LABEL}(?:\.{LABEL})+")
NAMED = re.compile(r"[^<>\r\n]*<([^<>\r\n]*)>\s*")

ADDRESS_BYTES = 254
"""RFC 5321 4.5.3.1.3, without the angle brackets."""
MANY = 4
"""Outside people who were in no conversation together: from so many on, of three companies, they should not see each other."""
SEVERAL_COMPANIES = 3

ANYBODYS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.co.jp",
        "ymail.ne.jp",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.jp",
        "icloud.com",
        "me.com",
        "mac.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "ymobile.ne.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "so-net.ne.jp",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "163.com",
        "naver.com",
    ]
)
"""Where everybody can have an address: people there are no company."""
_SECOND_LEVEL = frozenset(["co", "ne", "or", "ac", "go", "ed", "gr", "lg", "ad", "com", "org", "net", "gov", "edu"])
_LIST = re.compile(
    r"(?:all|everyone|everybody|staff|members|ml|list|zenin|zensha|minna)|.*[-_.](?:ml|list|lists|all|members|group)|(?:ml|list)[-_.].*"
)
_LIST_DOMAIN = re.compile(r"(?:ml|list|lists|freeml)\..*|googlegroups\.com|groups\.io")


@dataclass(frozen=True)
class Written:
    """One recipient: the field, which one in it, as it stands there, and the bare address in lower case ("" where it is none)."""

    where: str
    number: int
    text: str
    address: str


def address_of(text: str) -> str | None:
    """The bare address of `佐藤 <sato@example.jp>` or `sato@example.jp`; None when it is none that mail can be sent to."""
    named = NAMED.fullmatch(text)
    bare = (named[1] if named else text).strip()
    if len(bare.encode(errors="replace")) > ADDRESS_BYTES or ADDRESS.fullmatch(bare) is None:
        return None
    return bare


def company_of(address: str) -> str:
    """What stands for whoever the address belongs to: the registered domain, or the address itself where domains are anybody's."""
    domain = address.rpartition("@")[2]
    if domain in ANYBODYS:
        return address
    labels = domain.split(".")
    kept = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-kept:])


def recipients(draft: Draft) -> tuple[Written, ...]:
    """Everybody who is written to, in the order of the fields."""
    fields = (("to", draft.to), ("cc", draft.cc), ("bcc", draft.bcc))
    written = [(where, number, text) for where, texts in fields for number, text in enumerate(texts, 1) if text.strip()]
    return tuple(Written(where, number, text, (address_of(text) or "").casefold()) for where, number, text in written)


def addresses(draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """That there is somebody, that each is an address, and that not all are ours."""
    written = recipients(draft)
    if not written:
        yield Finding("no_recipient", ERROR, 1, 1, "to")
    for one in written:
        if not one.address:
            yield Finding("bad_address", ERROR, one.number, 1, one.where, (one.text,), len(one.text))
    if written and all(one.address in _own(facts) for one in written):
        yield Finding("to_ourselves", WARNING, 1, 1, "to")


def new_addresses(draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Outside addresses that the team never wrote to and never heard of."""
    if facts.seen is None:
        return
    known = facts.seen | _taking_part(facts)
    for one in _outside(draft, facts):
        if one.address not in known:
            yield Finding("new_address", WARNING, one.number, 1, one.where, (one.address,), len(one.text))


def together(draft: Draft, _text: DraftText, facts: Facts) -> Iterator[Finding]:
    """People who would see each other: too many in To and Cc, a mailing list, several companies in copy, or a Bcc behind a customer's back."""
    outside = _outside(draft, facts)
    open_ones = [one for one in outside if one.where != "bcc"]
    strangers = [one for one in open_ones if one.address not in _taking_part(facts)]
    companies = {company_of(one.address) for one in open_ones}
    if len(strangers) >= MANY and len(companies) >= SEVERAL_COMPANIES:
        yield Finding("visible_to_others", WARNING, 1, 1, open_ones[0].where, (str(len(open_ones)), str(len(companies))))
    else:
        yield from _in_copy(open_ones, facts)
    for one in outside if open_ones else ():
        if one.where == "bcc":
            yield Finding("hidden_copy", WARNING, one.number, 1, "bcc", (one.address,), len(one.text))


def _in_copy(open_ones: list[Written], facts: Facts) -> Iterator[Finding]:
    silent = [one for one in open_ones if one.address not in facts.wrote]
    lists = [one for one in silent if _is_list(one.address) and len(open_ones) > 1]
    copied = [one for one in silent if one.where == "cc"]
    if len({company_of(one.address) for one in copied}) > 1:
        yield Finding("reply_all_surprise", WARNING, copied[0].number, 1, "cc", (", ".join(one.address for one in copied),))
    elif lists:
        yield Finding("reply_all_surprise", WARNING, lists[0].number, 1, lists[0].where, (lists[0].address,), len(lists[0].text))


def _is_list(address: str) -> bool:
    local, _, domain = address.rpartition("@")
    return _LIST.fullmatch(local) is not None or _LIST_DOMAIN.fullmatch(domain) is not None


def _outside(draft: Draft, facts: Facts) -> list[Written]:
    own = _own(facts)
    return [one for one in recipients(draft) if one.address and one.address not in own]


def _own(facts: Facts) -> frozenset[str]:
    return frozenset(address.casefold() for address in facts.own_addresses)


def _taking_part(facts: Facts) -> frozenset[str]:
    return frozenset(person.address.casefold() for person in facts.people) | facts.wrote
