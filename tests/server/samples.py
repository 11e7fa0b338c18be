"""A value of any type that travels, made from the type itself: what is new is tried without a line here."""

import enum
from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def sample(kind: Any, given: Mapping[str, object]) -> Any:
    """A value of `kind`; a field whose name is in `given`, at any depth, has that where it fits."""
    origin = get_origin(kind)
    if origin is Annotated:
        return sample(get_args(kind)[0], given)
    if origin in {Union, UnionType}:
        return next((sample(one, given) for one in get_args(kind) if one is not NoneType), None)
    if origin is Literal:
        return get_args(kind)[0]
    if origin in {tuple, frozenset, set, list}:
        return origin()
    if origin is dict or kind is dict:
        return {}
    if hasattr(kind, "__supertype__"):
        return sample(kind.__supertype__, given)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        taken = {field.name for field in msgspec.structs.fields(kind) if field.name in given and _fits(given[field.name], hints[field.name])}
        values = {name: given[name] for name in taken}
        return kind(**values, **{f.name: sample(hints[f.name], given) for f in msgspec.structs.fields(kind) if f.required and f.name not in taken})
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    plain = {str: "x", int: 1, float: 1.0, bool: True, bytes: b"x", datetime: AT, NoneType: None, object: None, msgspec.Raw: msgspec.Raw(b"{}")}
    return plain[kind]


def _fits(value: object, kind: Any) -> bool:
    """Whether the value can stand there: another Struct may have a field of the same name and another type."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
