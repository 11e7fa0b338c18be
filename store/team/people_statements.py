"""The statements about people and trust: sessions, second factors, guesses, certificates, networks."""

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from store.team import people_tables as trust
from store.team import tables as t
from store.team.sql import Statement, Upsert

_unused = t.invitations.c.used_at.is_(None)
_unused_code = trust.recovery_codes.c.used_at.is_(None)
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

PUT_ENDING = Statement(Upsert(trust.endings))
DROP_ENDING = Statement(delete(trust.endings).where(trust.endings.c.member == bindparam("whose")))

# Sessions

SESSION = Statement(
    select(t.sessions.c.member, t.sessions.c.created_at, t.sessions.c.last_used_at).where(
        and_(t.sessions.c.secret_sha256 == bindparam("secret"), _open)
    )
)
ENDING_OF_SESSION = Statement(
    select(trust.endings.c.member, trust.endings.c.epoch, trust.endings.c.by_date)
    .select_from(trust.endings.join(t.sessions, t.sessions.c.member == trust.endings.c.member))
    .where(t.sessions.c.secret_sha256 == bindparam("secret"))
)
SESSIONS_OF = Statement(
    select(
        t.sessions.c.secret_sha256,
        t.sessions.c.terminal,
        t.sessions.c.created_at,
        t.sessions.c.last_used_at,
        trust.session_facts.c.place,
        trust.session_facts.c.how,
    )
    .select_from(t.sessions.outerjoin(trust.session_facts, trust.session_facts.c.secret_sha256 == t.sessions.c.secret_sha256))
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
DROP_STRAY_FACTS = Statement(delete(trust.session_facts).where(trust.session_facts.c.secret_sha256.not_in(select(t.sessions.c.secret_sha256))))
PUT_SESSION_FACTS = Statement(Upsert(trust.session_facts))
MOVE_SESSION = Statement(
    update(trust.session_facts).where(trust.session_facts.c.secret_sha256 == bindparam("secret")).values(place=bindparam("place"))
)
JOINED_EVER = Statement(select(func.count()).select_from(t.sessions).where(t.sessions.c.member == bindparam("whose")))

# Devices and guesses

PUT_DEVICE = Statement(Upsert(trust.devices))
DEVICE = Statement(
    select(trust.devices.c.member).where(and_(trust.devices.c.secret_sha256 == bindparam("secret"), trust.devices.c.last_at > bindparam("since")))
)
KNOWN_PLACE = Statement(
    select(trust.devices.c.member).where(
        and_(trust.devices.c.member == bindparam("whose"), trust.devices.c.place == bindparam("place"), trust.devices.c.last_at > bindparam("since"))
    )
)
DROP_DEVICES_OF = Statement(delete(trust.devices).where(trust.devices.c.member == bindparam("whose")))
DROP_OLD_DEVICES = Statement(delete(trust.devices).where(trust.devices.c.last_at < bindparam("before")))
GUESSES = Statement(select(trust.guesses.c.failures, trust.guesses.c.last_at).where(trust.guesses.c.name == bindparam("name")))
PUT_GUESSES = Statement(Upsert(trust.guesses))
DROP_GUESSES = Statement(delete(trust.guesses).where(trust.guesses.c.name == bindparam("name")))
DROP_OLD_GUESSES = Statement(delete(trust.guesses).where(trust.guesses.c.last_at < bindparam("before")))
COUNT_GUESSES = Statement(select(func.count()).select_from(trust.guesses))
OLDEST_GUESSES = Statement(select(trust.guesses.c.last_at).order_by(trust.guesses.c.last_at).offset(bindparam("skip")).limit(1))

# Second factors

GET_FACTOR = Statement(
    select(trust.second_factors.c.sealed, trust.second_factors.c.confirmed_at, trust.second_factors.c.last_step).where(
        trust.second_factors.c.member == bindparam("whose")
    )
)
CONFIRMED_FACTORS = Statement(select(trust.second_factors.c.member).where(trust.second_factors.c.confirmed_at.is_not(None)))
PUT_FACTOR = Statement(Upsert(trust.second_factors))
USE_STEP = Statement(
    update(trust.second_factors)
    .where(and_(trust.second_factors.c.member == bindparam("whose"), trust.second_factors.c.last_step < bindparam("step")))
    .values(last_step=bindparam("step"))
    .returning(trust.second_factors.c.member)
)
CONFIRM_FACTOR = Statement(
    update(trust.second_factors).where(trust.second_factors.c.member == bindparam("whose")).values(confirmed_at=bindparam("now_at"))
)
DROP_FACTOR = Statement(
    delete(trust.second_factors).where(trust.second_factors.c.member == bindparam("whose")).returning(trust.second_factors.c.member)
)
ADD_CODE = Statement(Upsert(trust.recovery_codes, keep=True))
USE_CODE = Statement(
    update(trust.recovery_codes)
    .where(and_(trust.recovery_codes.c.member == bindparam("whose"), trust.recovery_codes.c.code_sha256 == bindparam("code"), _unused_code))
    .values(used_at=bindparam("now_at"))
    .returning(trust.recovery_codes.c.member)
)
CODES_LEFT = Statement(
    select(func.count()).select_from(trust.recovery_codes).where(and_(trust.recovery_codes.c.member == bindparam("whose"), _unused_code))
)
DROP_CODES_OF = Statement(delete(trust.recovery_codes).where(trust.recovery_codes.c.member == bindparam("whose")))

# Certificates, networks, passwords that were handed out

CERTIFICATE_OF = Statement(select(trust.certificates.c.member).where(trust.certificates.c.name == bindparam("name")))
CERTIFICATES = Statement(select(trust.certificates.c.name, trust.certificates.c.member).order_by(trust.certificates.c.name))
PUT_CERTIFICATE = Statement(Upsert(trust.certificates))
DROP_CERTIFICATES_OF = Statement(delete(trust.certificates).where(trust.certificates.c.member == bindparam("whose")))
NETWORKS = Statement(select(trust.member_networks.c.member, trust.member_networks.c.networks))
PUT_NETWORKS = Statement(Upsert(trust.member_networks))
DROP_NETWORKS_OF = Statement(delete(trust.member_networks).where(trust.member_networks.c.member == bindparam("whose")))
PUT_HANDED_OUT = Statement(Upsert(trust.handed_out, keep=True))
HANDED_OUT = Statement(
    select(trust.handed_out.c.member, trust.handed_out.c.inbox, trust.handed_out.c.mark).order_by(trust.handed_out.c.member, trust.handed_out.c.inbox)
)
