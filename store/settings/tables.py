"""The tables of `settings.toml` and what each key means; everything beyond types is in `checks.py`."""

from typing import Literal

import msgspec

from store.domain.business_hours import BusinessHours
from store.domain.ids import InboxKey, MemberKey
from store.domain.people import Role

FILE = "settings.toml"

Tls = Literal["implicit", "starttls", "none"]
Auth = Literal["password", "xoauth2", "oauthbearer"]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the file: an unknown key is an error, a default is not written."""


class ServerSettings(_Table, frozen=True, kw_only=True):
    """`[server]`: at an agent's where the team's server is, at the server's where it listens."""

    url: str | None = None
    """`http://…`, `https://…` or `unix:/path`; None: an own one is started."""
    name: str | None = None
    ca_file: str = ""
    fingerprint: str | None = None
    """SHA-256 of the certificate that the invitation named."""
    listen: str | None = None
    database: str | None = None
    tls_cert: str = ""
    tls_key: str = ""
    retention_years: int = 7
    """Finished conversations, and entries of the audit log, older than this lose their words; 0: never."""
    comment_files_mb: int = 10_000
    """Megabytes that the files of all comments may have together."""
    unsubscribe_url: str = ""
    """`https://…` under which recipients of mailings reach `/v1/unsubscribe/…` of this server; "": they unsubscribe by mail."""
    client_cert: str = ""
    client_key: str = ""
    """At an agent's: what is shown to a server that asks for certificates."""
    dns: str = ""
    """The name server that `doctor` asks, `192.0.2.53` or `192.0.2.53:5353`; "": this machine's own."""


class TrustSettings(_Table, frozen=True, kw_only=True):
    """`[trust]`, in the server's home only: who may call from where, and what they must show."""

    allow: tuple[str, ...] = ()
    """Networks from which calls are taken (`192.0.2.0/24`, `2001:db8::/32`); none named: from everywhere. Unix sockets are always inside."""
    proxies: tuple[str, ...] = ()
    """Addresses of reverse proxies that are believed when they say whom they call for."""
    proxy_header: str = ""
    """The header in which they say it, such as `X-Forwarded-For`; believed from `proxies` only."""
    second_factor: tuple[Role, ...] = ()
    """Roles that need a code of an authenticator app beside their password."""
    idle_days: int = 14
    session_days: int = 90
    """A session ends unused for `idle_days`, and `session_days` after it was opened."""
    client_certificates: Literal["off", "ask", "require"] = "off"
    client_ca: str = ""
    """Who signs the certificates of clients; "" or an absolute path once loaded."""


class _MailServer(_Table, frozen=True, kw_only=True):
    """What IMAP and SMTP have in common."""

    host: str
    port: int
    tls: Tls = "implicit"
    ca_file: str = ""
    """"" or an absolute path once loaded."""
    user: str = ""
    auth: Auth = "password"
    password_command: str = ""
    token_command: str = ""
    """For `auth` other than `password`."""
    client_cert: str = ""
    client_key: str = ""
    tls_min: Literal["1.2", "1.3"] = "1.2"
    proxy: str = ""
    """`socks5://[user:password@]host[:port]` or `http://…`; "": straight."""


class ImapSettings(_MailServer, frozen=True, kw_only=True):
    """`[inbox.imap]`. `user` may hold `{member}`: each member has a login of their own."""

    port: int = 993
    share_password: bool = False
    keep: Literal["small", "all"] = "small"
    """`all`: large messages are fetched whole, behind; `small`: when somebody opens them."""
    sent: str | None = None
    token_url: str = ""
    """Where access tokens are renewed (RFC 6749 6); the refresh token lies among the secrets."""
    client_id: str = ""
    """What this program is registered as at the provider."""
    client_secret_command: str = ""
    scope: str = ""
    connections: int = 2
    """How many this program may hold open for the inbox: one pulls, the others wait for news of a mailbox each."""

    def user_for(self, member: MemberKey) -> str:
        """The login of this member."""
        return self.user.replace("{member}", member)


class SmtpSettings(_MailServer, frozen=True, kw_only=True):
    """`[inbox.smtp]`: read by the server only. For OAuth without a `token_command` of its own the token of `[inbox.imap]` is taken."""

    port: int = 465
    dsn: Literal["off", "failure", "success"] = "failure"
    """Which delivery reports are asked for where the server offers them (RFC 3461); `success` also of what arrived."""
    dkim_selector: str = ""
    """Under which name the domain's DKIM key stands, for `doctor`; "": the usual ones are tried."""
    per_minute: int = 0
    per_hour: int = 0
    per_day: int = 0
    """How many mails of this inbox the provider takes in that time; 0: as many as there are."""
    per_connection: int = 50
    """How many it takes over one connection, one after another; 1: each has its own."""


class WritingSettings(_Table, frozen=True, kw_only=True):
    """`[inbox.writing]`: how mail of this inbox is written. It is the house's: members get it when they join."""

    signature: str = ""
    """Under every mail, below what a member adds of their own; `{{agent}}` is who writes."""
    separator: bool = False
    """Put `-- ` above it (RFC 3676 4.3), by which mail programs know where a signature begins."""
    flowed: bool = True
    """Long paragraphs are broken softly: `format=flowed; delsp=yes`."""
    html: bool = False
    """Send the same text as HTML beside it."""
    charset: Literal["utf-8", "iso-2022-jp"] = "utf-8"
    receipt: bool = False
    """Ask the recipients' mail programs to say when a mail was opened (RFC 8098); most people are asked by theirs, and many say no."""
    iso_2022_jp_domains: tuple[str, ...] = ()
    """Recipients' domains that get ISO-2022-JP whatever `charset` says: hosts that read nothing else."""


class InboxSettings(_Table, frozen=True, kw_only=True):
    """`[[inbox]]`: a shared address and where its mail is."""

    key: InboxKey
    address: str
    name: str = ""
    mailboxes: tuple[str, ...] = ("INBOX",)
    sent: str | None = None
    """None: found by SPECIAL-USE (RFC 6154)."""
    imap: ImapSettings
    smtp: SmtpSettings | None = None
    hours: BusinessHours = BusinessHours()
    """When the inbox is open: for replies that are to leave at its next opening."""
    sent_copy: Literal["auto", "always", "never"] = "auto"
    """Whether replies are filed in Sent: not where the provider does so itself; `auto` finds that out."""
    addresses: tuple[str, ...] = ()
    """Further addresses of its own, each with its display name where it has one: `Jobs <jobs@example.jp>`."""
    writing: WritingSettings = WritingSettings()

    def own_addresses(self) -> tuple[tuple[str, str], ...]:
        """Display name and address of each, the first one first; without a name of its own it has the inbox's."""
        further = (_name_and_address(text) for text in self.addresses)
        return ((self.name, self.address), *((name or self.name, address) for name, address in further))


def _name_and_address(text: str) -> tuple[str, str]:
    name, bracket, rest = text.rpartition("<")
    return (name.strip().strip('"'), rest.strip().removesuffix(">")) if bracket else ("", text.strip())


class ListSettings(_Table, frozen=True, kw_only=True):
    """`[list]`: how lists show what is urgent to this house."""

    waiting_steps: tuple[str, str, str, str] = ("1h", "4h", "1d", "3d")
    """How long a customer may wait until the age of a conversation calls louder: four times."""


class ScreenSettings(_Table, frozen=True, kw_only=True):
    """`[screen]`: how the terminal's client looks to whoever sits here."""

    honorific: Literal["様", "さん", ""] | None = None
    """What stands behind customers' Japanese names in lists; None: 様 where the language is Japanese, else nothing."""
    theme: Literal["terminal", "dark", "light", "contrast"] = "terminal"
    """Whose colours: the terminal's own sixteen, ours for a dark or a light background, or those that differ most."""
    ascii: bool | None = None
    """Whether every sign of ours is an ASCII one; None: on the Linux console, and where the locale is not UTF-8."""
    ambiguous_width: Literal[1, 2] = 1
    """Columns that the terminal gives to characters such as ① ★ ※ … whose width Unicode leaves open (UAX #11)."""
    hyperlinks: bool | Literal["auto"] = "auto"
    """Whether addresses in mails are marked for the terminal to open at a click (OSC 8); auto: where it is known to, and no line is slow."""
    slow_line: bool = False
    """Whether pictures keep the pace of the line, which the terminal is asked for (DSR 5n): for lines of some thousand bits a second."""
    mouse: bool = False
    """Whether clicks and the wheel are for us; the terminal's own selecting needs Shift then."""


class ProgramSettings(_Table, frozen=True, kw_only=True):
    """`[programs]`: a person's own commands, for links and messages. Nothing of it runs by itself."""

    browser: str = ""
    """Opens a link, which comes behind it; "": $MADO_OPENER, else the desktop's own."""
    translate: str = ""
    """Gets a message's text and writes it in another language; run by the shell, as are the others."""
    print: str = "lp"
    pager: str = ""
    """Reads a message on the terminal; "": $PAGER, else less."""


class Settings(_Table, frozen=True, kw_only=True):
    """The whole file."""

    member: MemberKey | None = None
    """Whose home this is."""
    server: ServerSettings = ServerSettings()
    trust: TrustSettings = TrustSettings()
    screen: ScreenSettings = ScreenSettings()
    programs: ProgramSettings = ProgramSettings()
    keys: dict[str, object] = {}
    """`preset`, and by the name of a command the keys that ask for it; what they mean is the terminal's to say."""
    list: ListSettings = ListSettings()
    inboxes: tuple[InboxSettings, ...] = msgspec.field(default=(), name="inbox")
