"""What servers write when they refuse a mail becomes a cause that an agent can act on."""

import pytest

from store.domain.bounce_reason import BounceCause, bounce_reason

SAID = {
    BounceCause.UNKNOWN_ADDRESS: (
        ("5.1.1", ""),
        ("", "550 Unknown user yamada@docomo.ne.jp"),
        ("5.0.0", "550 <a@ezweb.ne.jp>: User unknown"),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
        ("", "Invalid recipient: <yamada@softbank.ne.jp>"),
        ("", "This user doesn't have a yahoo.co.jp account (a@yahoo.co.jp) [-5]"),
        ("", "送信先メールアドレスが見つかりません。"),
        ("", "Sorry, no mailbox here by that name. (#5.1.1)"),
        ("", "Unrouteable address"),
        ("", "addresses were unknown (please check the addresses and re-mail the message):"),
        ("5.7.1", "550 5.7.1 No such user here"),
    ),
    BounceCause.MAILBOX_FULL: (
        ("5.2.2", "552 5.2.2 x"),
        ("4.2.2", "452-4.2.2 The email account that you tried to reach is over quota"),
        ("", "as their mailbox is full."),
        ("5.0.0", "552 Requested mail action aborted: exceeded storage allocation, user over quota"),
        ("", "552 refused"),
        ("", "The number of messages in recipient's mailbox exceeded the local limit."),
        ("", "宛先のメールボックスの容量が上限を超えています。"),
    ),
    BounceCause.MAILBOX_CLOSED: (
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled"),
        ("", "This account has been disabled or discontinued [#102]."),
        ("", "550 user suspended"),
    ),
    BounceCause.TOO_LARGE: (("5.3.4", ""), ("", "552 Message size exceeds fixed maximum message size"), ("", "メールのサイズが上限を超えています")),
    BounceCause.BLOCKED_AS_SPAM: (
        ("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
        ("", "550 This message was classified as SPAM and may not be delivered"),
        ("5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    ),
    BounceCause.NOT_AUTHENTICATED: (
        ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated."),
        ("5.7.1", "550 5.7.1 Email rejected per DMARC policy"),
    ),
    BounceCause.TOO_MANY: (
        ("4.7.28", "421-4.7.28 Our system has detected an unusual rate of mail"),
        ("4.2.1", "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered"),
        ("", "421 Too many messages from your IP"),
    ),
    BounceCause.HOST_UNKNOWN: (
        ("5.1.2", ""),
        ("5.4.4", "Host or domain name not found. Name service error for name=example.con type=A: Host not found"),
        ("", "Sorry, I couldn't find any host named exampl.jp. (#5.1.2)"),
    ),
    BounceCause.NOT_REACHED: (
        ("4.4.1", "connect to mx.example.net[192.0.2.1]:25: Connection timed out"),
        ("4.4.7", ""),
        ("", "retry timeout exceeded"),
    ),
    BounceCause.LOOP: (("5.4.6", "too many hops"), ("", "mail for example.jp loops back to myself")),
    BounceCause.REFUSED_BY_POLICY: (("5.7.1", "550 5.7.1 Relaying denied"), ("5.7.133", ""), ("", "550 受信拒否設定により拒否されました")),
    BounceCause.TEMPORARY: (("4.3.0", ""), ("", "451 Please try again later"), ("", "450 x")),
    BounceCause.OTHER: (("", ""), ("5.0.0", "550 no"), ("", "Sorry, it did not work.")),
}


@pytest.mark.parametrize(("cause", "status", "said"), [(cause, *each) for cause, sayings in SAID.items() for each in sayings])
def test_what_a_server_said_is_one_of_a_few_causes(cause: BounceCause, status: str, said: str) -> None:
    assert bounce_reason(status, said) is cause


def test_every_cause_is_known_by_something_a_server_says() -> None:
    assert set(SAID) == set(BounceCause)
