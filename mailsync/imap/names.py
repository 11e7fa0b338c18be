"""Names of mailboxes: as people read them, as servers write them, and which one somebody meant. Pure."""

import base64
import binascii
import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

import msgspec

SENT_NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "送信済み",
    "送信済みアイテム",
    "送信済みメール",
    "送信済みメッセージ",
    "送信済みトレイ",
    "送信メール",
    "送信箱",
    "送信済",
    "sent-mail",
    "sentmail",
    "outgoing",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "éléments envoyés",
    "messages envoyés",
    "envoyés",
    "elementos enviados",
    "enviados",
    "posta inviata",
    "itens enviados",
    "verzonden items",
    "verzonden",
    "отправленные",
    "已发送",
    "已发送邮件",
    "寄件備份",
    "已傳送的郵件",
    "已傳送郵件",
    "보낸 편지함",
    "보낸 메일함",
    "送信済みボックス",
    "送信済メール",
    "送信済アイテム",
    "送信済トレイ",
    "送信控え",
    "送信控",
    "sent box",
    "e-mails enviados",
    "mensajes enviados",
    "mensagens enviadas",
    "enviadas",
    "wysłane",
    "elementy wysłane",
    "odeslané",
    "odeslaná pošta",
    "skickat",
    "skickade objekt",
    "sendt",
    "sendt post",
    "sendte elementer",
    "lähetetyt",
    "gönderilmiş öğeler",
    "надіслані",
)
"""What Sent is called where nothing marks it, by the last part of its name; the usual ones first."""
ENCODED = re.compile(r"&([A-Za-z0-9+,]*)-")
PLAIN_RUN = re.compile(r"[\x20-\x7e]+|[^\x20-\x7e]+")
LIKELY = 0.6
MOST_NAMED = 5
BETWEEN_WORDS = re.compile(r"[\s_-]+")


class Mailbox(msgspec.Struct, frozen=True):
    """A mailbox as the server lists it: `name` for people, `wire` as the server wrote it, attributes in lower case (`\\sent`)."""

    name: str
    wire: bytes
    attributes: tuple[str, ...] = ()
    delimiter: str = ""

    @property
    def holds_mail(self) -> bool:
        """False for a name that only holds other mailboxes (RFC 9051 7.3.1), or none (RFC 5258)."""
        return not {"\\noselect", "\\nonexistent"} & set(self.attributes)

    @property
    def last_part(self) -> str:
        """The name below everything that it lies in."""
        return self.name.rpartition(self.delimiter)[2] if self.delimiter else self.name


def to_wire(name: str) -> str:
    """Write a name in modified UTF-7 (RFC 3501 5.1.3); all ASCII."""
    return "".join(_run_to_wire(run) for run in PLAIN_RUN.findall(unicodedata.normalize("NFC", name)))


def _run_to_wire(run: str) -> str:
    if run.isascii() and run.isprintable():
        return run.replace("&", "&-")
    coded = base64.b64encode(run.encode("utf-16-be", "surrogatepass")).decode("ascii")
    return f"&{coded.rstrip('=').replace('/', ',')}-"


def from_wire(wire: bytes, *, utf8: bool = False) -> str:
    """Read a name as a server writes it; never raises: some write UTF-8 or Latin letters where they must not.

    `utf8`: the server was told to write UTF-8 (RFC 6855), so that `&` is only an `&`.
    """
    try:
        text = wire.decode("utf-8")
    except UnicodeDecodeError:
        return wire.decode("latin-1")
    return text if utf8 or not text.isascii() else ENCODED.sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    coded = found[1].replace(",", "/")
    if not coded:
        return "&"
    try:
        return base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]


def find_meant(wanted: str, listed: Iterable[Mailbox], prefixes: Sequence[str]) -> Mailbox | None:
    """The mailbox that `wanted` names, though the server writes it otherwise: another separator, another form of the same letters,
    or below a prefix that people leave out (`INBOX.`, RFC 2342)."""
    names = {_folded(wanted), *(_folded(prefix + wanted) for prefix in prefixes)}

    def is_meant(each: Mailbox) -> bool:
        theirs = _folded(each.name, each.delimiter)
        return _folded(each.name) in names or theirs in names or theirs == _folded(wanted, each.delimiter)

    return next((each for each in listed if is_meant(each)), None)


def _folded(name: str, delimiter: str = "") -> str:
    normal = unicodedata.normalize("NFC", name)
    normal = normal.replace(delimiter, "/") if delimiter else normal
    # RFC 9051 5.1: INBOX is written in any case, and servers that have mailboxes below it take it so there too.
    first, below, rest = normal.partition("/")
    return f"INBOX{below}{rest}" if first.upper() == "INBOX" else normal


def much_like(wanted: str, listed: Iterable[Mailbox]) -> tuple[str, ...]:
    """The names of mailboxes that a slip of the pen may have meant, the likeliest first."""
    by_folded = {each.name.casefold(): each.name for each in listed if each.holds_mail}
    found = difflib.get_close_matches(wanted.casefold(), by_folded, n=3, cutoff=LIKELY)
    last = re.split(r"[./\\]", wanted.casefold())[-1]
    below = [folded for folded in by_folded if last and folded.endswith(last)]
    return tuple(by_folded[folded] for folded in dict.fromkeys([*found, *below]))[:3]


def find_sent(listed: Sequence[Mailbox], foreign_prefixes: Sequence[str]) -> str | None:
    """The mailbox in which sent mail is kept: the one marked so (RFC 6154), else by its usual names; None if there is none.

    Other people's mailboxes and shared ones (`foreign_prefixes`) are not looked at: their Sent is not ours.
    """
    ours = [each for each in listed if each.holds_mail and not any(each.name.startswith(prefix) for prefix in foreign_prefixes if prefix)]
    marked = [each.name for each in ours if "\\sent" in each.attributes]
    usual = sorted((each for each in ours if _plain(each.last_part) in USUAL), key=_how_usual)
    return next(iter([*marked, *(each.name for each in usual)]), None)


def _how_usual(mailbox: Mailbox) -> tuple[int, int]:
    return USUAL[_plain(mailbox.last_part)], len(mailbox.name)


def _plain(name: str) -> str:
    """A name by which it is known however wide its letters are, composed or not, and whatever parts its words."""
    return BETWEEN_WORDS.sub("", unicodedata.normalize("NFKC", name).casefold())


USUAL = {_plain(name): rank for rank, name in reversed(list(enumerate(SENT_NAMES)))}


def in_words(listed: Sequence[Mailbox]) -> str:
    """Some names for a sentence: `INBOX, Sent, … (12 in all)`."""
    # The names that anybody would look for come first.
    names = sorted((each.name for each in listed if each.holds_mail), key=lambda name: (name.upper() != "INBOX", name.count("/"), name))
    more = f", … ({len(names)} in all)" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
