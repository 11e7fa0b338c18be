"""What types cannot say of the settings: ports, addresses, keys, and TLS that may only be left out on this very machine. Pure."""

import ipaddress
import re
from collections.abc import Iterator, Mapping

from store.domain.business_hours import problem_in
from store.domain.waiting import span_of_wait
from store.settings.proxies import parse_proxy
from store.settings.tables import ImapSettings, InboxSettings, ListSettings, ServerSettings, Settings, SmtpSettings, TrustSettings

Problem = tuple[str, str]
"""A key, and the rest of the sentence that begins with it: what is wrong, what would be right."""

LARGEST_PORT = 65_535
MOST_CONNECTIONS = 20
MOST_SESSION_DAYS = 366
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
_HTTPS = re.compile(r"https://[^\s/?#]+(/[^\s?#]*)?")
_DOMAIN = re.compile(r"[^\s@<>,]+")
_TOKEN_URL = re.compile(r"https://[^\s/?#]+(/[^\s#]*)?|http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/[^\s#]*)?")
_URL = re.compile(r"(https?://[^\s/]+/?|unix:/\S+)")


def find_problem(settings: Settings) -> Problem | None:
    """The first thing that is wrong, in order of the file."""
    return next(_problems(settings), None)


def _problems(settings: Settings) -> Iterator[Problem]:
    yield from _in_server(settings.server)
    yield from _in_trust(settings.trust)
    yield from _in_keys(settings.keys)
    yield from _in_list(settings.list)
    keys: set[str] = set()
    for place, inbox in enumerate(settings.inboxes):
        yield from _in_inbox(f"inbox[{place}]", inbox)
        if inbox.key in keys:
            yield f"inbox[{place}].key", f'"{inbox.key}" is there twice; each inbox needs a key of its own'
        keys.add(inbox.key)


def _in_list(steps: ListSettings) -> Iterator[Problem]:
    spans = [span_of_wait(text) for text in steps.waiting_steps]
    known = [span for span in spans if span is not None]
    if len(known) < len(spans) or sorted(set(known)) != known:
        yield "list.waiting_steps", 'must be four lengths of time, each longer than the one before, such as ["1h", "4h", "1d", "3d"]'


def _in_server(server: ServerSettings) -> Iterator[Problem]:
    if server.url is not None and not _URL.fullmatch(server.url):
        yield "server.url", 'must look like "http://127.0.0.1:8642", "https://desk.example.jp" or "unix:/path/desk.sock"'
    if bool(server.client_cert) != bool(server.client_key):
        yield "server.client_cert", "and `server.client_key` belong together; set both, or neither"
    if bool(server.tls_cert) != bool(server.tls_key):
        yield "server.tls_cert", "and `server.tls_key` belong together; set both, or neither"

    if server.retention_years < 0:
        yield "server.retention_years", "must be a whole number of years, or 0 to keep everything"
    if server.unsubscribe_url and not _HTTPS.fullmatch(server.unsubscribe_url):
        yield "server.unsubscribe_url", 'must look like "https://desk.example.jp": RFC 8058 allows one click by https only'
    if server.comment_files_mb < 0:
        yield "server.comment_files_mb", "must be a whole number of megabytes, or 0 to take no files on comments"


def _in_trust(trust: TrustSettings) -> Iterator[Problem]:
    for name, texts in (("allow", trust.allow), ("proxies", trust.proxies)):
        for text in texts:
            if not is_network(text):
                yield f"trust.{name}", f'must hold networks such as "192.0.2.0/24" or "2001:db8::/32", not "{text}"'
    if bool(trust.proxies) != bool(trust.proxy_header):
        yield "trust.proxies", "and `trust.proxy_header` belong together: anybody can send the header, so the proxies that may must be named"
    if trust.proxy_header and not _HEADER.fullmatch(trust.proxy_header):
        yield "trust.proxy_header", 'must be the name of a header that holds addresses, such as "X-Forwarded-For"'
    if not 0 < trust.idle_days <= trust.session_days <= MOST_SESSION_DAYS:
        yield "trust.idle_days", f"must be at least 1, and `trust.session_days` no less and at most {MOST_SESSION_DAYS}"
    if trust.client_certificates != "off" and not trust.client_ca:
        yield "trust.client_ca", "is needed to know a client's certificate; name the file of the authority that signs them"


def _in_keys(keys: Mapping[str, object]) -> Iterator[Problem]:
    for name, written in keys.items():
        texts = written if isinstance(written, list) else [written]
        if not all(isinstance(text, str) for text in texts):
            yield f"keys.{name}", 'must be a key such as "x", or a list of keys such as ["x", "gi", "^X"]'


def is_network(text: str) -> bool:
    """Whether it is an address or a network, with no bits set beyond its mask."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _in_inbox(place: str, inbox: InboxSettings) -> Iterator[Problem]:
    if not _KEY.fullmatch(inbox.key):
        yield f"{place}.key", 'must be a short word of a-z, 0-9, - and _, such as "support"'
    if not _ADDRESS.fullmatch(inbox.address):
        yield f"{place}.address", 'must be a mail address, such as "support@example.jp"'
    for _name, address in inbox.own_addresses()[1:]:
        if not _ADDRESS.fullmatch(address):
            yield f"{place}.addresses", 'must hold mail addresses, such as ["jobs@example.jp", "Jobs <jobs@example.jp>"]'
    if not all(_DOMAIN.fullmatch(domain) for domain in inbox.writing.iso_2022_jp_domains):
        yield f"{place}.writing.iso_2022_jp_domains", 'must hold domains, such as ["old.example.jp"]'
    if not inbox.mailboxes or not all(inbox.mailboxes):
        yield f"{place}.mailboxes", 'must name at least one mailbox, such as ["INBOX"]'
    if (problem := problem_in(inbox.hours)) is not None:
        yield f"{place}.hours.{problem[0]}", problem[1]
    yield from _in_mail_server(f"{place}.imap", inbox.imap)
    if inbox.smtp is not None:
        yield from _in_mail_server(f"{place}.smtp", inbox.smtp)
        yield from _in_pace(f"{place}.smtp", inbox.smtp)
        if inbox.smtp.auth != "password" and not inbox.smtp.token_command and inbox.imap.auth == "password":
            yield (
                f"{place}.smtp.token_command",
                f'is needed for auth = "{inbox.smtp.auth}" where `imap.auth` is "password"; set the command that prints a token',
            )


def _in_pace(place: str, smtp: SmtpSettings) -> Iterator[Problem]:
    for key in ("per_minute", "per_hour", "per_day"):
        if getattr(smtp, key) < 0:
            yield f"{place}.{key}", "must be a whole number of mails, or 0 for no limit"
    if smtp.per_connection < 1:
        yield f"{place}.per_connection", "must be at least 1 mail"


def _in_mail_server(place: str, server: ImapSettings | SmtpSettings) -> Iterator[Problem]:
    if not server.host.strip() or any(letter.isspace() for letter in server.host):
        yield f"{place}.host", 'must be the name of the mail server, such as "imap.example.jp"'
    if not 0 < server.port <= LARGEST_PORT:
        yield f"{place}.port", f"must be a port from 1 to {LARGEST_PORT}, not {server.port}"
    if server.tls == "none" and not is_loopback(server.host):
        yield (
            f"{place}.tls",
            f'"none" would send the password in the open to {server.host}; use "implicit" or "starttls"',
        )
    yield from _in_proxy(place, server)
    if isinstance(server, ImapSettings):
        yield from _in_imap(place, server)


def _in_proxy(place: str, server: ImapSettings | SmtpSettings) -> Iterator[Problem]:
    try:
        proxy = parse_proxy(server.proxy)
    except ValueError:
        yield f"{place}.proxy", 'must look like "socks5://proxy.example.jp:1080" or "http://proxy.example.jp:8080", with user:password@ if need be'
        return
    if proxy is not None and server.tls == "none":
        yield f"{place}.tls", '"none" would send the password in the open through the proxy; use "implicit" or "starttls"'


def _in_imap(place: str, imap: ImapSettings) -> Iterator[Problem]:
    if not 1 <= imap.connections <= MOST_CONNECTIONS:
        yield f"{place}.connections", f"must be from 1 to {MOST_CONNECTIONS}, not {imap.connections}"
    if imap.token_url and not _TOKEN_URL.fullmatch(imap.token_url):
        yield f"{place}.token_url", 'must look like "https://login.example.jp/token"; without TLS only on this machine'
    if imap.token_url and not imap.client_id:
        yield f"{place}.client_id", "is needed with `token_url`; it is what this program is registered as at the provider"
    if imap.auth != "password" and not (imap.token_command or imap.token_url):
        yield f"{place}.token_command", f'is needed for auth = "{imap.auth}"; set the command that prints a token, or `token_url` and `client_id`'


def is_loopback(host: str) -> bool:
    """Whether this name or address is this machine for certain, without asking a name server."""
    if host.lower() in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
