"""The messages in the reading pane: one stays at the message one reads, and no message is taken for another."""

from datetime import UTC, datetime

from store.domain.ids import ConversationId, InboxKey, MessageId
from store.domain.message import Address, Message
from store.local.rows import StoredMessage
from tui.screens.mail_pane import MailPane
from tui.view.keys.keymap import DEFAULT
from tui.widgets.lines_pane import LinesPane

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HERE = ConversationId("c1")


def stored(number: int, text: str, *, content: str = "") -> StoredMessage:
    message_id, inbox = MessageId(f"<{number}@customer.example>"), InboxKey("support")
    message = Message(message_id, "質問", (Address("", "a@customer.example"),), (), (), (), NOW, (), (), text)
    return StoredMessage(message, message_id, inbox, "INBOX", number, NOW, outgoing=False, flags=(), content_sha256=content or str(number))


def pane_of(pane: LinesPane) -> MailPane:
    return MailPane(lambda: pane, lambda: (60, 5), lambda: NOW, lambda: DEFAULT)


def words(pane: LinesPane) -> str:
    return "\n".join(line.text for line in pane.lines)


def test_a_mail_that_is_older_comes_in_and_one_stays_at_the_message_one_reads() -> None:
    pane = LinesPane()
    mail = pane_of(pane)
    texts = tuple(stored(number, f"body {number}\n" * 20) for number in (2, 4, 6))
    mail.show(HERE, texts, begin_at=1, unfolded=False, also_in={})
    read = pane.lines[pane.top + 6].text
    late = (stored(1, "late\n" * 30), texts[0], stored(3, "late too\n" * 30), *texts[1:])
    mail.show(HERE, late, begin_at=None, unfolded=False, also_in={})
    assert mail.messages[mail.current].message_id == "<4@customer.example>"
    assert read.startswith("body 4") or "body 4" in read
    assert "body 4" in pane.lines[pane.top + 6].text


def test_two_mails_with_one_message_id_are_read_in_a_charset_of_their_own() -> None:
    pane = LinesPane()
    mail = pane_of(pane)
    one, other = stored(1, "the first", content="a"), stored(1, "the second", content="b")
    mail.show(HERE, (one, other), begin_at=1, unfolded=False, also_in={})
    mail.read_as(other, "koi8-r", Message(other.message_id, "質問", (), (), (), (), NOW, (), (), "read anew"))
    mail.show(HERE, (one, other), begin_at=None, unfolded=False, also_in={})
    assert [each.message.text for each in mail.messages] == ["the first", "read anew"]
