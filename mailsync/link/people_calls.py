"""The calls about people and trust, for the typed client."""

from typing import cast
from urllib.parse import quote

from mailsync.link import people_protocol as p
from mailsync.link.protocol import AddMemberRequest, MemberAdded
from store.domain.ids import MemberKey


class PeopleCalls:
    """What a client can ask about people. How it is asked is for the class that inherits this to say."""

    async def _told(self, method: str, path: str, kind: object = None, *, body: object = None) -> object:
        raise NotImplementedError

    async def own_sessions(self) -> list[p.SessionInfo]:
        """One's own sessions."""
        return cast("list[p.SessionInfo]", await self._told("GET", "/v1/me/sessions", list[p.SessionInfo]))

    async def end_other_sessions(self) -> p.Ended:
        """End all others of them."""
        return cast("p.Ended", await self._told("DELETE", "/v1/me/sessions", p.Ended))

    async def end_own_session(self, session_id: str) -> p.Ended:
        """End one of them."""
        return cast("p.Ended", await self._told("DELETE", f"/v1/me/sessions/{quote(session_id, safe='')}", p.Ended))

    async def change_password(self, body: p.NewPassword) -> p.Ended:
        """Set one's password."""
        return cast("p.Ended", await self._told("POST", "/v1/me/password", p.Ended, body=body))

    async def second_factor(self) -> p.FactorState:
        """How one's second factor stands."""
        return cast("p.FactorState", await self._told("GET", "/v1/me/second-factor", p.FactorState))

    async def begin_second_factor(self, body: p.PasswordShown) -> p.FactorBegun:
        """Begin one."""
        return cast("p.FactorBegun", await self._told("POST", "/v1/me/second-factor", p.FactorBegun, body=body))

    async def confirm_second_factor(self, body: p.CodeShown) -> p.RecoveryCodes:
        """Turn it on."""
        return cast("p.RecoveryCodes", await self._told("PUT", "/v1/me/second-factor", p.RecoveryCodes, body=body))

    async def end_second_factor(self, body: p.PasswordShown) -> None:
        """Turn it off."""
        await self._told("POST", "/v1/me/second-factor/end", body=body)

    async def renew_recovery_codes(self, body: p.CodeShown) -> p.RecoveryCodes:
        """Other ones."""
        return cast("p.RecoveryCodes", await self._told("POST", "/v1/me/recovery-codes", p.RecoveryCodes, body=body))

    async def add_member(self, body: AddMemberRequest) -> MemberAdded:
        """Invite a member."""
        return cast("MemberAdded", await self._told("POST", "/v1/members", MemberAdded, body=body))

    async def member_details(self, key: MemberKey) -> p.MemberDetails:
        """What lets a member in."""
        return cast("p.MemberDetails", await self._told("GET", f"/v1/members/{quote(key, safe='')}", p.MemberDetails))

    async def change_member(self, key: MemberKey, body: p.MemberChange) -> p.MemberDetails:
        """Change a member."""
        return cast("p.MemberDetails", await self._told("PUT", f"/v1/members/{quote(key, safe='')}", p.MemberDetails, body=body))

    async def invite_again(self, key: MemberKey, body: p.InviteAgain) -> MemberAdded:
        """Invite again."""
        return cast("MemberAdded", await self._told("POST", f"/v1/members/{quote(key, safe='')}/invite", MemberAdded, body=body))

    async def uninvite(self, key: MemberKey) -> p.Ended:
        """Take it back."""
        return cast("p.Ended", await self._told("DELETE", f"/v1/members/{quote(key, safe='')}/invitations", p.Ended))

    async def allow_networks(self, key: MemberKey, body: p.Networks) -> None:
        """From where they may call."""
        await self._told("PUT", f"/v1/members/{quote(key, safe='')}/networks", body=body)

    async def bind_certificates(self, key: MemberKey, body: p.CertificateNames) -> p.CertificateNames:
        """Their certificates."""
        return cast("p.CertificateNames", await self._told("PUT", f"/v1/members/{quote(key, safe='')}/certificates", p.CertificateNames, body=body))

    async def deactivate(self, key: MemberKey) -> p.Deactivated:
        """End a member."""
        return cast("p.Deactivated", await self._told("POST", f"/v1/members/{quote(key, safe='')}/deactivate", p.Deactivated))

    async def sessions_of(self, key: MemberKey) -> list[p.SessionInfo]:
        """A colleague's sessions."""
        return cast("list[p.SessionInfo]", await self._told("GET", f"/v1/members/{quote(key, safe='')}/sessions", list[p.SessionInfo]))

    async def end_sessions_of(self, key: MemberKey) -> p.Ended:
        """End them all."""
        return cast("p.Ended", await self._told("DELETE", f"/v1/members/{quote(key, safe='')}/sessions", p.Ended))

    async def end_session_of(self, key: MemberKey, session_id: str) -> p.Ended:
        """End one."""
        return cast("p.Ended", await self._told("DELETE", f"/v1/members/{quote(key, safe='')}/sessions/{quote(session_id, safe='')}", p.Ended))

    async def mailbox_passwords(self) -> list[p.PasswordToChange]:
        """Shared ones to change."""
        return cast("list[p.PasswordToChange]", await self._told("GET", "/v1/mailbox-passwords", list[p.PasswordToChange]))
