"""The calls about people and trust: part of the one table in `endpoints`."""

from mailsync.link import people_protocol as p
from mailsync.link.protocol import AddMemberRequest, MemberAdded
from mailsync.server import leaving, managing, own_account
from mailsync.server.authorise import Right
from mailsync.server.calls import Endpoint

PEOPLE: tuple[Endpoint, ...] = (
    Endpoint("GET", "/v1/me/sessions", Right.OWN, own_account.own_sessions, "One's own sessions.", answer=list[p.SessionInfo]),
    Endpoint("DELETE", "/v1/me/sessions", Right.OWN, own_account.end_other_sessions, "End all others of them.", answer=p.Ended),
    Endpoint("DELETE", "/v1/me/sessions/{session_id}", Right.OWN, own_account.end_own_session, "End one of them.", answer=p.Ended),
    Endpoint("POST", "/v1/me/password", Right.OWN, own_account.change_password, "Set one's password.", p.NewPassword, p.Ended),
    Endpoint("GET", "/v1/me/second-factor", Right.OWN, own_account.second_factor, "How one's second factor stands.", answer=p.FactorState),
    Endpoint("POST", "/v1/me/second-factor", Right.OWN, own_account.begin_second_factor, "Begin one.", p.PasswordShown, p.FactorBegun),
    Endpoint("PUT", "/v1/me/second-factor", Right.OWN, own_account.confirm_second_factor, "Turn it on.", p.CodeShown, p.RecoveryCodes),
    Endpoint("POST", "/v1/me/second-factor/end", Right.OWN, own_account.end_second_factor, "Turn it off.", p.PasswordShown),
    Endpoint("POST", "/v1/me/recovery-codes", Right.OWN, own_account.renew_recovery_codes, "Other ones.", p.CodeShown, p.RecoveryCodes),
    Endpoint("POST", "/v1/members", Right.ADMINISTER, managing.add_member, "Invite a member.", AddMemberRequest, MemberAdded),
    Endpoint("GET", "/v1/members/{key}", Right.ADMINISTER, managing.member_details, "What lets a member in.", answer=p.MemberDetails),
    Endpoint("PUT", "/v1/members/{key}", Right.ADMINISTER, managing.change_member, "Change a member.", p.MemberChange, p.MemberDetails),
    Endpoint("POST", "/v1/members/{key}/invite", Right.ADMINISTER, managing.invite_again, "Invite again.", p.InviteAgain, MemberAdded),
    Endpoint("DELETE", "/v1/members/{key}/invitations", Right.ADMINISTER, managing.uninvite, "Take it back.", answer=p.Ended),
    Endpoint("PUT", "/v1/members/{key}/networks", Right.ADMINISTER, managing.allow_networks, "From where they may call.", p.Networks),
    Endpoint(
        "PUT",
        "/v1/members/{key}/certificates",
        Right.ADMINISTER,
        managing.bind_certificates,
        "Their certificates.",
        p.CertificateNames,
        p.CertificateNames,
    ),
    Endpoint("POST", "/v1/members/{key}/deactivate", Right.ADMINISTER, leaving.deactivate, "End a member.", answer=p.Deactivated),
    Endpoint("GET", "/v1/members/{key}/sessions", Right.LEAD, managing.sessions_of, "A colleague's sessions.", answer=list[p.SessionInfo]),
    Endpoint("DELETE", "/v1/members/{key}/sessions", Right.LEAD, managing.end_sessions_of, "End them all.", answer=p.Ended),
    Endpoint("DELETE", "/v1/members/{key}/sessions/{session_id}", Right.LEAD, managing.end_session_of, "End one.", answer=p.Ended),
    Endpoint("GET", "/v1/mailbox-passwords", Right.ADMINISTER, leaving.mailbox_passwords, "Shared ones to change.", answer=list[p.PasswordToChange]),
)
