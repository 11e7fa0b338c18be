"""SCRAM (RFC 5802, RFC 7677): the password is proved without being sent, and the server proves that it knows it too. Pure."""

import base64
import binascii
import hashlib
import hmac
import stringprep
import unicodedata

FEWEST_ROUNDS, MOST_ROUNDS = 4096, 5_000_000
"""RFC 7677 4 asks for 4096 at least; so many that a hostile server could keep us busy for minutes are refused."""

FORBIDDEN_TABLES = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class ScramBroken(ValueError):
    """The other side does not speak SCRAM as it should, or does not know the password. Nothing that it says is to be believed."""


class Scram:
    """One login. Without channel binding (`n,,`): that would need the server's certificate parsed, and TLS is verified anyhow."""

    def __init__(self, hash_name: str, user: str, password: str, nonce: str) -> None:
        self._hash = hash_name
        self._password = prepared(password).encode()
        self._nonce = nonce
        self._bare = f"n={prepared(user).replace('=', '=3D').replace(',', '=2C')},r={nonce}"
        self._proof_of_server = b""
        self.is_proved = False
        """True once the server has shown that it knows the password."""

    def first(self) -> bytes:
        """The client's first message."""
        return b"n,," + self._bare.encode()

    def answer(self, challenge: bytes) -> bytes:
        """The answer to the server's next message; b"" to its last.

        Raises:
            ScramBroken: See there.
        """
        if self.is_proved:
            raise ScramBroken("it goes on after the end")
        if self._proof_of_server:
            return self._check_server(challenge)
        return self._prove(challenge)

    def _prove(self, challenge: bytes) -> bytes:
        said = _attributes(challenge)
        nonce, salt, rounds = said.get("r", ""), _decoded(said.get("s", "")), said.get("i", "")
        if "m" in said or not nonce.startswith(self._nonce) or nonce == self._nonce or not salt:
            raise ScramBroken("its challenge is not to be trusted")
        if not (rounds.isdecimal() and len(rounds) <= len(str(MOST_ROUNDS)) and FEWEST_ROUNDS <= int(rounds) <= MOST_ROUNDS):
            raise ScramBroken("it asks for too little or too much work")
        final = f"c={base64.b64encode(b'n,,').decode('ascii')},r={nonce}"
        salted = hashlib.pbkdf2_hmac(self._hash, self._password, salt, int(rounds))
        signed = ",".join((self._bare, challenge.decode("utf-8", "replace"), final)).encode()
        client_key = self._keyed(salted, b"Client Key")
        signature = self._keyed(hashlib.new(self._hash, client_key).digest(), signed)
        self._proof_of_server = self._keyed(self._keyed(salted, b"Server Key"), signed)
        proof = bytes(one ^ other for one, other in zip(client_key, signature, strict=True))
        return f"{final},p={base64.b64encode(proof).decode('ascii')}".encode()

    def _check_server(self, challenge: bytes) -> bytes:
        said = _attributes(challenge)
        if not hmac.compare_digest(_decoded(said.get("v", "")), self._proof_of_server):
            raise ScramBroken("it could not prove that it knows the password")
        self.is_proved = True
        return b""

    def _keyed(self, key: bytes, message: bytes) -> bytes:
        return hmac.new(key, message, self._hash).digest()


def _attributes(message: bytes) -> dict[str, str]:
    pieces = message.decode("utf-8", "replace").split(",")
    return {name: value for name, mark, value in (piece.partition("=") for piece in pieces) if mark}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def prepared(text: str) -> str:
    """A user or password as SASLprep wants it (RFC 4013), so that all ways to type one letter are the same; else as it is."""
    mapped = "".join(" " if stringprep.in_table_c12(letter) else letter for letter in text if not stringprep.in_table_b1(letter))
    normal = unicodedata.normalize("NFKC", mapped)
    is_allowed = not any(forbidden(letter) for letter in normal for forbidden in FORBIDDEN_TABLES)
    # A password that the RFC forbids was stored by the server as it is, if at all.
    return normal if is_allowed and normal else text
