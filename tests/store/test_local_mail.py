"""Mail in and out of the local store: once, whole, with its cursor."""

from store.domain.message import Address
from store.domain.query import All, parse_query
from store.local.flaws import FlawKind
from store.local.rows import Cursor
from store.local.store import LocalStore
from tests.store.local_store_makers import SUPPORT, arrived, at, conversation_of, message_id_of, new_mail, opened, pull


def test_a_pulled_mail_can_be_listed_read_and_had_in_the_raw(store: LocalStore) -> None:
    heard: list[frozenset[str]] = []
    store.changes.subscribe(heard.append)
    touched = pull(store, new_mail(1, "請求書の件", "よろしくお願いします", flags=("\\Seen", "$Work")), cursor=Cursor(7, 1, 1, 99))
    assert touched == {conversation_of(1)}
    assert heard == [touched]
    assert store.cursor(SUPPORT, "INBOX") == Cursor(7, 1, 1, 99)
    (message,) = store.messages(conversation_of(1))
    assert (message.message.text, message.mailbox, message.uid, message.flags) == ("よろしくお願いします", "INBOX", 1, ("\\Seen", "$Work"))
    assert message.internaldate == at(1)
    assert store.raw(message_id_of(1), SUPPORT) == new_mail(1, text="よろしくお願いします").raw
    row = store.row(conversation_of(1))
    assert row is not None
    assert (row.subject, row.customer_name, row.number, row.status, row.messages, row.last_at) == ("請求書の件", "鈴木一郎", None, "new", 1, at(1))


def test_the_senders_own_offset_is_kept(store: LocalStore) -> None:
    from datetime import timedelta, timezone

    import msgspec

    mail = new_mail(1)
    date = at(1).astimezone(timezone(timedelta(hours=9)))
    pull(store, msgspec.structs.replace(mail, message=msgspec.structs.replace(mail.message, date=date)))
    stored = store.messages(conversation_of(1))[0].message.date
    assert stored is not None
    assert stored.utcoffset() == timedelta(hours=9)


def test_a_message_in_two_mailboxes_is_one_message(store: LocalStore) -> None:
    pull(store, new_mail(1, uid=5))
    pull(store, new_mail(1, uid=9), mailbox="Archive")
    assert len(store.messages(conversation_of(1))) == 1
    assert store.uids(SUPPORT, "INBOX") == {5}
    assert store.uids(SUPPORT, "Archive") == {9}
    assert store.row(conversation_of(1)).messages == 1


def test_a_new_uidvalidity_doubles_nothing(store: LocalStore) -> None:
    pull(store, new_mail(1), new_mail(2))
    pull(store, new_mail(1, uid=71), new_mail(2, uid=72), cursor=Cursor(2, 72), forget_uids=True)
    assert store.count(All()) == 2
    assert store.uids(SUPPORT, "INBOX") == {71, 72}
    assert store.messages(conversation_of(1))[0].uid == 71


def test_a_mail_known_from_before_a_new_uidvalidity_stands_below_the_cursor_and_is_no_flaw(store: LocalStore) -> None:
    """A pull that was killed right after its first list: previews of what is here already."""
    pull(store, new_mail(1), new_mail(2))
    listed = new_mail(2, uid=72, preview=True, header_only=True)
    pull(store, listed, cursor=Cursor(2, highest_uid=72, lowest_uid=73), forget_uids=True)
    assert store.uids(SUPPORT, "INBOX") == {72}
    assert store.ledger.check() == ()
    pull(store, new_mail(3, uid=80), cursor=Cursor(2, highest_uid=79, lowest_uid=70))
    assert [flaw.kind for flaw in store.ledger.check()] == [FlawKind.PLACES_OUTSIDE_CURSOR]


def test_two_mails_with_one_message_id_and_other_content_are_two(store: LocalStore) -> None:
    pull(store, new_mail(1, uid=1), new_mail(1, uid=2, content_sha256="other", text="別の本文"))
    assert [one.message.text for one in store.messages(conversation_of(1))] == ["本文", "別の本文"]


def test_a_conversation_outlives_the_removal_of_its_mail_at_the_server(store: LocalStore) -> None:
    pull(store, new_mail(1), new_mail(2))
    assert pull(store, cursor=Cursor(1, 2), gone=[1]) == {conversation_of(1)}
    assert store.uids(SUPPORT, "INBOX") == {2}
    (message,) = store.messages(conversation_of(1))
    assert message.expunged
    assert store.count(All()) == 2
    assert len(store.search(parse_query("本文"))) == 2


def test_flags_follow_the_server(store: LocalStore) -> None:
    pull(store, new_mail(1))
    assert pull(store, cursor=Cursor(1, 1), flags={1: ("\\Answered",)}) == {conversation_of(1)}
    assert store.messages(conversation_of(1))[0].flags == ("\\Answered",)


def test_a_header_is_completed_when_the_whole_mail_comes(store: LocalStore) -> None:
    pull(store, new_mail(1, text="はじめだけ", raw=None, header_only=True))
    assert store.raw(message_id_of(1), SUPPORT) is None
    pull(store, new_mail(1, text="全文に契約書がある", files=("契約書.pdf",)))
    (message,) = store.messages(conversation_of(1))
    assert not message.header_only
    assert store.raw(message_id_of(1), SUPPORT) is not None
    assert not store.search(parse_query("はじめだけ"))
    assert len(store.search(parse_query("契約書"))) == 1
    assert store.count(parse_query("has:attachment")) == 1


def test_a_whole_mail_is_not_cut_down_by_a_later_header(store: LocalStore) -> None:
    pull(store, new_mail(1, text="全文"))
    pull(store, new_mail(1, text="はじめ", raw=None, header_only=True))
    assert store.messages(conversation_of(1))[0].message.text == "全文"


def test_the_customer_is_who_wrote_from_outside_even_if_our_copy_came_first(store: LocalStore) -> None:
    sent = new_mail(1, thread=1)
    pull(store, sent, mailbox="Sent", outgoing=True)
    assert store.row(conversation_of(1)).customer_address == "support@example.jp"
    pull(store, new_mail(2, thread=1, name="高橋"))
    assert store.row(conversation_of(1)).customer_name == "高橋"
    assert [one.outgoing for one in store.messages(conversation_of(1))] == [True, False]


def test_messages_of_the_same_second_keep_apart(store: LocalStore) -> None:
    pull(store, *(new_mail(n, thread=1, internaldate=at(5)) for n in range(1, 40)))
    assert len(store.messages(conversation_of(1))) == 39


def test_a_lone_surrogate_costs_a_character_and_not_the_mail(store: LocalStore) -> None:
    pull(store, new_mail(1, "件名\ud800", "本文\udfff", name="名\ud800"))
    assert store.messages(conversation_of(1))[0].message.text == "本文?"
    assert len(store.search(parse_query("件名"))) == 1


def test_mail_that_cannot_be_read_is_a_visible_conversation(store: LocalStore) -> None:
    import msgspec

    mail = new_mail(1)
    broken = msgspec.structs.replace(mail.message, subject="", from_=(), to=(), text="no header ends here", unparsed=True)
    pull(store, msgspec.structs.replace(mail, message=broken))
    (row,) = store.page(All(), limit=10).rows
    assert store.messages(row.id)[0].message.unparsed


def test_a_message_the_team_put_elsewhere_goes_there_whenever_it_is_pulled(store: LocalStore) -> None:
    other = conversation_of(77)
    pull(store, new_mail(1), new_mail(2, thread=1))
    store.apply_events([opened(1, 1), arrived(2, 1), opened(3, 1, other, conversation_of(1)), arrived(4, 2, other), arrived(5, 3, other)], epoch=1)
    assert [one.message_id for one in store.messages(conversation_of(1))] == [message_id_of(1)]
    assert [one.message_id for one in store.messages(other)] == [message_id_of(2)]
    pull(store, new_mail(3, thread=99))
    assert [one.message_id for one in store.messages(other)] == [message_id_of(2), message_id_of(3)]
    assert store.row(conversation_of(99)) is None
    pull(store, new_mail(4, thread=1))
    assert [one.message_id for one in store.messages(other)] == [message_id_of(2), message_id_of(3), message_id_of(4)]
    assert store.row(conversation_of(1)).messages == 1


def test_when_an_inbox_was_looked_at_last_is_remembered(store: LocalStore) -> None:
    assert store.pulled_at(SUPPORT) is None
    store.record_pulled(SUPPORT, at(5))
    assert store.pulled_at(SUPPORT) == at(5)


def test_a_mail_without_anybody_in_it_has_a_hit_without_a_sender(store: LocalStore) -> None:
    import msgspec

    mail = new_mail(1)
    pull(store, msgspec.structs.replace(mail, message=msgspec.structs.replace(mail.message, from_=())))
    assert store.search(parse_query("本文"))[0].from_ == Address("", "")


def test_a_preview_is_replaced_by_the_text_and_that_by_the_whole(store: LocalStore) -> None:
    pull(store, new_mail(1, text="", raw=None, header_only=True, preview=True))
    assert store.row(conversation_of(1)).subject == "件名"
    pull(store, new_mail(1, text="本文だけ", raw=None, header_only=True))
    assert store.messages(conversation_of(1))[0].message.text == "本文だけ"
    assert len(store.search(parse_query("本文だけ"))) == 1
    pull(store, new_mail(1, text="", raw=None, header_only=True, preview=True))
    assert store.messages(conversation_of(1))[0].message.text == "本文だけ"
    assert store.complete(SUPPORT, new_mail(1, text="全文"))
    assert not store.complete(SUPPORT, new_mail(1, text="全文"))
    assert not store.messages(conversation_of(1))[0].header_only


def test_a_preview_whose_mail_is_gone_leaves_nothing_behind(store: LocalStore) -> None:
    pull(store, new_mail(1, text="", raw=None, header_only=True, preview=True), new_mail(2))
    pull(store, cursor=Cursor(1, 2), gone=[1, 2])
    assert store.row(conversation_of(1)) is None
    assert store.row(conversation_of(2)) is not None
    assert [hit.message_id for hit in store.search(parse_query("件名"))] == [message_id_of(2)]


def test_the_text_of_a_preview_may_say_better_where_it_belongs(store: LocalStore) -> None:
    preview = new_mail(1, thread=1, text="", raw=None, header_only=True, preview=True)
    pull(store, preview)
    pull(store, preview, mailbox="Archive")
    pull(store, new_mail(1, thread=9, text="本文"))
    assert store.count(parse_query("")) == 1
    (message,) = store.messages(conversation_of(9))
    assert message.message.text == "本文"
    assert store.uids(SUPPORT, "INBOX") == store.uids(SUPPORT, "Archive") == {1}
    assert len(store.search(parse_query("件名"))) == 1


def test_a_preview_that_is_opened_goes_where_its_text_says(store: LocalStore) -> None:
    pull(store, new_mail(1, uid=5, text="", raw=None, header_only=True, preview=True), mailbox="Sent", outgoing=True)
    assert store.complete(SUPPORT, new_mail(1, uid=5, thread=9, text="本文"))
    (message,) = store.messages(conversation_of(9))
    assert (message.message.text, message.mailbox, message.uid, message.outgoing) == ("本文", "Sent", 5, True)
    assert store.count(parse_query("")) == 1


def test_a_preview_stays_where_the_team_put_it(store: LocalStore) -> None:
    other = conversation_of(77)
    pull(store, new_mail(1, text="", raw=None, header_only=True, preview=True))
    store.apply_events([opened(1, 1), arrived(2, 1), opened(3, 1, other, conversation_of(1)), arrived(4, 1, other)], epoch=1)
    pull(store, new_mail(1, thread=9, text="本文"))
    assert [one.message.text for one in store.messages(other)] == ["本文"]
