"""The OpenAPI 3.1 document, made from the table of calls: nothing in it is written by hand twice."""

import http
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web

from mailsync.link.protocol import VERSION, Problem
from mailsync.link.stream_protocol import FromClient, FromServer
from mailsync.server.authorise import Right
from mailsync.server.calls import BYTES, Endpoint
from mailsync.server.errors import CallRefused

Json = dict[str, Any]

JSON = "application/json"
_REF = "#/components/schemas/{name}"
_BINARY = {"type": "string", "format": "binary"}
_IN_PATH = re.compile(r"\{(\w+)\}")
_STREAMED = {"text/event-stream": "Frames as server-sent events."}


def openapi(endpoints: Sequence[Endpoint]) -> Json:
    """The whole document, as JSON knows it."""
    types = list(_types(endpoints))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    found = {_key(kind): schema for kind, schema in zip(types, schemas, strict=True)}
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, found, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "madoguchi, the team's server",
            "version": str(VERSION),
            "description": "A refusal by the team's rules is an answer (200, `refused`), not an error. Errors are a `Problem`. "
            "Every answer says in `Mado-As-Of` how far the journal was, and in `Mado-Epoch` which journal that is.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer", "description": "Or a Unix socket whose peer the server knows."}},
        },
        "security": [{"session": []}],
    }


def _types(endpoints: Iterable[Endpoint]) -> Iterator[Any]:
    yield Problem
    yield FromServer
    yield FromClient
    for endpoint in endpoints:
        for kind in (endpoint.body, endpoint.answer, endpoint.query):
            if kind is not None and kind is not web.StreamResponse and not isinstance(kind, str):
                yield kind


def _key(kind: object) -> str:
    return str(kind)


def _operation(endpoint: Endpoint, found: Mapping[str, Json], components: Mapping[str, Json]) -> Json:
    made: Json = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "x-right": str(endpoint.right),
        "parameters": [*_in_path(endpoint), *_in_query(endpoint, components)],
        "responses": {**_answers(endpoint, found), **_problems(endpoint, found)},
    }
    if endpoint.right is Right.ENTER:
        made["security"] = []
    if endpoint.body is not None:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": found[_key(endpoint.body)]}}}
    if endpoint.takes:
        made["requestBody"] = {"required": True, "content": {endpoint.takes: {"schema": _BINARY}}}
    return made


def _in_path(endpoint: Endpoint) -> Iterator[Json]:
    for name in _IN_PATH.findall(endpoint.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(endpoint: Endpoint, components: Mapping[str, Json]) -> Iterator[Json]:
    if endpoint.query is None:
        return
    shape = components[endpoint.query.__name__]
    for name, schema in shape["properties"].items():
        yield {"name": name, "in": "query", "required": name in shape["required"], "schema": schema}


def _answers(endpoint: Endpoint, found: Mapping[str, Json]) -> Json:
    if endpoint.answer is None or endpoint.takes:
        return {"204": {"description": "Done."}}
    if endpoint.answer is not web.StreamResponse:
        return {"200": {"description": "The answer.", "content": {JSON: {"schema": found[_key(endpoint.answer)]}}}}
    if endpoint.media in _STREAMED:
        return {"200": {"description": _STREAMED[endpoint.media], "content": {endpoint.media: {"schema": found[_key(FromServer)]}}}}
    if endpoint.media == BYTES:
        return {"200": {"description": "The bytes.", "content": {BYTES: {"schema": _BINARY}}}}
    if endpoint.media:
        return {"200": {"description": "The document.", "content": {endpoint.media: {"schema": {"type": "object"}}}}}
    return {
        "101": {
            "description": "A WebSocket: each message is one frame.",
            "x-down": found[_key(FromServer)],
            "x-up": found[_key(FromClient)],
        }
    }


def _problems(endpoint: Endpoint, found: Mapping[str, Json]) -> Json:
    """Every way in which a call may fail; what asks for nothing cannot be malformed or too large."""
    made: Json = {}
    for kind in sorted(CallRefused.__subclasses__(), key=lambda one: one.status):
        if kind.status == http.HTTPStatus.REQUEST_ENTITY_TOO_LARGE and endpoint.body is None and not endpoint.takes:
            continue
        words = (kind.__doc__ or kind.word).strip()
        made[str(int(kind.status))] = {"description": words, "content": {JSON: {"schema": found[_key(Problem)]}}}
    return made
