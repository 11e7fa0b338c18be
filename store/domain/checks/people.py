"""People in a draft: greeted as another customer, named though they have no part in it, or without the right honorific."""

import re
from collections.abc import Iterator
from functools import lru_cache

from store.domain.checks.draft_text import DraftText, OwnLine, narrow
from store.domain.checks.facts import Facts
from store.domain.checks.greeting import Addressed, addressed, greeting
from store.domain.checks.naming import COMPANY_FORM, KANJI, PLACES, Names, Places, core_of, parts_of, plain
from store.domain.draft import Draft
from store.domain.finding import ERROR, WARNING, Finding

SHORTEST_NAME = 3
SHORTEST_CORE = 4
KEPT = 8
"""Of what is worked out of long lists: one for each composer that is open is enough."""
_PERSON = re.compile(
    rf"(?<![{KANJI}])(?P<who>[{KANJI}]{{1,8}}(?:\s[{KANJI}]{{1,4}})?|[ァ-ヺー]{{3,12}}|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s?(?:様|さま|さん|殿)(?!々|方|子|式)"
)
_DOUBLED = re.compile(
    r"(?:御中|各位|さん|さま|先生|(?<=[^模多仕同異別有一])様)\s?(?:様|さま|さん|御中|殿)(?![々子式方相])|様\s?殿|殿\s?(?:様|御中)(?=[、,。\s]|$)"
)
_PARTICLE = r"(?:は(?!い)|が|の(?!で)|に|へ|と|を|も|から|より|宛|あて|で(?!す|し|ご|あ|は)|でよ|でいら)"


@lru_cache(maxsize=KEPT)
def names_of(others: tuple[str, ...]) -> Names:
    """The same customers come with every draft: what they are called is worked out once."""
    return Names(others)


@lru_cache(maxsize=KEPT)
def _places(others: tuple[str, ...], companies: tuple[str, ...]) -> Places:
    whole = [name for name in map(narrow, others) if " " in name or (len(name) > SHORTEST_NAME and not name.isascii())]
    cores = (core for one in companies if len(core := core_of(one)) >= SHORTEST_CORE and _is_special(core))
    return Places([*whole, *("".join(name.split()) for name in whole if not name.isascii()), *companies, *cores])


@lru_cache(maxsize=KEPT)
def _cores(companies: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain(core_of(one)) for one in companies)


@lru_cache(maxsize=KEPT)
def _said_plainly(said: str) -> str:
    return plain(said)


class _Known:
    """Who may be named in this draft, and whose names belong to other customers."""

    def __init__(self, draft: Draft, text: DraftText, facts: Facts) -> None:
        typed = [field.partition("<")[0].strip(' "') for field in (*draft.to, *draft.cc, *draft.bcc) if "<" in field]
        self.here = Names([*(person.name for person in facts.people), *typed])
        self.ours = Names(facts.own_names)
        self.others = names_of(facts.others)
        self.companies = tuple(plain(core_of(one)) for one in facts.companies if core_of(one))
        self._said = _said_plainly(facts.said) + plain(f"{text.quoted}\n{facts.answered_subject}")

    def has(self, name: str) -> bool:
        """Whether it is somebody of this conversation, or one of us."""
        return self.here.begins(name) or name in self.ours or self._stands_there(name)

    def _stands_there(self, name: str) -> bool:
        wanted = plain(name)
        if not wanted.isascii():
            return wanted in self._said
        return all(part in self._said for part in parts_of(name))

    def has_company(self, company: str) -> bool:
        """Whether it is the company of somebody here, or ours."""
        wanted = plain(core_of(company))
        here = any(wanted in one or one in wanted for one in self.companies)
        return here or wanted in self._said or any(wanted in plain(name) for name in (*self.here.full, *self.ours.full))

    def elsewhere(self, name: str) -> bool:
        """Whether another customer is called so, and nobody here."""
        words = narrow(name).split()
        return (name in self.others or any(len(word) > 1 and word in self.others.surnames for word in words)) and not any(
            self.has(word) for word in (name, *(word for word in words if not word.isascii()))
        )


def other_customer(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """The greeting names another customer, or another customer's company."""
    known = _Known(draft, text, facts)
    companies = _cores(facts.other_companies)
    lines = greeting(text)
    greeted = addressed(lines)
    named = {one.line.number for one in greeted}
    for line in lines:
        # `株式会社アオイ`, and in the next line whoever is greeted there.
        if line.number not in named and plain(core_of(line.text)) in companies and not known.has_company(line.text):
            who = line.text.strip()
            yield Finding("other_customer", ERROR, line.number, line.text.find(who) + 1, "body", (who,), len(who))
    for one in greeted:
        name = _name_in(one, known)
        if name is not None:
            start = one.line.narrow.find(name, one.start)
            yield Finding("other_customer", ERROR, one.line.number, start + 1, "body", (_shown(one.line, start, name),), len(name))
        elif plain(core_of(one.who)) in companies and not known.has_company(one.who):
            yield Finding("other_customer", ERROR, one.line.number, one.start + 1, "body", (_shown(one.line, one.start, one.who),), len(one.who))


def _name_in(one: Addressed, known: _Known) -> str | None:
    """The name that is another customer's: what is greeted, or its last word behind a company or a department."""
    for name in dict.fromkeys((one.who, *one.who.split()[-1:], " ".join(one.who.split()[-2:]))):
        if known.elsewhere(name):
            return name
    return None


def other_names(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """Below the greeting: another customer by name, or their company."""
    known = _Known(draft, text, facts)
    greeted = {line.number for line in greeting(text)}
    looked_for = _places(facts.others, facts.other_companies)
    companies = _cores(facts.other_companies)
    seen: set[str] = set()
    for line in text.own:
        if line.number in greeted:
            continue
        for start, end in _others_in(line, looked_for, known):
            name = line.text[start:end]
            if plain(name) in seen or _is_only_a_word(line, start, end, companies) or _is_own(line, end):
                continue
            if not known.has(name) and not known.has_company(name):
                seen.add(plain(name))
                yield Finding("other_name", WARNING, line.number, start + 1, "body", (name,), end - start)


def _others_in(line: OwnLine, looked_for: Places, known: _Known) -> list[tuple[int, int]]:
    spans = looked_for.found_in(line.narrow)
    for match in _PERSON.finditer(line.narrow):
        start, end = match.span("who")
        if not any(left < end and start < right for left, right in spans) and known.elsewhere(match["who"]):
            spans.append((start, end))
    return sorted(spans)


def _is_only_a_word(line: OwnLine, start: int, end: int, companies: frozenset[str]) -> bool:
    """A kestrel is a bird, Kestrel a company; and a firm that is spoken of without 様 or its legal form is mostly one that everybody knows."""
    name = line.narrow[start:end]
    if name.isascii():
        return name[:1].islower()
    return plain(name) in companies and not re.match(r"\s?(?:様|さま|さん|御中|社)", line.narrow[end:])


def _is_own(line: OwnLine, end: int) -> bool:
    """`小林です`: somebody says who they are, which is one of us."""
    return re.match(r"\s?(?:です|と申します|でございます)", line.narrow[end:]) is not None


def _is_special(core: str) -> bool:
    """A company's name that is hardly a word of the language."""
    return not core.isascii() or " " in core or len(core) > 5


def honorifics(draft: Draft, text: DraftText, facts: Facts) -> Iterator[Finding]:
    """A name without one, with two, or with that of the other kind."""
    known = _Known(draft, text, facts)
    lines = greeting(text)
    for line, match in text.matches(_DOUBLED):
        yield Finding("honorific_doubled", WARNING, line.number, match.start() + 1, "body", (line.text[match.start() : match.end()],), len(match[0]))
    for one in addressed(lines):
        said = f"{one.who}{one.honorific}"
        if (one.honorific in {"様", "殿", "さん"} and _is_company(one.who, known)) or (one.honorific == "御中" and known.here.whole(one.who)):
            yield Finding("company_honorific", WARNING, one.line.number, one.start + 1, "body", (said,), len(one.who))
    yield from _missing(lines, text, known)


def _is_company(who: str, known: _Known) -> bool:
    """A company alone; not with somebody's name behind it."""
    core = plain(core_of(who))
    if re.search(r"[○〇◯●■□▲△*]", who):
        return False
    if core in known.companies:
        return True
    form = COMPANY_FORM.search(who)
    if form is None or any(core.endswith(name) for name in known.here.surnames):
        return False
    return form.end() == len(who) or (form.start() == 0 and " " not in who[form.end() :].strip())


def _missing(lines: tuple[OwnLine, ...], text: DraftText, known: _Known) -> Iterator[Finding]:
    names = [name for name in known.here.full if re.search(f"[{KANJI}ぁ-んァ-ヶ]", name)]
    for at, line in enumerate(lines[:3]):
        said = plain(line.text)
        name = next((name for name in names if said and _stands_alone(said, name, known)), None)
        if name is not None and not (at + 1 < len(lines) and lines[at + 1].narrow.strip().startswith(("様", "さま", "さん"))):
            start = len(line.text) - len(line.text.lstrip())
            yield Finding("honorific_missing", WARNING, line.number, start + 1, "body", (line.text.strip(),), len(line.text.strip()))
            return
    for name in names:
        pattern = _in_prose(name, known)
        for line, match in text.matches(pattern) if pattern is not None else ():
            yield Finding("honorific_missing", WARNING, line.number, match.start() + 1, "body", (match["name"],), len(match["name"]))
            return


def _stands_alone(said: str, name: str, known: _Known) -> bool:
    """Whether a line of the greeting is the name, or company and name, and nothing else."""
    parts = parts_of(name)
    alone = {plain(name), "".join(parts), *([parts[0]] if len(parts) > 1 and len(parts[0]) > 1 else [])}
    if said in alone:
        return said not in known.ours
    return any(said.endswith(one) and plain(core_of(said[: -len(one)])) in known.companies for one in alone if len(one) < len(said))


def _in_prose(name: str, known: _Known) -> re.Pattern[str] | None:
    """The name in a sentence, followed by a particle where 様 belongs."""
    parts = parts_of(name)
    if len(parts) < 2 or COMPANY_FORM.search(name) or not all(re.fullmatch(f"[{KANJI}ぁ-んァ-ヶー]+", part) for part in parts):
        return None
    surname = parts[0]
    short = rf"(?:\s?{parts[1]})?" if len(surname) > 1 and surname not in PLACES and surname not in known.ours.surnames else rf"\s?{parts[1]}"
    return re.compile(rf"(?<![{KANJI}「『])(?P<name>{surname}{short}){_PARTICLE}")


def _shown(line: OwnLine, start: int, name: str) -> str:
    return line.text[start : start + len(name)]
