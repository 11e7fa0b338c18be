"""The window on a list while its query changes under it: what is typed last is what is shown."""

import asyncio
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
