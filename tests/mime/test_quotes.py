"""Quotations fold and signatures are dim, measured on labelled mails; not one character is ever lost by it."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.mime.quoting.quotes import RunKind, line_kinds, runs_of
from tests.mime.quoted_mails import mails

LABELS = {"t": RunKind.TEXT, "q": RunKind.QUOTE, "s": RunKind.SIGNATURE, "f": RunKind.FORWARDED}
PIECES = st.sampled_from(
    [
        *("> a", "text", "-- ", "--", "", "━━━━━━━━", "TEL 03-1234-5678", "On 2026/11/24 10:00, A wrote:", "-----Original Message-----"),
        *("From: a", "Sent: b", "To: c", "Subject: d", "iPhoneから送信", "＞b", "____________", "株式会社アクメ", "\r", "\u2028", "\t> x"),
        *("差出人: a", "送信日時: b", "件名: c", "a" * 300, "!" * 300),
    ]
)


def counted(kind: RunKind) -> tuple[int, int, int, list[str]]:
    """Over all labelled mails: lines rightly found, wrongly found, missed; and which."""
    right = wrong = missed = 0
    which = []
    for name, mail in mails().items():
        for (label, line), found in zip(mail, line_kinds([line for _, line in mail]), strict=True):
            if label and ((found is kind) or LABELS[label] is kind):
                right += (hit := found is kind and LABELS[label] is kind)
                wrong += (extra := found is kind and not hit)
                missed += not hit and not extra
                which += [] if hit else [f"{'wrongly' if extra else 'missed'} in {name}: {line}"]
    return right, wrong, missed, which


def marks(kind: RunKind) -> tuple[float, float, list[str]]:
    """Precision and recall."""
    right, wrong, missed, which = counted(kind)
    return right / (right + wrong), right / (right + missed), which


def test_there_are_enough_labelled_mails() -> None:
    assert len(mails()) >= 80


def test_quotations_are_found() -> None:
    precision, recall, which = marks(RunKind.QUOTE)
    assert precision >= 0.99, which
    assert recall >= 0.99, which


def test_signatures_are_found() -> None:
    precision, recall, which = marks(RunKind.SIGNATURE)
    assert precision >= 0.99, which
    assert recall >= 0.98, which


def test_what_is_passed_on_is_found() -> None:
    assert marks(RunKind.FORWARDED) == (1, 1, [])


def test_no_word_of_a_person_is_folded_away() -> None:
    """A wrong signature is only dimmed; a wrong quotation would hide an answer."""
    hidden: list[str] = []
    for name, mail in mails().items():
        kinds = line_kinds([line for _, line in mail])
        hidden += [f"{name}: {line}" for (label, line), kind in zip(mail, kinds, strict=True) if label in "tf" and label and kind is RunKind.QUOTE]
    assert hidden == []


@given(st.lists(PIECES | st.text(max_size=12), max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_is_cut(lines: list[str]) -> None:
    text = "\n".join(lines)
    runs = runs_of(text)
    assert "".join(run.text for run in runs) == text
    assert all(before.kind is not after.kind for before, after in pairwise(runs))


def test_every_labelled_mail_is_whole() -> None:
    for mail in mails().values():
        text: str = "\n".join(line for _, line in mail)
        assert "".join(run.text for run in runs_of(text)) == text
