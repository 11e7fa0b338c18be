"""What `doctor` says of a domain's SPF, DKIM and DMARC, asked of a real name server over UDP."""

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from mailsync.net.dns import DnsUnreachable, NameServer
from mailsync.net.mail_domain import Flaw, Found, is_public, judge_dkim, judge_dmarc, judge_spf
from store.domain.ids import InboxKey
from store.settings.settings import ImapSettings, InboxSettings, SmtpSettings
from tui.cli.doctor_domain import look_at_domain

DOMAIN = "shop.jp"


class Dns:
    """Answers TXT questions out of `zone`; what is not in it does not exist."""

    def __init__(self) -> None:
        self.zone: dict[str, list[str]] = {}
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            wire, whence = self._socket.recvfrom(4096)
            if not wire:
                return
            if not self.silent:
                self._socket.sendto(self._answer(wire), whence)

    def _answer(self, wire: bytes) -> bytes:
        asked = dns.message.from_wire(wire)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        name = asked.question[0].name
        texts = self.zone.get(name.to_text().rstrip("."))
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(" ".join(f'"{part}"' for part in parts_of(text)) for text in texts)))
        return answer.to_wire()

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join(10)
        self._socket.close()


def parts_of(text: str) -> list[str]:
    """A TXT record holds strings of 255 bytes at most."""
    return [text[start : start + 200] for start in range(0, len(text), 200)] or [""]


@pytest.fixture
def server() -> Iterator[Dns]:
    made = Dns()
    yield made
    made.close()


def inbox(address: str = f"support@{DOMAIN}", selector: str = "") -> InboxSettings:
    return InboxSettings(
        key=InboxKey("support"),
        address=address,
        imap=ImapSettings(host="imap.shop.jp", user="support"),
        smtp=SmtpSettings(host="smtp.shop.jp", dkim_selector=selector),
    )


async def test_a_domain_that_says_nothing_gets_the_records_to_add(server: Dns) -> None:
    server.zone[DOMAIN] = ["google-site-verification=x"]
    words = [said.words for said in await look_at_domain(inbox(), server.address)]
    assert 'shop.jp. TXT "v=spf1 a:smtp.shop.jp ~all"' in words[0]
    assert "selector1" in words[1]
    assert '_dmarc.shop.jp. TXT "v=DMARC1; p=none; rua=mailto:support@shop.jp"' in words[2]


async def test_a_domain_that_says_everything_is_well(server: Dns) -> None:
    server.zone = {
        DOMAIN: ["v=spf1 include:_spf.google.com -all"],
        f"x2026._domainkey.{DOMAIN}": ["v=DKIM1; k=rsa; p=" + "A" * 392],
        f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"],
    }
    (said,) = await look_at_domain(inbox(selector="x2026"), server.address)
    assert said.well


async def test_a_record_in_several_strings_is_one(server: Dns) -> None:
    server.zone[DOMAIN] = ["v=spf1 " + "ip4:192.0.2.1 " * 30 + "-all"]
    (text,) = await NameServer(server.address).texts(DOMAIN)
    assert text.endswith("-all")
    assert await NameServer(server.address).texts(f"nothing.{DOMAIN}") == ()


async def test_a_name_server_that_is_silent_says_nothing_of_the_domain(server: Dns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailsync.net.dns.ANSWER_SECONDS", 0.3)
    server.silent = True
    with pytest.raises(DnsUnreachable):
        await NameServer(server.address).texts(DOMAIN)
    (said,) = await look_at_domain(inbox(), server.address)
    assert not said.well


async def test_a_domain_that_only_the_house_knows_is_not_asked_for() -> None:
    assert await look_at_domain(inbox("support@example.test"), "127.0.0.1:1") == ()
    assert not is_public("localhost")
    assert is_public("example.co.jp")


@pytest.mark.parametrize(
    ("texts", "flaws"),
    [
        (["v=spf1 mx -all"], []),
        (["v=spf1 redirect=_spf.provider.jp"], []),
        (["v=spf10 mx"], [Flaw.SPF_MISSING]),
        (["v=spf1 mx ~all", "v=spf1 a ~all"], [Flaw.SPF_TWICE]),
        (["v=spf1 mx +all"], [Flaw.SPF_OPEN]),
        (["v=spf1 mx all"], [Flaw.SPF_OPEN]),
        (["v=spf1 mx"], [Flaw.SPF_ENDLESS]),
        (["v=spf1 " + " ".join(f"include:s{n}.jp" for n in range(11)) + " -all"], [Flaw.SPF_LOOKUPS]),
    ],
)
def test_spf(texts: list[str], flaws: list[Flaw]) -> None:
    assert [found.flaw for found in judge_spf(DOMAIN, texts, "smtp.gmail.com")] == flaws


def test_the_record_to_add_keeps_what_is_there() -> None:
    assert judge_spf(DOMAIN, [], "smtp.gmail.com") == [Found(Flaw.SPF_MISSING, 'shop.jp. TXT "v=spf1 include:_spf.google.com ~all"')]
    (twice,) = judge_spf(DOMAIN, ["v=spf1 mx -all", "v=spf1 a mx ~all"], "h")
    assert twice.record == 'shop.jp. TXT "v=spf1 mx a ~all"'
    (wide_open,) = judge_spf(DOMAIN, ["v=spf1 mx +all"], "h")
    assert wide_open.record == 'shop.jp. TXT "v=spf1 mx ~all"'


def test_dkim_and_dmarc() -> None:
    assert judge_dkim({"a": ["v=DKIM1; p=AAAA"], "b": []}) == []
    assert judge_dkim({"a": ["v=DKIM1; p="]}) == [Found(Flaw.DKIM_REVOKED)]
    assert judge_dkim({"a": []}) == [Found(Flaw.DKIM_MISSING)]
    assert judge_dmarc(DOMAIN, ["v=DMARC1; p=quarantine"], "x@y") == []
    assert [found.flaw for found in judge_dmarc(DOMAIN, ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "x@y")] == [Flaw.DMARC_TWICE]
    assert [found.flaw for found in judge_dmarc(DOMAIN, ["v=DMARC1; rua=mailto:x@y"], "x@y")] == [Flaw.DMARC_BROKEN]
