"""The OpenAPI document is whole, and is the one that the server answers by."""

import json
import re
from collections.abc import Iterator
from typing import Any

import aiohttp
import msgspec

from mailsync.link.calls import Calls
from mailsync.server.endpoints import ENDPOINTS
from mailsync.server.matrix import event_types
from mailsync.server.needs import command_types
from mailsync.server.openapi import openapi
from tests.server.server_house import Served
from tests.server.test_cli import mado

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
SCHEMA_WORDS = {
    "$ref", "title", "description", "type", "properties", "required", "additionalProperties", "default", "anyOf", "discriminator", "enum",
    "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "contentEncoding", "format", "const", "pattern",
}  # fmt: skip


def every(node: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of the document and where it is."""
    if isinstance(node, dict):
        yield at, node
        for name, part in node.items():
            yield from every(part, f"{at}/{name}")
    elif isinstance(node, list):
        for place, part in enumerate(node):
            yield from every(part, f"{at}/{place}")


def check_schema(schema: Any, at: str) -> None:
    """JSON Schema 2020-12, as far as the words go that are used here."""
    assert isinstance(schema, dict), at
    assert set(schema) <= SCHEMA_WORDS, (at, set(schema) - SCHEMA_WORDS)
    if "type" in schema:
        assert schema["type"] in TYPES, at
    for word in ("anyOf", "prefixItems"):
        for place, part in enumerate(schema.get(word, [])):
            check_schema(part, f"{at}/{word}/{place}")
    for name, part in schema.get("properties", {}).items():
        check_schema(part, f"{at}/{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            check_schema(schema[word], f"{at}/{word}")
    if "required" in schema:
        assert set(schema["required"]) <= set(schema.get("properties", {})), at
    if "enum" in schema:
        assert len(set(schema["enum"])) == len(schema["enum"]) > 0, at


def test_the_document_is_whole() -> None:
    document = json.loads(msgspec.json.encode(openapi(ENDPOINTS)))
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert re.fullmatch(r"\d+", document["info"]["version"])
    names: list[str] = []
    for path, item in document["paths"].items():
        assert path.startswith("/v1/")
        assert set(item) <= METHODS
        for operation in item.values():
            names.append(operation["operationId"])
            declared = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert declared == set(re.findall(r"\{(\w+)\}", path))
            for parameter in operation["parameters"]:
                assert parameter["in"] in {"path", "query"}
                assert parameter["in"] != "path" or parameter["required"] is True
                check_schema(parameter["schema"], path)
            assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])
            assert all(answer["description"] for answer in operation["responses"].values())
            for word in re.findall(r"\w+", str(operation.get("security", ""))):
                assert word in document["components"]["securitySchemes"]
    assert sorted(names) == sorted({endpoint.name for endpoint in ENDPOINTS})
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        check_schema(schema, name)
    for at, node in every(document):
        if isinstance(node.get("$ref"), str):
            there = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                assert part in there, (at, node["$ref"])
                there = there[part]


def test_every_command_and_event_is_in_the_document() -> None:
    named = set(openapi(ENDPOINTS)["components"]["schemas"])
    for kind in (*command_types(), *event_types()):
        assert kind.__name__ in named


def test_the_typed_client_has_every_call() -> None:
    for endpoint in ENDPOINTS:
        assert hasattr(Calls, endpoint.name) or endpoint.answer.__name__ == "StreamResponse", endpoint.name


async def test_a_member_reads_the_document_and_a_stranger_does_not(served: Served) -> None:
    sato = await served.member("Sato")
    status, raw = await served.raw("GET", "/v1/openapi.json", session=sato.session)
    assert status == 200
    assert json.loads(raw) == json.loads(msgspec.json.encode(openapi(ENDPOINTS)))
    status, _raw = await served.raw("GET", "/v1/openapi.json")
    assert status == 401


def test_the_document_needs_no_server() -> None:
    ran = mado("server", "openapi")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["openapi"] == "3.1.0"


async def test_every_answer_says_how_far_the_journal_is(served: Served) -> None:
    sato = await served.member("Sato")
    await served.team.arrives("<1@example.org>")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {sato.session}"}) as http:
        for path in ("/v1/me", "/v1/outbox", "/v1/drafts", "/v1/openapi.json"):
            async with http.get(served.url + path) as answer:
                assert answer.status == 200
                assert int(answer.headers["Mado-As-Of"]) == served.house.desk.seq
                assert answer.headers["Mado-Epoch"] == "1"
        async with http.delete(f"{served.url}/v1/drafts/nowhere") as answer:
            assert (answer.status, int(answer.headers["Mado-As-Of"])) == (204, served.house.desk.seq)
