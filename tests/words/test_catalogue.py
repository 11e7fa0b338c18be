"""Japanese and English are complete, from the start."""

import ast
import inspect
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import tui.words
from store.domain.query import QueryError, parse_query
from tests.rows import row
from tui.cli.helping import FRAME
from tui.view.commands.every import COMMANDS
from tui.view.overheard import SENTENCES, in_own_words
from tui.view.width import columns_of

ROOT = Path(__file__).parents[2]
PO = ROOT / "tui/words/ja/LC_MESSAGES/mado.po"
PROSE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
"""Two words behind each other, the second in small letters: a sentence for somebody."""
SAID_BY_THE_CALLER = {"_", "ngettext", "Command"}
"""What goes through the catalogue: a call of these, or the key map's commands, which are translated when they are shown."""


@cache
def written() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="ja")


def entries() -> list[Message]:
    return [message for message in written() if message.id]


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def strings(message: Message) -> tuple[str, ...]:
    found = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return tuple(each or "" for each in found)


def facts(sentence: str) -> set[tuple[str, str, str]]:
    """The fields of a sentence, each with how it is formatted."""
    return {(name, form or "", turned or "") for _text, name, form, turned in string.Formatter().parse(sentence) if name is not None}


@dataclass
class Code:
    """What is said in the code, and what is wrong with it."""

    unseen: list[str] = field(default_factory=list)
    """Marked in `tui`, and not in the catalogue."""
    loose: list[tuple[str, str]] = field(default_factory=list)
    """Sentences in `tui` that are not marked, each with its place."""
    texts: set[str] = field(default_factory=set)
    """Everywhere but where other rooms are repeated."""
    lacking: list[str] = field(default_factory=list)


def trees(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


@cache
def code() -> Code:
    """Each file is read once for all the tests."""
    found = Code()
    known = {each for message in entries() for each in ids(message)}
    for path, tree in trees("tui", "mailsync", "store"):
        found.lacking += lacking_in(path, tree)
        if path.name not in ("overheard.py", "remarks.py"):
            found.texts |= {text for node in ast.walk(tree) if (text := _text(node))}
        if path.parts[0] == "tui":
            found.unseen += unseen_in(path, tree, known)
            if path.name not in ("overheard.py", "remarks.py", "helping.py"):
                found.loose += [(f"{path}:{node.lineno}", said) for node, said in _sentences(tree)]
    return found


def test_every_word_for_people_has_a_japanese_one_and_writing_the_catalogue_again_changes_no_byte() -> None:
    ran = subprocess.run([sys.executable, "scripts/words.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_translation_fills_in_the_same_facts() -> None:
    for message in entries():
        wanted = set().union(*(facts(each) for each in ids(message) if "{query, limit}" not in each))
        for each in strings(message):
            if "{query, limit}" not in each:
                assert facts(each) == wanted, message.id


def test_a_translation_is_japanese_and_does_not_run_into_its_neighbour() -> None:
    for message in entries():
        for each in strings(message):
            assert each[:1].isspace() == ids(message)[0][:1].isspace(), message.id
            assert each[-1:].isspace() == ids(message)[0][-1:].isspace(), f"{message.id!r}: the blank before what is typed"


def test_a_word_that_names_one_thing_is_the_same_everywhere() -> None:
    """会話 and 案件, 受信箱 and 窓口 beside each other would be two things to an agent."""
    for message in entries():
        for each in strings(message):
            assert not re.search("会話|スレッド|チケット|受信箱|受信トレイ|テンプレート|アサイン|ロック中|社内メモ", each), message.id


def test_no_sentence_of_the_desk_says_itself_which_key_does_something() -> None:
    """Where `preset = "gmail"`, `u` leads back to the list: what a key does is said with the key that is in use.

    The keys of a question, and the columns of the list, are the same everywhere; sentences of the command line say `-` and `@`.
    """
    fixed = ("^O puts a file", "Attach (path or file number", "… {n} more lines: e shows all")
    does = "takes|shows|brings|opens|lists|goes|writes|reads|decides|changes|saves|puts|searches"
    says = re.compile(rf"(?<![\w{{`.-])([b-zB-HJ-Z1-9/@!*&#]|\^[A-Z]) ({does})\b")
    for message in entries():
        if not any(place.startswith("tui/cli/") for place, _line in message.locations) and not ids(message)[0].startswith(fixed):
            assert not any(says.search(each) for each in ids(message)), message.id
            assert not any(re.search("(?<![A-Za-z^`])[a-zA-Z] で", each) for each in strings(message)), message.id


WRAPPED = frozenset({"tui/view/overheard.py", "tui/view/explaining.py", "tui/view/linear.py"})
"""Their sentences stand on pages, or are read out, as long as they are."""


def test_what_stands_in_one_line_fits_into_eighty_columns() -> None:
    """Banner, toast and prompt have one line; a fact is reckoned with six columns here."""
    screens = ("tui/view/", "tui/screens/", "tui/actions/", "tui/app.py", "tui/composing.py")
    for message in entries():
        places = [place for place, _line in message.locations]
        if any(place.startswith(screens) and place not in WRAPPED for place in places):
            for each in (*ids(message), *strings(message)):
                assert columns_of(re.sub(r"\{[^}]*\}", "f" * 6, each)) < 78, each


def test_what_a_key_does_fits_into_the_help() -> None:
    for command in COMMANDS:
        assert columns_of(command.words) <= 44, command.name
        assert all(columns_of(each) <= 44 for message in entries() if ids(message)[0] == command.words for each in strings(message)), command.name


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with PO.with_suffix(".mo").open("rb") as compiled:
        shipped = {ids(message)[0]: strings(message) for message in read_mo(compiled) if message.id}
    assert shipped == {ids(message)[0]: strings(message) for message in entries()}


def test_the_collector_sees_every_word_that_is_marked() -> None:
    """Also one inside an f-string, which it would read over."""
    assert not code().unseen


def unseen_in(path: Path, tree: ast.Module, known: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            for said in node.args[: 1 if node.func.id == "_" else 2]:
                if isinstance(said, ast.Constant) and said.value not in known:
                    yield f"{path}:{node.lineno} {said.value!r}"
                elif isinstance(said, ast.JoinedStr):
                    yield f"{path}:{node.lineno} an f-string is never found in a catalogue"


def test_no_sentence_for_people_is_left_loose() -> None:
    """Every English sentence in the code of `tui` is marked, or is one of the shapes that are translated where they are shown."""
    shapes = {blank(sentence) for sentence in SENTENCES}
    assert not [f"{place} {said!r}" for place, said in code().loose if blank(said) not in shapes and "mado on " not in said]


def _sentences(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Prose that is neither marked, nor a docstring, nor an option's help (collected from the verbs), nor said by an assertion."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        said = _text(node)
        if said is None or not PROSE.search(said) or isinstance(above.get(node), ast.JoinedStr | ast.Expr):
            continue
        around = list(_around(node, above))
        marked = any(isinstance(each, ast.Call) and getattr(each.func, "id", "") in SAID_BY_THE_CALLER for each in around)
        collected = any(isinstance(each, ast.keyword) and each.arg == "help" for each in around)
        if not marked and not collected and not any(isinstance(each, ast.Assert) for each in around):
            assert isinstance(node, ast.expr)
            yield node, said


def _around(node: ast.AST, above: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in above:
        node = above[node]
        yield node


def _text(node: ast.AST) -> str | None:
    """A literal's text; the fields of an f-string as `{}`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    return None


def blank(sentence: str) -> str:
    """Without the names of its facts."""
    return re.sub(r"\{\w+\}", "{}", sentence)


def test_every_sentence_of_another_room_is_still_said_there() -> None:
    assert [sentence for sentence in SENTENCES if blank(sentence) not in code().texts] == []


def test_every_remark_on_a_mail_can_be_said_in_the_agents_language() -> None:
    shapes = {blank(sentence) for sentence in SENTENCES}
    read = [tree for path, tree in trees("mailsync") if str(path).startswith("mailsync/mime/") and not path.name.startswith("compose")]
    said = {
        text for tree in (*read, *(tree for path, tree in trees("mailsync/engine") if path.name == "reading.py")) for _node, text in _sentences(tree)
    }
    assert [each for each in said if re.fullmatch(r"[A-Z][^\\\n]*[.]", each) and blank(each) not in shapes] == []


def test_clicks_own_words_are_still_clicks() -> None:
    source = "".join(inspect.getsource(module) for module in (click.core, click.exceptions, click.formatting, click.types, click.decorators))
    assert [words for words in FRAME if repr(words)[1:-1] not in source] == []


@pytest.fixture
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MADO_LANG", "ja")
    monkeypatch.setattr(tui.words, "_translation", None)


@pytest.mark.usefixtures("japanese")
def test_a_wrong_search_is_explained_in_japanese_with_its_facts() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("number:abc")
    assert in_own_words(str(caught.value)) == "検索式の 8 文字目を読み取れません: 'abc' は番号ではありません"


@pytest.mark.usefixtures("japanese")
def test_an_error_of_another_room_is_said_in_japanese() -> None:
    for sentence in SENTENCES:
        with row(sentence):
            names = {name for name, _form, _turned in facts(sentence)}
            filled = sentence.format(**{name: " (403)" if name in ("detail", "said", "who") else f"«{name}»" for name in names})
            said = in_own_words(filled)
            assert all((" (403)" if name in ("detail", "said", "who") else f"«{name}»") in said for name in names)
            assert said != filled or sentence == "{path}: {what}{detail}"


@pytest.mark.usefixtures("japanese")
def test_a_sentence_nobody_foresaw_stays_as_it_is() -> None:
    assert in_own_words("ENOENT something (else) happened") == "ENOENT something (else) happened"


def test_every_sentence_is_given_all_that_it_names() -> None:
    assert not code().lacking


def lacking_in(path: Path, tree: ast.Module) -> Iterator[str]:
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="_" | "ngettext"), args=said), attr="format"), keywords=keywords):
                given = {keyword.arg for keyword in keywords}
                sentences = [each.value for each in said if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                yield from (f"{path}:{call.lineno}: {each}" for each in sentences if None not in given and not names(each) <= given)


def names(sentence: str) -> set[str | None]:
    """What a sentence is to be given."""
    return {re.split(r"[.\[]", name)[0] for name, _form, _turned in facts(sentence)}
