"""Options: the fields of a layer, an optimiser or a run, each declared once with its bounds.

A class that can be configured is a dataclass, an `Options`, whose fields are made by `integer`,
`number` or `choice`. From that one declaration come the constructor and its check, that of a JSON
document, the message that names the field at fault, and (through `describe`) a page's controls.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any, TypeVar

from glassnet.errors import ConfigError

T = TypeVar("T")
Check = Callable[[object, str], object]  # (value, path) -> the value to keep, or ConfigError


class Options:
    """What is made of checked fields: a constructor's arguments are looked at, too."""

    def __post_init__(self) -> None:
        """Raises ConfigError, naming the first field of the wrong kind or range."""
        for name, field in checked(type(self)).items():
            value = field.metadata["check"](getattr(self, name), name)
            object.__setattr__(self, name, value)  # some are frozen


def checked(cls: type) -> dict[str, dataclasses.Field[Any]]:
    """The fields of a class that were declared by the functions below, by name."""
    return {f.name: f for f in dataclasses.fields(cls) if "check" in f.metadata}


def integer(default: Any = dataclasses.MISSING, *, low: int, high: int, formerly: str = "") -> Any:
    """Declare a whole number between `low` and `high`, both included.

    Args:
        formerly: what the field was called in files and links that are still to be read.
    """

    def check(value: object, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ConfigError(path, f"expected a whole number, got {value!r}")
        whole = int(value)
        if not low <= whole <= high:
            raise ConfigError(path, f"expected {low} to {high}, got {value}")
        return whole

    return _field(default, check, {"kind": "integer", "low": low, "high": high}, formerly)


def number(
    default: Any = dataclasses.MISSING, *, low: float, high: float, formerly: str = ""
) -> Any:
    """Declare a finite real number between `low` and `high`, both included; as `integer`."""

    def check(value: object, path: str) -> float:
        if isinstance(value, bool) or not isinstance(value, Real):
            raise ConfigError(path, f"expected a number, got {value!r}")
        real = float(value)
        if not (math.isfinite(real) and low <= real <= high):
            raise ConfigError(path, f"expected {low:g} to {high:g}, got {value}")
        return real

    return _field(default, check, {"kind": "number", "low": low, "high": high}, formerly)


def choice(
    table: Mapping[str, object], default: Any = dataclasses.MISSING, *, accepts: Any = ()
) -> Any:
    """Declare a name out of `table`, which is looked at late: it may grow.

    Args:
        accepts: the class, or the protocol, of objects that do as well as a name.
    """

    def check(value: object, path: str) -> object:
        if isinstance(value, accepts):
            return value
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


def _field(default: Any, check: Check, description: dict[str, object], formerly: str = "") -> Any:
    metadata = {"check": check, "describe": description, "formerly": formerly}
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
    fields = checked(cls)
    spelled = {name: field.metadata["formerly"] or name for name, field in fields.items()}
    spelled |= {name: name for name in fields if name in document}
    for name in document:
        if name not in spelled.values():
            raise ConfigError(_join(path, name), f"unknown; known are {', '.join(fields)}")
    values = {}
    for name, field in fields.items():
        told = spelled[name]
        if told in document:
            values[name] = field.metadata["check"](document[told], _join(path, told))
        elif field.default is field.default_factory is dataclasses.MISSING:
            raise ConfigError(_join(path, name), "is missing")
    return cls(**values)


def write(instance: object) -> dict[str, Any]:
    """The options of `instance` as a JSON object; `read` gives an equal one back."""
    return {name: getattr(instance, name) for name in checked(type(instance))}


def write_tagged(table: Mapping[str, type], instance: object, path: str) -> dict[str, Any]:
    """The object `{"type": name, ...}` that `make` makes an equal instance of.

    Raises:
        ConfigError: its class is not in the table, or an option of it is an object of the reader's.
    """
    kind = next((name for name, cls in table.items() if cls is type(instance)), None)
    if kind is None:
        raise ConfigError(path, f"{instance!r} is of no kind that a file could name")
    values = write(instance)
    for name, field in checked(type(instance)).items():
        if field.metadata["describe"]["kind"] == "choice":
            known = field.metadata["describe"]["table"]
            values[name] = name_in(_join(path, name), known, values[name])
    return {"type": kind, **values}


def name_in(path: str, table: Mapping[str, object], value: object) -> str:
    """What a table calls an object; or a name itself. Raises ConfigError if it has none."""
    name = str(value if isinstance(value, str) else getattr(value, "name", ""))
    if name not in table or not (isinstance(value, str) or table[name] is value):
        raise ConfigError(path, f"{value!r} has no name that a file could use")
    return name


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


def look_up(field: str, table: Mapping[str, T], name: str) -> T:
    """What a table has under a name. Raises ConfigError if it has nothing."""
    if name not in table:
        raise ConfigError(field, f"expected one of {', '.join(table)}; got {name!r}")
    return table[name]


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
