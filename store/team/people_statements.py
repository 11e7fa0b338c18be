"""The statements about people and trust: sessions, second factors, guesses, certificates, networks."""

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from store.team import tables as t
from store.team.sql import Statement, Upsert

_unused = t.invitations.c.used_at.is_(None)
_unused_code = t.recovery_codes.c.used_at.is_(None)
_open = t.sessions.c.ended_at.is_(None)

# Members

MEMBER_OF_UID = Statement(select(t.members.c.body).where(t.members.c.unix_uid == bindparam("uid")))
INVITATIONS_OF = Statement(
    select(t.invitations.c.expires_at)
    .where(and_(t.invitations.c.member == bindparam("whose"), _unused, t.invitations.c.expires_at > bindparam("now_at")))
    .order_by(t.invitations.c.expires_at)
)
DROP_OPEN_INVITATIONS_OF = Statement(
    delete(t.invitations).where(and_(t.invitations.c.member == bindparam("whose"), _unused)).returning(t.invitations.c.member)
)
DROP_EVERY_OPEN_INVITATION = Statement(delete(t.invitations).where(_unused).returning(t.invitations.c.member))
INVITED = Statement(
    select(t.invitations.c.member).where(
        and_(t.invitations.c.secret_sha256 == bindparam("secret"), _unused, t.invitations.c.expires_at > bindparam("now_at"))
    )
)
STATES_BY_ID = Statement(
    select(t.conversations.c.id, t.conversations.c.state)
    .where(t.conversations.c.id > bindparam("after"))
    .order_by(t.conversations.c.id)
    .limit(bindparam("most"))
)

# Sessions

SESSION = Statement(
    select(t.sessions.c.member, t.sessions.c.created_at, t.sessions.c.last_used_at).where(
        and_(t.sessions.c.secret_sha256 == bindparam("secret"), _open)
    )
)
SESSIONS_OF = Statement(
    select(
        t.sessions.c.secret_sha256,
        t.sessions.c.terminal,
        t.sessions.c.created_at,
        t.sessions.c.last_used_at,
        t.session_facts.c.place,
        t.session_facts.c.how,
    )
    .select_from(t.sessions.outerjoin(t.session_facts, t.session_facts.c.secret_sha256 == t.sessions.c.secret_sha256))
    .where(and_(t.sessions.c.member == bindparam("whose"), _open))
    .order_by(t.sessions.c.last_used_at.desc())
)
END_SESSION_OF = Statement(
    update(t.sessions)
    .where(and_(t.sessions.c.secret_sha256 == bindparam("secret"), t.sessions.c.member == bindparam("whose"), _open))
    .values(ended_at=bindparam("now_at"))
    .returning(t.sessions.c.secret_sha256)
)
END_OTHER_SESSIONS_OF = Statement(
    update(t.sessions)
    .where(and_(t.sessions.c.member == bindparam("whose"), t.sessions.c.secret_sha256 != bindparam("but"), _open))
    .values(ended_at=bindparam("now_at"))
    .returning(t.sessions.c.secret_sha256)
)
END_EVERY_SESSION = Statement(update(t.sessions).where(_open).values(ended_at=bindparam("now_at")).returning(t.sessions.c.secret_sha256))
ENDED_SINCE = Statement(select(t.sessions.c.secret_sha256).where(t.sessions.c.ended_at >= bindparam("since")))
DROP_OLD_SESSIONS = Statement(
    delete(t.sessions).where(or_(t.sessions.c.ended_at < bindparam("before"), t.sessions.c.last_used_at < bindparam("before")))
)
DROP_STRAY_FACTS = Statement(delete(t.session_facts).where(t.session_facts.c.secret_sha256.not_in(select(t.sessions.c.secret_sha256))))
PUT_SESSION_FACTS = Statement(Upsert(t.session_facts))
MOVE_SESSION = Statement(update(t.session_facts).where(t.session_facts.c.secret_sha256 == bindparam("secret")).values(place=bindparam("place")))
JOINED_EVER = Statement(select(func.count()).select_from(t.sessions).where(t.sessions.c.member == bindparam("whose")))

# Devices and guesses

PUT_DEVICE = Statement(Upsert(t.devices))
DEVICE = Statement(select(t.devices.c.member).where(and_(t.devices.c.secret_sha256 == bindparam("secret"), t.devices.c.last_at > bindparam("since"))))
KNOWN_PLACE = Statement(
    select(t.devices.c.member).where(
        and_(t.devices.c.member == bindparam("whose"), t.devices.c.place == bindparam("place"), t.devices.c.last_at > bindparam("since"))
    )
)
DROP_DEVICES_OF = Statement(delete(t.devices).where(t.devices.c.member == bindparam("whose")))
DROP_OLD_DEVICES = Statement(delete(t.devices).where(t.devices.c.last_at < bindparam("before")))
GUESSES = Statement(select(t.guesses.c.failures, t.guesses.c.last_at).where(t.guesses.c.name == bindparam("name")))
PUT_GUESSES = Statement(Upsert(t.guesses))
DROP_GUESSES = Statement(delete(t.guesses).where(t.guesses.c.name == bindparam("name")))
DROP_OLD_GUESSES = Statement(delete(t.guesses).where(t.guesses.c.last_at < bindparam("before")))
COUNT_GUESSES = Statement(select(func.count()).select_from(t.guesses))
OLDEST_GUESSES = Statement(select(t.guesses.c.last_at).order_by(t.guesses.c.last_at).offset(bindparam("skip")).limit(1))

# Second factors

GET_FACTOR = Statement(
    select(t.second_factors.c.sealed, t.second_factors.c.confirmed_at, t.second_factors.c.last_step).where(
        t.second_factors.c.member == bindparam("whose")
    )
)
CONFIRMED_FACTORS = Statement(select(t.second_factors.c.member).where(t.second_factors.c.confirmed_at.is_not(None)))
PUT_FACTOR = Statement(Upsert(t.second_factors))
USE_STEP = Statement(
    update(t.second_factors)
    .where(and_(t.second_factors.c.member == bindparam("whose"), t.second_factors.c.last_step < bindparam("step")))
    .values(last_step=bindparam("step"))
    .returning(t.second_factors.c.member)
)
CONFIRM_FACTOR = Statement(update(t.second_factors).where(t.second_factors.c.member == bindparam("whose")).values(confirmed_at=bindparam("now_at")))
DROP_FACTOR = Statement(delete(t.second_factors).where(t.second_factors.c.member == bindparam("whose")).returning(t.second_factors.c.member))
ADD_CODE = Statement(Upsert(t.recovery_codes, keep=True))
USE_CODE = Statement(
    update(t.recovery_codes)
    .where(and_(t.recovery_codes.c.member == bindparam("whose"), t.recovery_codes.c.code_sha256 == bindparam("code"), _unused_code))
    .values(used_at=bindparam("now_at"))
    .returning(t.recovery_codes.c.member)
)
CODES_LEFT = Statement(select(func.count()).select_from(t.recovery_codes).where(and_(t.recovery_codes.c.member == bindparam("whose"), _unused_code)))
DROP_CODES_OF = Statement(delete(t.recovery_codes).where(t.recovery_codes.c.member == bindparam("whose")))

# Certificates, networks, passwords that were handed out

CERTIFICATE_OF = Statement(select(t.certificates.c.member).where(t.certificates.c.name == bindparam("name")))
CERTIFICATES = Statement(select(t.certificates.c.name, t.certificates.c.member).order_by(t.certificates.c.name))
PUT_CERTIFICATE = Statement(Upsert(t.certificates))
DROP_CERTIFICATES_OF = Statement(delete(t.certificates).where(t.certificates.c.member == bindparam("whose")))
NETWORKS = Statement(select(t.member_networks.c.member, t.member_networks.c.networks))
PUT_NETWORKS = Statement(Upsert(t.member_networks))
DROP_NETWORKS_OF = Statement(delete(t.member_networks).where(t.member_networks.c.member == bindparam("whose")))
PUT_HANDED_OUT = Statement(Upsert(t.handed_out, keep=True))
HANDED_OUT = Statement(select(t.handed_out.c.member, t.handed_out.c.inbox, t.handed_out.c.mark).order_by(t.handed_out.c.member, t.handed_out.c.inbox))
