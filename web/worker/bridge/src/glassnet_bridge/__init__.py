"""The Python side of the pages' worker: `Session` takes commands and makes frames."""

from glassnet_bridge.session import Session

__all__ = ["Session"]
