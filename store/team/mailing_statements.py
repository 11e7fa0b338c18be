"""The statements of mailings, their rows and the do-not-mail list."""

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from store.team import mailing_tables as m
from store.team.sql import Statement, Upsert
from store.team.tables import submissions

rows, mailings, suppressed = m.mailing_rows, m.mailings, m.suppressed

PUT_MAILING = Statement(Upsert(mailings))
_kept = select(mailings.c.body, mailings.c.last_at, mailings.c.last_n, mailings.c.digest)
PUT_MAILING_ANEW = Statement(update(mailings).where(mailings.c.id == bindparam("which")).values(body=bindparam("body")))
GET_MAILING = Statement(_kept.where(mailings.c.id == bindparam("id")))
ROWS_CAME = Statement(update(mailings).where(mailings.c.id == bindparam("which")).values(last_n=bindparam("reached"), digest=bindparam("hashed")))
MAILINGS = Statement(_kept.order_by(mailings.c.started_at.desc(), mailings.c.id).limit(bindparam("most")))
MAILINGS_IN = Statement(_kept.where(mailings.c.state == bindparam("which")).order_by(mailings.c.started_at))
TOOK_TURN = Statement(update(mailings).where(mailings.c.id == bindparam("which")).values(last_at=bindparam("now_at")))

PUT_ROW = Statement(Upsert(rows))
COUNT_ROWS = Statement(select(func.count()).where(rows.c.mailing_id == bindparam("mailing")))
SAME_ADDRESS = Statement(select(rows.c.n).where(and_(rows.c.address_sha256 == bindparam("hash"), rows.c.mailing_id == bindparam("mailing"))))
_frozen = (rows.c.n, rows.c.address, rows.c.name, rows.c.subject, rows.c.message_id, rows.c.mime)
NEXT_ROWS = Statement(
    select(*_frozen).where(and_(rows.c.mailing_id == bindparam("mailing"), rows.c.state == "waiting")).order_by(rows.c.n).limit(bindparam("most"))
)
_waiting = select(*_frozen).where(and_(rows.c.mailing_id == bindparam("mailing"), rows.c.state == "waiting")).limit(1)
FIRST_ROW = Statement(_waiting.order_by(rows.c.n))
LONGEST_ROW = Statement(_waiting.order_by(func.length(rows.c.mime).desc(), rows.c.n))
LAST_ROW = Statement(_waiting.order_by(rows.c.n.desc()))
SAMPLES = (FIRST_ROW, LONGEST_ROW, LAST_ROW)
ADDRESS_OF_ROW = Statement(select(rows.c.address).where(and_(rows.c.mailing_id == bindparam("mailing"), rows.c.n == bindparam("row"))))
END_ROW = Statement(
    update(rows)
    .where(and_(rows.c.mailing_id == bindparam("mailing"), rows.c.n == bindparam("row")))
    .values(state=bindparam("becomes"), reason=bindparam("because"), at=bindparam("now_at"), mime=b"")
)
DROP_ROWS = Statement(delete(rows).where(rows.c.mailing_id == bindparam("mailing")))
_NOTHING = {"address": "", "address_sha256": "", "name": "", "subject": "", "mime": b""}
FORGET_PERSON = Statement(update(rows).where(rows.c.address_sha256 == bindparam("whose")).values(**_NOTHING))
MAILINGS_OF_PERSON = Statement(select(rows.c.mailing_id).where(rows.c.address_sha256 == bindparam("whose")).distinct())
FORGET_ROW = Statement(update(rows).where(rows.c.submission_id == bindparam("which")).values(**_NOTHING))
END_FOR_PERSON = Statement(
    update(rows).where(and_(rows.c.address_sha256 == bindparam("whose"), rows.c.state == "waiting")).values(state="skipped", reason="erased")
)
ROWS_OF_PERSON = Statement(select(func.count()).where(rows.c.address_sha256 == bindparam("whose")))

IN_OUTBOX = Statement(
    select(submissions.c.state, func.count())
    .select_from(submissions.join(rows, rows.c.submission_id == submissions.c.id))
    .where(
        and_(
            submissions.c.inbox == bindparam("inbox"),
            or_(*(submissions.c.state == state for state in ("scheduled", "queued", "sending", "deferred", "held"))),
        )
    )
    .group_by(submissions.c.state)
)
_with_submission = rows.outerjoin(submissions, submissions.c.id == rows.c.submission_id)
FATES = Statement(
    select(rows.c.state, submissions.c.state, func.count())
    .select_from(_with_submission)
    .where(rows.c.mailing_id == bindparam("mailing"))
    .group_by(rows.c.state, submissions.c.state)
)
RESULTS_AFTER = Statement(
    select(rows.c.n, rows.c.address, rows.c.state, rows.c.reason, rows.c.at, rows.c.message_id, submissions.c.state, submissions.c.conversation_id)
    .select_from(_with_submission)
    .where(and_(rows.c.mailing_id == bindparam("mailing"), rows.c.n > bindparam("after")))
    .order_by(rows.c.n)
    .limit(bindparam("most"))
)

PUT_SUPPRESSED = Statement(Upsert(suppressed))
GET_SUPPRESSED = Statement(select(suppressed.c.reason).where(suppressed.c.address_sha256 == bindparam("hash")))
DROP_SUPPRESSED = Statement(delete(suppressed).where(suppressed.c.address_sha256 == bindparam("hash")))
FORGET_SUPPRESSED = Statement(update(suppressed).where(suppressed.c.address_sha256 == bindparam("which")).values(address="", reason=""))
SUPPRESSED_AFTER = Statement(
    select(*suppressed.c).where(suppressed.c.address_sha256 > bindparam("after")).order_by(suppressed.c.address_sha256).limit(bindparam("most"))
)
