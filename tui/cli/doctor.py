"""`mado doctor`: look at everything a desk stands on and say in words what is wrong and how to mend it."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import click

from mailsync.imap.errors import ONE_MAILBOX
from mailsync.imap.reach import imap_access
from mailsync.imap.session import MailSession
from mailsync.link.address import ServerAddress
from mailsync.link.home import client_of, server_of
from mailsync.link.people_protocol import PasswordToChange
from mailsync.link.protocol import Me
from mailsync.smtp.reach import smtp_access
from mailsync.smtp.session import check_access
from store.clock import SystemClock
from store.domain.ids import MemberKey
from store.domain.people import Role
from store.errors import MadoError
from store.settings.secrets import Secrets
from store.settings.settings import InboxSettings, Settings, load_settings
from tui.cli.doctor_domain import look_at_domain
from tui.cli.doctor_store import look_at_comparisons, look_at_store
from tui.cli.invocation import Invocation, Verb
from tui.view.keys.making import made
from tui.view.trouble import problem_words
from tui.words import _, ngettext

CLOCK_SECONDS = 60
"""A difference of clocks larger than this makes ages in lists wrong; leases do not mind."""
SMALLEST = (40, 10)
SMTP_SECONDS = 20.0
MOST_NAMES = 40


@dataclass(frozen=True)
class Finding:
    """One check. `exit_code` 0: it is well, or (`warning`) it works all the same."""

    check: str
    words: str
    exit_code: int = 0
    warning: bool = False

    @property
    def level(self) -> str:
        """`ok`, `warning` or `error`."""
        if self.exit_code:
            return "error"
        return "warning" if self.warning else "ok"


@click.command(cls=Verb)
@click.pass_obj
def doctor(invocation: Invocation) -> int:
    """Check settings, secrets, mailboxes, server and terminal. The exit code is that of the worst finding."""

    async def work() -> int:
        worst = 0
        async for finding in findings(invocation.home):
            facts = {"check": finding.check, "level": finding.level, "words": finding.words}
            mark = {"ok": "✓", "warning": "!", "error": "✗"}[finding.level]
            invocation.output.row(facts, f"{mark} {finding.check}: {finding.words}")
            worst = max(worst, finding.exit_code)
        return worst

    return asyncio.run(work())


async def findings(home: Path) -> AsyncIterator[Finding]:
    """Every check, in the order in which one would mend things; each says what it looked at."""
    yield _terminal()
    try:
        settings = load_settings(home)
    except MadoError as error:
        yield Finding("settings", problem_words(error), error.exit_code)
        return
    n = len(settings.inboxes)
    words = ngettext("{home}: {n} inbox", "{home}: {n} inboxes", n).format(home=home, n=n)
    yield Finding("settings", words, warning=n == 0)
    for problem in made(settings.keys).problems:
        yield Finding("keys", problem, warning=True)
    yield _secrets(home)
    said = await asyncio.to_thread(look_at_store, home)
    yield Finding("cache", said.words, said.exit_code)
    said = await asyncio.to_thread(look_at_comparisons, home, SystemClock().now())
    yield Finding("compared", said.words, said.exit_code)
    for inbox in settings.inboxes:
        for finding in await _mailboxes(home, inbox, settings.member):
            yield finding
        if inbox.smtp is not None:
            yield await _submission(home, inbox)
        for told in await look_at_domain(inbox, settings.server.dns):
            yield Finding(f"domain {inbox.key}", told.words, warning=not told.well)
    for finding in await _team(home, settings):
        yield finding


def _terminal() -> Finding:
    columns, lines = shutil.get_terminal_size()
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    if encoding != "utf8":
        words = _("the locale ({locale}) is not UTF-8: set LANG, for example to C.UTF-8").format(locale=locale or "C")
        return Finding("terminal", words, warning=True)
    if columns < SMALLEST[0] or lines < SMALLEST[1]:
        return Finding("terminal", _("{columns}×{lines} is too small to work in").format(columns=columns, lines=lines), warning=True)
    return Finding("terminal", _("{columns}×{lines}, UTF-8").format(columns=columns, lines=lines))


def _secrets(home: Path) -> Finding:
    try:
        where = Secrets(home).where()
    except MadoError as error:
        return Finding("secrets", problem_words(error), error.exit_code)
    if where == "file":
        return Finding("secrets", _("there is no keyring here: they are kept in a file of the home that only you can read"), warning=True)
    return Finding("secrets", _("they are kept in the keyring"))


async def _mailboxes(home: Path, inbox: InboxSettings, member: MemberKey | None) -> list[Finding]:
    name = f"imap {inbox.key}"
    try:
        return await asyncio.to_thread(_look_at_mailboxes, name, home, inbox, member)
    except MadoError as error:
        return [Finding(name, problem_words(error), error.exit_code)]


def _look_at_mailboxes(name: str, home: Path, inbox: InboxSettings, member: MemberKey | None) -> list[Finding]:
    """Every mailbox that the settings name, one after the other; blocking. One that cannot be opened is a finding of its own."""
    found: list[str] = []
    troubles: list[Finding] = []
    with MailSession.open(imap_access(inbox, Secrets(home), member)) as session:
        sent = inbox.sent or session.find_sent()
        for mailbox in dict.fromkeys([*inbox.mailboxes, *([sent] if sent else [])]):
            try:
                count = session.select(mailbox).exists
            except ONE_MAILBOX as error:
                troubles.append(Finding(name, problem_words(error), error.exit_code))
            else:
                found += [f"{mailbox} {count}"] if mailbox in inbox.mailboxes else []
        if troubles:
            names = ", ".join(sorted(each.name for each in session.listing().mailboxes if each.holds_mail)[:MOST_NAMES])
            troubles.append(Finding(name, _("this login sees these mailboxes: {names}").format(names=names), warning=True))
        found.append(_("Sent is {sent}").format(sent=sent) if sent else _("no Sent mailbox was found"))
        found.append(_("login by {way}, {tls}").format(way=session.login or "PREAUTH", tls=session.tls or _("without TLS")))
    return [Finding(name, ", ".join(found)), *troubles]


async def _submission(home: Path, inbox: InboxSettings) -> Finding:
    name = f"smtp {inbox.key}"
    try:
        await check_access(smtp_access(inbox, Secrets(home), timeout_seconds=SMTP_SECONDS))
    except MadoError as error:
        return Finding(name, problem_words(error), error.exit_code)
    return Finding(name, _("it takes this login; nothing was sent"))


async def _team(home: Path, settings: Settings) -> list[Finding]:
    """The team's server, and what an admin has to do there; a home's own one is not started for this."""
    try:
        address = server_of(home, settings)
        if address is None:
            return [Finding("server", _("none is set: an own one starts when it is needed"))]
        async with client_of(home, settings, address) as client:
            me = await client.me()
            to_change = await client.mailbox_passwords() if me.member.role is Role.ADMIN else []
    except MadoError as error:
        return [Finding("server", problem_words(error), error.exit_code)]
    return [_server(address, me), *(_still_known(one) for one in to_change)]


def _still_known(one: PasswordToChange) -> Finding:
    words = _("@{members} left and still know the password of {inbox}: change it at the mail server, then in the settings")
    return Finding("passwords", words.format(members=", @".join(one.members), inbox=one.inbox), warning=True)


def _server(address: ServerAddress, me: Me) -> Finding:
    clock = SystemClock()
    if not address.is_private:
        return Finding("server", _("{address} is called without TLS: everybody on the way can read along").format(address=address), warning=True)
    apart = abs((me.now - clock.now()).total_seconds())
    if apart > CLOCK_SECONDS:
        return Finding("server", _("its clock and this one differ by {seconds:.0f} s: set the wrong one right").format(seconds=apart), warning=True)
    return Finding("server", _("{address} knows you as {name}").format(address=address, name=me.member.name))
