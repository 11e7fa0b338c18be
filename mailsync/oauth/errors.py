"""What can go wrong when a token is renewed, sorted by what the caller can do.

    MadoError
    ├── CannotReach
    │   └── TokenServerAway   it could not be asked, or gave no sense: try again later
    └── NotPermitted
        └── RenewalRefused    it takes the stored token no longer: somebody must log in anew

All are `OAuthError` too. None holds a token.
"""

from store.errors import CannotReach, MadoError, NotPermitted


class OAuthError(MadoError):
    """A token could not be renewed."""


class TokenServerAway(OAuthError, CannotReach):
    """The old token may still be good for the next try."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"the token server {where} {problem}: check `imap.token_url` and the network", where=where, problem=problem)


class RenewalRefused(OAuthError, NotPermitted):
    """Asking again with the same token will not help (RFC 6749 5.2)."""

    def __init__(self, where: str, inbox: str, reason: str) -> None:
        super().__init__(
            f'the token server {where} gave no new token for {inbox} ("{reason}"): log in with the provider anew, '
            f"then store the refresh token with `mado login --inbox`",
            where=where,
            inbox=inbox,
            reason=reason,
        )
