"""Options: the fields of a layer, an optimiser or a run, each declared once with its bounds.

A class that can be configured is a dataclass whose fields are made by `integer`, `number` or
`choice`. From that one declaration come the constructor, the check of a JSON document, the
message that names the field at fault, and (through `describe`) the controls of a page.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from glassnet.errors import ConfigError

T = TypeVar("T")
Check = Callable[[object, str], object]  # (value, path) -> the value to keep, or ConfigError


def integer(default: Any = dataclasses.MISSING, *, low: int, high: int) -> Any:
    """Declare a whole number between `low` and `high`, both included."""

    def check(value: object, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ConfigError(path, f"expected a whole number, got {value!r}")
        if not low <= value <= high:
            raise ConfigError(path, f"expected {low} to {high}, got {value}")
        return value

    return _field(default, check, {"kind": "integer", "low": low, "high": high})


def number(default: Any = dataclasses.MISSING, *, low: float, high: float) -> Any:
    """Declare a finite real number between `low` and `high`, both included."""

    def check(value: object, path: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(path, f"expected a number, got {value!r}")
        if not (math.isfinite(value) and low <= value <= high):
            raise ConfigError(path, f"expected {low:g} to {high:g}, got {value}")
        return float(value)

    return _field(default, check, {"kind": "number", "low": low, "high": high})


def choice(table: Mapping[str, object], default: Any = dataclasses.MISSING) -> Any:
    """Declare a name out of `table`, which is looked at late: it may grow."""

    def check(value: object, path: str) -> str:
        if not isinstance(value, str) or value not in table:
            raise ConfigError(path, f"expected one of {', '.join(table)}; got {value!r}")
        return value

    return _field(default, check, {"kind": "choice", "table": table})


def tagged(table: Mapping[str, type], default: Mapping[str, object]) -> Any:
    """Declare an object `{"type": name, ...}` whose class is looked up in `table`."""

    def check(value: object, path: str) -> object:
        return complete(table, value, path)

    return _field(lambda: complete(table, default, ""), check, {"kind": "tagged", "table": table})


def listed(table: Mapping[str, type], default: list[Mapping[str, object]]) -> Any:
    """Declare a non-empty list of `tagged` objects."""

    def check(value: object, path: str) -> object:
        if not isinstance(value, list | tuple) or not value:
            raise ConfigError(path, f"expected a list of at least one object, got {value!r}")
        return tuple(complete(table, item, f"{path}[{i}]") for i, item in enumerate(value))

    return _field(lambda: check(default, ""), check, {"kind": "listed", "table": table})


def _field(default: Any, check: Check, description: dict[str, object]) -> Any:
    metadata = {"check": check, "describe": description}
    if callable(default):
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def read(cls: type[T], document: object, path: str = "") -> T:
    """Make a `cls` from a JSON object, checking every field; unknown fields are refused too.

    Raises:
        ConfigError: naming the first field that is missing, unknown, of the wrong kind or range.
    """
    if not isinstance(document, Mapping):
        raise ConfigError(path or "configuration", f"expected an object, got {document!r}")
    fields = {f.name: f for f in dataclasses.fields(cls) if "check" in f.metadata}  # type: ignore[arg-type]
    for name in document:
        if name not in fields:
            raise ConfigError(_join(path, name), f"unknown; known are {', '.join(fields)}")
    values = {}
    for name, field in fields.items():
        if name in document:
            values[name] = field.metadata["check"](document[name], _join(path, name))
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise ConfigError(_join(path, name), "is missing")
    return cls(**values)


def write(instance: object) -> dict[str, Any]:
    """The options of `instance` as a JSON object; `read` gives an equal one back."""
    fields = dataclasses.fields(instance)  # type: ignore[arg-type]
    return {f.name: getattr(instance, f.name) for f in fields if "check" in f.metadata}


def make(table: Mapping[str, type], document: object, path: str = "") -> Any:
    """Make the object that `{"type": name, ...}` describes, of the class `table[name]`."""
    if not isinstance(document, Mapping):
        raise ConfigError(path, f"expected an object with a type, got {document!r}")
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in table:
        wanted = ", ".join(table)
        raise ConfigError(_join(path, "type"), f"expected one of {wanted}; got {kind!r}")
    return read(table[kind], {k: v for k, v in document.items() if k != "type"}, path)


def complete(table: Mapping[str, type], document: object, path: str) -> dict[str, Any]:
    """Check `{"type": name, ...}` and fill in the defaults."""
    made = make(table, document, path)
    assert isinstance(document, Mapping)
    return {"type": document["type"], **write(made)}


def describe(cls: type) -> dict[str, dict[str, Any]]:
    """What each option of `cls` accepts, as plain JSON: what a page needs to draw its controls."""
    result = {}
    for field in dataclasses.fields(cls):
        if "describe" in field.metadata:
            about = dict(field.metadata["describe"])
            table = about.pop("table", None)
            if table is not None:
                about["choices"] = list(table)
            if field.default is not dataclasses.MISSING:
                about["default"] = field.default
            result[field.name] = about
    return result


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else str(name)
