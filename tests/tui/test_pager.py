"""The window on a list while its query changes under it: what is typed last is what is shown."""

import asyncio
from datetime import timedelta
from pathlib import Path

from store.domain.query import parse_query
from store.local.rows import ConversationRow
from tests.tui.home_builder import HomeBuilder
from tui.pager import Pager
from tui.view.window import Window


async def test_of_many_searches_typed_at_once_only_the_last_is_shown(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(60)
    shown: list[Window[ConversationRow]] = []
    pager = Pager(builder.store, parse_query("is:tray"), shown.append)
    pager.window = pager.window.resized(20)
    wishes = [parse_query(text) for text in ("返", "返品", "返品の", "Invoice", "ログイン")]
    opened = await asyncio.gather(*(pager.open(each) for each in wishes))
    assert opened[-1]
    assert pager.query is wishes[-1]
    assert {row.subject[:4] for row in pager.window.rows} == {"ログイン"}
    assert sum(opened) == len(shown) <= 2
    builder.close()


async def test_a_refresh_that_is_given_up_for_a_search_is_no_trouble(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(60)
    pager = Pager(builder.store, parse_query("is:tray"), lambda _window: None)
    pager.window = pager.window.resized(20)
    await pager.open(pager.query)
    wanted = parse_query("返品")
    await asyncio.gather(pager.refresh(), pager.to_edge(end=True), pager.open(wanted), pager.refresh())
    assert pager.query is wanted
    assert len(pager.window.rows) == 12
    builder.close()


async def test_a_list_by_relevance_stays_one_when_it_is_read_again_and_the_next_search_is_newest_first(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    best = builder.mail("返品の件", "返品します。返品先は？", ago=timedelta(hours=2))
    newest = builder.mail("質問", "返品ではありません。", ago=timedelta(hours=1))
    pager = Pager(builder.store, parse_query("is:tray"), lambda _window: None)
    pager.window = pager.window.resized(20)
    query = parse_query("返品")
    assert await pager.open(query, best=True)
    assert [row.id for row in pager.window.rows] == [best, newest]
    pager.show(pager.window.placed(1))
    newer = builder.mail("質問", "返品でもありません。", ago=timedelta(minutes=1))
    await pager.refresh()
    assert pager.window.rows[0].id == best
    assert {row.id for row in pager.window.rows} == {best, newest, newer}
    assert pager.window.selected is not None
    assert pager.window.selected.id == newest
    await pager.open(parse_query("返品"))
    assert [row.id for row in pager.window.rows] == [newer, newest, best]
    builder.close()


async def test_searches_typed_quickly_while_mail_comes_in_end_with_what_the_store_holds(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(60)
    pager = Pager(builder.store, parse_query("is:tray"), lambda _window: None)
    pager.window = pager.window.resized(20)
    typed = ("返", "返品", "-返品", "a*", "返品 OR ログ*", "from:ben 返品", '"手続きを教えて"', "- 返品")
    coming = asyncio.create_task(
        asyncio.to_thread(lambda: [builder.mail(f"返品 {n}", "お願いします。", ago=timedelta(minutes=1)) for n in range(40)])
    )
    turn = 0
    while not coming.done():
        texts = [typed[(turn + step) % len(typed)] for step in range(3)]
        await asyncio.gather(*(pager.open(parse_query(text), best=turn % 3 == 0) for text in texts), pager.refresh())
        turn += 1
    await coming
    wanted = parse_query("返品")
    assert await pager.open(wanted)
    await pager.refresh()
    assert turn > 1
    assert pager.window.rows == builder.store.page(wanted, limit=len(pager.window.rows)).rows
    assert sum("返品 " in row.subject for row in pager.window.rows) == 40
    builder.close()


async def test_back_from_a_search_one_stands_where_one_stood_whatever_came_or_went_meanwhile(tmp_path: Path) -> None:
    builder = HomeBuilder(tmp_path / "home")
    builder.many(60)
    tray = parse_query("is:tray")
    pager = Pager(builder.store, tray, lambda _window: None)
    pager.window = pager.window.resized(20)
    await pager.open(tray)
    pager.show(pager.window.placed(33))
    left, row = pager.standing, pager.window.selected
    line = pager.window.line_of(pager.window.cursor, pager.window.top)
    await pager.open(parse_query("返品"))
    assert pager.window.cursor == 0
    builder.mail("あとから", "新しいメール", ago=timedelta(minutes=1))
    await pager.open(parse_query("is:tray"), standing=left)
    assert pager.window.selected == row
    assert pager.window.cursor == 34
    assert pager.window.line_of(pager.window.cursor, pager.window.top) == line
    # Another list begins at its top.
    await pager.open(parse_query("返品"), standing=left)
    assert pager.window.cursor == 0
    builder.close()
