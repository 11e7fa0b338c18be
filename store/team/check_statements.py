"""The statements about replies that wait for a checker."""

from sqlalchemy import bindparam, delete, select

from store.team.check_tables import checks, remarks
from store.team.sql import Statement, Upsert

ADD_CHECK = Statement(Upsert(checks))
GET_CHECK = Statement(select(checks.c.mime).where(checks.c.id == bindparam("id")))
DROP_CHECK = Statement(delete(checks).where(checks.c.id == bindparam("which")))
DROP_CHECKS_IN = Statement(delete(checks).where(checks.c.conversation_id == bindparam("which")))
ADD_REMARK = Statement(Upsert(remarks))
REMARKS_OF = Statement(select(remarks).where(remarks.c.member == bindparam("member")).order_by(remarks.c.at.desc()).limit(bindparam("most")))
"""Every column, in the table's order."""
REMARK_ABOUT = Statement(select(remarks).where(remarks.c.id == bindparam("id")))
REMARKS_OF_KIND = Statement(select(remarks.c.id, remarks.c.remark).where(remarks.c.kind == bindparam("kind")))
DROP_REMARK = Statement(delete(remarks).where(remarks.c.id == bindparam("which")))
DROP_REMARKS_IN = Statement(delete(remarks).where(remarks.c.conversation_id == bindparam("which")))
