"""Codes of an authenticator app (RFC 6238, over RFC 4226), and the recovery codes for the day the phone is lost. Pure."""

import base64
import hmac
from datetime import datetime
from hashlib import sha1
from urllib.parse import quote

SECRET_BYTES = 20
"""As long as SHA-1's output (RFC 4226 4, R6)."""
STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1
"""How far a phone's clock may be off, each way (RFC 6238 5.2)."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 bits: a plain hash of it cannot be tried out."""


def step_at(now: datetime) -> int:
    """The number of the time step (RFC 6238 4.2, T0 = 1970)."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226 5.3). SHA-1 is what every app takes; an HMAC does not suffer from its collisions."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), sha1).digest()
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, now: datetime, last_step: int) -> int | None:
    """The step whose code this is, within the drift and later than the last that was taken; None: none. Every step is compared, in equal time."""
    given, here = plain_code(code).encode(), step_at(now)
    found = None
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), given) and step > last_step:
            found = step
    return found


def plain_code(code: str) -> str:
    """A code as it is compared: without the blanks and hyphens people write between, in small letters."""
    return "".join(letter for letter in code.lower() if letter.isalnum())[:64]


def is_totp(code: str) -> bool:
    """Whether it looks like an app's code, not like one for recovery."""
    plain = plain_code(code)
    return len(plain) == DIGITS and plain.isascii() and plain.isdigit()


def app_uri(secret: bytes, member: str, house: str) -> str:
    """What an app reads (the Key URI format): as a link, or made a QR code of."""
    label = f"{quote(house)}:{quote(member)}"
    return f"otpauth://totp/{label}?secret={base32(secret)}&issuer={quote(house)}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"


def base32(secret: bytes) -> str:
    """The secret as it is typed into an app (RFC 4648 6, without padding)."""
    return base64.b32encode(secret).decode().rstrip("=")


def recovery_code(random: bytes) -> str:
    """Ten random bytes as four groups of four letters and digits."""
    text = base32(random).lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
