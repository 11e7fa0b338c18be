"""How a token is shown at a login, for IMAP and SMTP alike: XOAUTH2 and OAUTHBEARER (RFC 7628). Pure."""

import json


class Bearer:
    """One login with a token. A server that refuses it says why in a challenge before its no (RFC 7628 3.2.2)."""

    is_proved = True

    def __init__(self, begin: str, end: bytes) -> None:
        self._begin = begin
        self._end = end
        self.problem = ""
        """What the server said of the token, such as `invalid_token`."""

    def first(self) -> bytes:
        """What the client says first."""
        return self._begin.encode()

    def answer(self, challenge: bytes) -> bytes:
        """The answer to a challenge, as RFC 7628 wants it, so that the no follows."""
        try:
            said = json.loads(challenge)
        except ValueError:
            said = None
        self.problem = str(said.get("status", "refused")) if isinstance(said, dict) else "refused"
        return self._end


def bearer(mechanism: str, user: str, token: str, *, host: str, port: int) -> Bearer:
    """The play of `XOAUTH2` or `OAUTHBEARER`."""
    if mechanism == "XOAUTH2":
        return Bearer(f"user={user}\x01auth=Bearer {token}\x01\x01", b"")
    name_in_gs2 = user.replace("=", "=3D").replace(",", "=2C")
    return Bearer(f"n,a={name_in_gs2},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01", b"\x01")
