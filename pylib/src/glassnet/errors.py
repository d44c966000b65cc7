"""Every error this package raises on purpose, so that a caller can tell them from bugs.

A message says what is wrong, where, and what was expected. `code` is stable across versions and
languages; a page may look up its own words by it.
"""

from __future__ import annotations


class GlassnetError(Exception):
    """The base of them all: `except GlassnetError` catches what we foresaw, and nothing else."""

    code = "E-GLASSNET"


class ConfigError(GlassnetError):
    """A configuration cannot be used. `field` is the path of the culprit, as `layers[0].units`."""

    code = "E-CONFIG"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field


class DataError(GlassnetError):
    """A data set, or a file that should hold one, is not what it claims to be."""

    code = "E-DATA"


class ShapeError(GlassnetError):
    """An operation met an array of the wrong shape: names the operation, what it wanted and got."""

    code = "E-SHAPE"

    def __init__(self, operation: str, expected: object, got: object) -> None:
        super().__init__(f"{operation}: expected {expected}, got {got}")
        self.operation = operation


class StorageError(GlassnetError):
    """A file of weights or a saved run cannot be read or written."""

    code = "E-STORAGE"


class DivergedError(GlassnetError):
    """A number became NaN or infinite. `tensor` names the array, `step` the training step."""

    code = "E-DIVERGED"

    def __init__(self, tensor: str, step: int) -> None:
        super().__init__(f"step {step}: {tensor} is not finite (NaN or infinity)")
        self.tensor = tensor
        self.step = step
