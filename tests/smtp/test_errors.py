"""No exception of aiosmtplib gets past the seam: each becomes one of ours, at every step."""

import inspect
import ssl

import aiosmtplib
import aiosmtplib.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsync.smtp.access import SmtpAccess
from mailsync.smtp.errors import SmtpLoginRefused, SmtpUnreachable, SubmissionUncertain
from mailsync.smtp.foreign import nothing_handed_over, uncertain
from mailsync.smtp.wire import address_bytes, in_words, wire_form
from store.domain.outbox import OutboxState, RecipientResult
from store.errors import CannotReach, NotPermitted

ACCESS = SmtpAccess("mail.example.test", 465, "implicit", "support", None)
FOREIGN = sorted(
    {found for _, found in inspect.getmembers(aiosmtplib.errors, inspect.isclass) if issubclass(found, aiosmtplib.SMTPException)},
    key=lambda found: found.__name__,
)


def made(kind: type[aiosmtplib.SMTPException], code: int = 550) -> aiosmtplib.SMTPException:
    """One of the kind, built as the library builds it."""
    names = list(inspect.signature(kind.__init__).parameters)[1:]
    values = {"code": code, "message": "words", "sender": "s@example.test", "recipient": "r@example.test", "recipients": []}
    return kind(*(values[name] for name in names))


def test_the_walk_sees_the_library() -> None:
    assert {kind.__name__ for kind in FOREIGN} >= set(aiosmtplib.errors.__all__)
    assert len(FOREIGN) >= 15


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("code", [421, 535, 550, -1])
def test_before_the_text_each_foreign_error_says_that_nothing_was_sent(kind: type[aiosmtplib.SMTPException], code: int) -> None:
    ours = nothing_handed_over(made(kind, code), ACCESS)
    assert isinstance(ours, CannotReach | NotPermitted)
    assert "Nothing was sent" in str(ours)
    assert ours.exit_code in (3, 4)


@pytest.mark.parametrize("kind", FOREIGN)
def test_after_the_text_each_foreign_error_is_uncertain(kind: type[aiosmtplib.SMTPException]) -> None:
    results = (RecipientResult("a@x.test", OutboxState.ACCEPTED, 250, "OK"), RecipientResult("b@x.test", OutboxState.REFUSED, 550, "no"))
    ours = uncertain(made(kind), ACCESS, results)
    assert isinstance(ours, SubmissionUncertain)
    assert [result.state for result in ours.results] == [OutboxState.UNKNOWN, OutboxState.REFUSED]


@pytest.mark.parametrize(
    "error", [OSError(), OSError(113, "No route to host"), ssl.SSLError(1, "bad"), ValueError("x"), UnicodeEncodeError("ascii", "é", 0, 1, "x")]
)
def test_errors_of_the_socket_and_of_tls_are_ours_too(error: Exception) -> None:
    assert isinstance(nothing_handed_over(error, ACCESS), CannotReach)


def test_only_a_definite_no_to_the_login_is_a_wrong_password() -> None:
    assert isinstance(nothing_handed_over(aiosmtplib.SMTPAuthenticationError(535, "no"), ACCESS), SmtpLoginRefused)
    assert isinstance(nothing_handed_over(aiosmtplib.SMTPAuthenticationError(454, "try later"), ACCESS), SmtpUnreachable)


@given(st.binary(max_size=300))
def test_no_text_can_end_itself_early(mime: bytes) -> None:
    wire = wire_form(mime)
    assert wire.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert b"\n" not in wire.replace(b"\r\n", b"")
    assert b"\r" not in wire.replace(b"\r\n", b"")


@given(st.text(max_size=40), st.booleans())
def test_no_address_can_break_out_of_its_command(address: str, smtputf8: bool) -> None:
    wire = address_bytes(address, smtputf8=smtputf8)
    if wire is not None:
        assert wire
        assert not set(wire) & set(b"\r\n\0 <>")
        assert smtputf8 or wire.isascii()


@given(st.text(st.characters(), max_size=800))
def test_a_servers_words_can_always_be_stored_on_one_line(reply: str) -> None:
    words = in_words(reply)
    words.encode()
    assert len(words.splitlines()) <= 1
    assert len(words) <= 500


def test_bytes_that_are_no_utf8_become_marks() -> None:
    assert in_words("550 caf\udce9") == "550 caf?"
