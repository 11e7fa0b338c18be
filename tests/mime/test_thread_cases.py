"""What real mail programs, gateways, lists and trackers write, threaded as a person would."""

from itertools import permutations

import pytest

from mailsync.mime.parse import parse_message
from store.domain.message import Message
from store.domain.thread_roots import threads_of
from tests.mime.thread_cases import CASES, Case

AT_LEAST = 40


def parsed(case: Case) -> dict[str, Message]:
    found = {}
    for name, lines in case.mails:
        own = "" if "Message-ID: " in lines.replace("-Message-ID: ", "") else f"Message-ID: <{name}@x>\r\n"
        sender = "" if "From: " in lines else "From: kyaku@c.test\r\n"
        raw = f"{own}{sender}Date: Mon, 1 Jan 2024 09:00:00 +0900\r\n{lines.strip()}\r\n\r\ntext\r\n".replace("\r\n\r\n\r\n", "\r\n\r\n")
        found[name] = parse_message(raw.encode())
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_these_make_these_conversations(case: Case) -> None:
    mails = parsed(case)
    names = {mail.message_id: name for name, mail in mails.items()}
    for order in permutations(mails.values()):
        groups = threads_of(order)
        assert {frozenset(names[message_id] for message_id in group) for group in groups} == {frozenset(thread) for thread in case.threads}


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= AT_LEAST
