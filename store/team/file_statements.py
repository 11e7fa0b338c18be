"""The statements about files of comments."""

from sqlalchemy import BigInteger, and_, bindparam, cast, delete, func, select, tuple_, update

from store.team.file_tables import file_pieces as p
from store.team.file_tables import files_of_comments as f
from store.team.sql import Statement, Upsert

# PostgreSQL sums whole numbers to a `numeric`, which nothing else here is.
_bytes = cast(func.coalesce(func.sum(f.c.size_bytes), 0), BigInteger)
_this_file = and_(f.c.comment_id == bindparam("comment"), f.c.sha256 == bindparam("hash"))
_these_pieces = and_(p.c.comment_id == bindparam("comment"), p.c.sha256 == bindparam("hash"))

GET_FILE = Statement(select(f.c.conversation_id, f.c.member, f.c.size_bytes, f.c.whole_at, f.c.said_at).where(_this_file))
PUT_FILE = Statement(Upsert(f))
FILES_WHOLE = Statement(
    select(f.c.sha256, f.c.size_bytes).where(
        and_(f.c.comment_id == bindparam("comment"), f.c.member == bindparam("member"), f.c.whole_at.is_not(None), f.c.said_at.is_(None))
    )
)
END_FILE = Statement(update(f).where(_this_file).values(whole_at=bindparam("now_at")))
HOUSE_FILE = Statement(
    update(f).where(_this_file).values(conversation_id=bindparam("conversation"), said_at=func.coalesce(f.c.said_at, bindparam("now_at")))
)
DROP_FILE = Statement(delete(f).where(_this_file))
DROP_FILES_IN = Statement(delete(f).where(f.c.conversation_id == bindparam("which")))
BYTES_OF_ALL = Statement(select(_bytes))
BYTES_UNSAID = Statement(select(_bytes).where(and_(f.c.member == bindparam("member"), f.c.said_at.is_(None))))
FORGOTTEN = Statement(select(f.c.comment_id, f.c.sha256).where(and_(f.c.said_at.is_(None), f.c.began_at < bindparam("before"))))

PUT_PIECE = Statement(Upsert(p))
GET_PIECE = Statement(select(p.c.content).where(and_(_these_pieces, p.c.n == bindparam("n"))))
PIECES_AND_BYTES = Statement(select(func.count(), func.coalesce(func.sum(func.length(p.c.content)), 0)).where(_these_pieces))
DROP_PIECES = Statement(delete(p).where(_these_pieces))
DROP_PIECES_IN = Statement(
    delete(p).where(tuple_(p.c.comment_id, p.c.sha256).in_(select(f.c.comment_id, f.c.sha256).where(f.c.conversation_id == bindparam("which"))))
)
