"""What a domain says about its mail: SPF, DKIM and DMARC as found in DNS, what is missing, and the record to add. Pure (RFC 7208, 6376, 7489)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

PUBLIC_NAMES_NEVER = frozenset({"test", "example", "invalid", "localhost", "local", "lan", "internal", "home"})
"""Last labels under which nothing public can be asked (RFC 6761, RFC 8375)."""
USUAL_SELECTORS = ("default", "google", "selector1", "selector2", "dkim", "mail", "s1", "s2", "k1", "key1")
SENDERS = {
    "gmail.com": "include:_spf.google.com", "google.com": "include:_spf.google.com", "office365.com": "include:spf.protection.outlook.com",
    "outlook.com": "include:spf.protection.outlook.com", "amazonaws.com": "include:amazonses.com", "sendgrid.net": "include:sendgrid.net",
}  # fmt: skip
"""What stands in the SPF record of whoever sends through these."""
MOST_LOOKUPS = 10
"""RFC 7208 4.6.4: with more, receivers take the whole record for broken."""
_LOOKS_UP = re.compile(r"[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:)|redirect=", re.IGNORECASE)


class Flaw(StrEnum):
    """What is wrong; each has its sentence."""

    SPF_MISSING = auto()
    SPF_TWICE = auto()
    SPF_OPEN = auto()
    SPF_ENDLESS = auto()
    SPF_LOOKUPS = auto()
    DKIM_MISSING = auto()
    DKIM_REVOKED = auto()
    DMARC_MISSING = auto()
    DMARC_TWICE = auto()
    DMARC_BROKEN = auto()


@dataclass(frozen=True)
class Found:
    """One flaw; `record`: the line to add or to write anew, as a zone file has it; "" where nobody but the provider knows it."""

    flaw: Flaw
    record: str = ""


def is_public(domain: str) -> bool:
    """Whether anybody outside can ask for it."""
    return "." in domain and domain.rpartition(".")[2].lower() not in PUBLIC_NAMES_NEVER


def judge_spf(domain: str, texts: Sequence[str], smtp_host: str) -> list[Found]:
    """The domain's own TXT records."""
    records = [text for text in texts if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    wanted = f'{domain}. TXT "v=spf1 {_mechanism(smtp_host)} ~all"'
    if not records:
        return [Found(Flaw.SPF_MISSING, wanted)]
    if len(records) > 1:
        return [Found(Flaw.SPF_TWICE, f'{domain}. TXT "v=spf1 {_together(records)} ~all"')]
    terms = records[0].split()[1:]
    end = next((term.lower() for term in terms if term.lower().lstrip("+?~-") == "all"), "")
    found: list[Found] = []
    if end in {"all", "+all"}:
        found.append(Found(Flaw.SPF_OPEN, f'{domain}. TXT "{" ".join(("v=spf1", *(term for term in terms if term.lower() != end), "~all"))}"'))
    elif not end and not any(term.lower().startswith("redirect=") for term in terms):
        found.append(Found(Flaw.SPF_ENDLESS, f'{domain}. TXT "{records[0].strip()} ~all"'))
    if sum(bool(_LOOKS_UP.match(term)) for term in terms) > MOST_LOOKUPS:
        found.append(Found(Flaw.SPF_LOOKUPS))
    return found


def judge_dkim(keys: Mapping[str, Sequence[str]]) -> list[Found]:
    """The TXT records of `SELECTOR._domainkey`, by selector."""
    tags = [_tags(text) for texts in keys.values() for text in texts]
    with_key = [one for one in tags if "p" in one]
    if any(one["p"] for one in with_key):
        return []
    return [Found(Flaw.DKIM_REVOKED if with_key else Flaw.DKIM_MISSING)]


def judge_dmarc(domain: str, texts: Sequence[str], reports_to: str) -> list[Found]:
    """The TXT records of `_dmarc`."""
    wanted = f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:{reports_to}"'
    records = [text for text in texts if re.match(r"v=DMARC1\s*(?:;|$)", text)]
    if not records:
        return [Found(Flaw.DMARC_MISSING, wanted)]
    if len(records) > 1:
        return [Found(Flaw.DMARC_TWICE, records[0])]
    policy = _tags(records[0]).get("p", "")
    return [] if policy in {"none", "quarantine", "reject"} else [Found(Flaw.DMARC_BROKEN, wanted)]


def _mechanism(smtp_host: str) -> str:
    host = smtp_host.lower().rstrip(".")
    return next((words for name, words in SENDERS.items() if host == name or host.endswith("." + name)), f"a:{host}")


def _together(records: Sequence[str]) -> str:
    terms = [term for record in records for term in record.split()[1:] if term.lower().lstrip("+?~-") != "all"]
    return " ".join(dict.fromkeys(terms))


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, equals, value in pairs if equals}
