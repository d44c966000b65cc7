"""The package's own errors: whatever goes wrong in here for a reason, goes wrong as one of these.

Each message names what failed (the file or the field), what was expected and what came, so that a
command line or a page can show it as it is.
"""


class GlassnetError(Exception):
    """The base of them all: `except GlassnetError` catches everything the package refuses."""


class ConfigError(GlassnetError):
    """A field of a configuration that cannot be used; `field` is its dotted path."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class DataError(GlassnetError):
    """A data set, or a file of one, that is not what it should be."""


class ShapeError(GlassnetError):
    """An array whose shape or dtype an operation cannot use."""


class StorageError(GlassnetError):
    """A file of weights or of a run that is damaged, hostile or meant for something else."""


class DivergedError(GlassnetError):
    """A loss, weight or gradient that became NaN or infinite."""
