"""The statements about replies that wait for a checker."""

from sqlalchemy import bindparam, delete, select

from store.team.check_tables import checks
from store.team.sql import Statement, insert_into

ADD_CHECK = insert_into(checks)
GET_CHECK = Statement(select(checks.c.mime).where(checks.c.id == bindparam("id")))
DROP_CHECK = Statement(delete(checks).where(checks.c.id == bindparam("which")))
DROP_CHECKS_IN = Statement(delete(checks).where(checks.c.conversation_id == bindparam("which")))
