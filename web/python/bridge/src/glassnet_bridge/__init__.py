"""The Python side of the pages' worker: `Host` answers requests, trains runs and makes frames.

Importing it puts the browser's own engine into glassnet's table, where the browser can run it.
"""

from glassnet_bridge.host import Host
from glassnet_bridge.simd import register

register()

__all__ = ["Host"]
