"""The part of `mado doctor` that asks DNS: whether the world may believe mail of an inbox's domain, and the record to add."""

from typing import NamedTuple

from mailsync.net.mail_domain import USUAL_SELECTORS, Flaw, Found, is_public, judge_dkim, judge_dmarc, judge_spf
from store.errors import MadoError
from store.settings.settings import InboxSettings
from tui.view.trouble import problem_words
from tui.words import _


class DomainSaid(NamedTuple):
    """`well`: nothing to mend."""

    words: str
    well: bool = False


async def look_at_domain(inbox: InboxSettings, name_server: str) -> tuple[DomainSaid, ...]:
    """What is wrong with SPF, DKIM and DMARC of its domain, one each; all well in one; nothing of a domain nobody can ask for."""
    domain = inbox.address.rpartition("@")[2].lower().rstrip(".")
    if inbox.smtp is None or not is_public(domain):
        return ()
    # Here: nothing but this needs dnspython, and it takes its time to load.
    from mailsync.net.dns import NameServer

    names = NameServer(name_server)
    selectors = (inbox.smtp.dkim_selector,) if inbox.smtp.dkim_selector else USUAL_SELECTORS
    try:
        found = judge_spf(domain, await names.texts(domain), inbox.smtp.host)
        found += judge_dkim({selector: await names.texts(f"{selector}._domainkey.{domain}") for selector in selectors})
        found += judge_dmarc(domain, await names.texts(f"_dmarc.{domain}"), inbox.address)
    except MadoError as error:
        return (DomainSaid(problem_words(error)),)
    if not found:
        return (DomainSaid(_("{domain} has SPF, DKIM and DMARC").format(domain=domain), well=True),)
    return tuple(DomainSaid(flaw_words(one, domain, selectors)) for one in found)


def flaw_words(found: Found, domain: str, selectors: tuple[str, ...]) -> str:
    """What is missing, what comes of it, and what to add."""
    words = {
        Flaw.SPF_MISSING: _("{domain} has no SPF record, so its mail is taken for spam"),
        Flaw.SPF_TWICE: _("{domain} has more than one SPF record, so none counts: make them one"),
        Flaw.SPF_OPEN: _("the SPF record of {domain} lets everybody write in its name"),
        Flaw.SPF_ENDLESS: _("the SPF record of {domain} does not end in ~all or -all"),
        Flaw.SPF_LOOKUPS: _("the SPF record of {domain} asks for more than 10 other names, so receivers take it for broken"),
        Flaw.DKIM_MISSING: _("no DKIM key of {domain} was found under {selectors}: set it up at the provider, or name its `smtp.dkim_selector`"),
        Flaw.DKIM_REVOKED: _("the DKIM key of {domain} under {selectors} is withdrawn: publish a new one"),
        Flaw.DMARC_MISSING: _("{domain} has no DMARC record"),
        Flaw.DMARC_TWICE: _("{domain} has more than one DMARC record, so none counts: keep one"),
        Flaw.DMARC_BROKEN: _("the DMARC record of {domain} names no policy"),
    }[found.flaw].format(domain=domain, selectors=", ".join(selectors))
    return _("{problem}; the record: {record}").format(problem=words, record=found.record) if found.record else words
