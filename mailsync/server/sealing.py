"""What the server must be able to read again lies sealed in the database: its key lies among the home's secrets, in no backup of it."""

import base64
import hashlib
import hmac
import os

from mailsync.server.errors import SealBroken
from store.settings.secrets import Secret, Secrets

HOUSE_KEY = "house-key"
KEY_BYTES = 32
NONCE_BYTES = 12


class Sealing:
    """AES-256-GCM (NIST SP 800-38D), bound to a name: what was sealed for one member opens for no other. Reads the key when first needed."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._key: bytes | None = None

    def seal(self, content: bytes, name: str) -> str:
        """The content, readable with the house's key only."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # start-up cost: few log in with a second factor

        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + AESGCM(self._house_key()).encrypt(nonce, content, name.encode())).decode()

    def open(self, sealed: str, name: str) -> bytes:
        """The content again.

        Raises:
            SealBroken: It was sealed with another key or for another name, or was changed.
        """
        from cryptography.exceptions import InvalidTag  # start-up cost, both
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(self._house_key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(name) from error

    def mark(self, secret: Secret, name: str) -> str:
        """A keyed hash by which a secret is known again, and nothing else of it."""
        return hmac.new(self._house_key(), f"{name}\0{secret.reveal()}".encode(), hashlib.sha256).hexdigest()

    def _house_key(self) -> bytes:
        if self._key is None:
            with self._secrets.alone():
                kept = self._secrets.get(HOUSE_KEY)
                if kept is None:
                    kept = Secret(base64.b64encode(os.urandom(KEY_BYTES)).decode())
                    self._secrets.put(HOUSE_KEY, kept)
            self._key = base64.b64decode(kept.reveal())
        return self._key
