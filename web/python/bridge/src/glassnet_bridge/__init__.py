"""The Python side of the pages' worker: `Session` takes commands and makes frames.

Importing it puts the browser's own engine into glassnet's table, where the browser can run it.
"""

from glassnet_bridge.session import Session
from glassnet_bridge.simd import register

register()

__all__ = ["Session"]
