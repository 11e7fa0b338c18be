"""Secrets that only their owner knows: made of random bytes, kept as SHA-256."""

import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """A secret to hand over once."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_sha256(secret: str) -> str:
    """How a secret of random bytes is kept; it needs no salt and no slowness."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
