"""SCRAM against the examples of its RFCs, and against servers that lie."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailsync.imap.scram import Scram, ScramBroken, prepared

SHA1 = ("sha1", "fyko+d2lbbFgONRv9qkxdawL", b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")
SHA256 = ("sha256", "rOprNGfwEbeRWgbNEkqO", b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")


@pytest.mark.parametrize(
    ("example", "proof", "verifier"),
    [
        (SHA1, b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="),
        (
            SHA256,
            b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        ),
    ],
)
def test_the_examples_of_rfc_5802_and_rfc_7677(example: tuple[str, str, bytes], proof: bytes, verifier: bytes) -> None:
    name, nonce, challenge = example
    scram = Scram(name, "user", "pencil", nonce)
    assert scram.first() == b"n,,n=user,r=" + nonce.encode()
    assert scram.answer(challenge) == proof
    assert not scram.is_proved
    assert scram.answer(verifier) == b""
    assert scram.is_proved


@pytest.mark.parametrize(
    "challenge",
    [
        b"",
        b"r=somebody-else,s=QSXCR+Q6sek8bf92,i=4096",
        b"r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096",
        b"r=fyko+d2lbbFgONRv9qkxdawL3,s=,i=4096",
        b"r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=1",
        b"r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=99999999999",
        b"r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=-4096",
        b"r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=" + b"9" * 5000,
        b"m=must-know,r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4096",
    ],
)
def test_a_challenge_that_cannot_be_honest_gets_no_proof(challenge: bytes) -> None:
    with pytest.raises(ScramBroken):
        Scram("sha1", "user", "pencil", SHA1[1]).answer(challenge)


@pytest.mark.parametrize("verifier", [b"", b"v=", b"v=AAAA", b"e=invalid-proof", b"v=rmF9pqV8S7suAoZWja4dJRkFsLQ="])
def test_a_server_that_does_not_know_the_password_is_found_out(verifier: bytes) -> None:
    scram = Scram("sha1", "user", "pencil", SHA1[1])
    scram.answer(SHA1[2])
    with pytest.raises(ScramBroken, match="could not prove"):
        scram.answer(verifier)
    assert not scram.is_proved


def test_a_name_cannot_add_an_attribute() -> None:
    assert Scram("sha1", "a,r=x=", "p", "n1").first() == b"n,,n=a=2Cr=3Dx=3D,r=n1"


@pytest.mark.parametrize(("typed", "meant"), [("I\u00adX", "IX"), ("user", "user"), ("USER", "USER"), ("ª", "a"), ("Ⅸ", "IX"), ("\u0007", "\u0007")])
def test_passwords_are_prepared_as_rfc_4013_shows(typed: str, meant: str) -> None:
    assert prepared(typed) == meant


def test_a_password_means_the_same_however_it_was_typed() -> None:
    assert prepared("パスワード") == prepared("ﾊﾟｽﾜｰﾄﾞ")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=3))
def test_no_server_makes_it_fall_over(challenges: list[bytes]) -> None:
    scram = Scram("sha256", "user", "pencil", "abc")
    for challenge in challenges:
        try:
            scram.answer(challenge)
        except ScramBroken:
            return
    assert not scram.is_proved
