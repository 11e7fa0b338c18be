"""Thread keys are the same on every machine, in every order of arrival."""

import re

from hypothesis import given
from hypothesis import strategies as st

from store.domain.threading import synthetic_message_id, thread_key

ids = st.text(min_size=1).map(lambda text: f"<{text}@x>")


def test_a_known_thread_key_never_changes():
    # Stored at every client and in every journal: another value would tear conversations apart.
    assert thread_key("support", "<a@x>", (), ()) == "oqopfrvyhkbtmzqr"


def test_a_reply_to_a_message_nobody_has_seen_yet_finds_its_thread():
    root = thread_key("support", "<a@x>", (), ())
    assert thread_key("support", "<c@x>", ("<b@x>",), ("<a@x>", "<b@x>")) == root
    assert thread_key("support", "<b@x>", ("<a@x>",), ()) == root


def test_the_same_thread_in_two_inboxes_is_two():
    assert thread_key("support", "<a@x>", (), ()) != thread_key("sales", "<a@x>", (), ())


@given(ids, st.lists(ids), st.lists(ids))
def test_a_key_has_sixteen_letters_whatever_the_headers_hold(message_id, in_reply_to, references):
    key = thread_key("support", message_id, in_reply_to, references)
    assert re.fullmatch("[a-z2-7]{16}", key)
    assert key == thread_key("support", "<other@x>", (), (*references, *in_reply_to, message_id))


def test_mail_without_a_message_id_gets_one_that_names_no_real_host():
    assert synthetic_message_id("ab" * 32) == f"<{'ab' * 16}@missing.invalid>"
