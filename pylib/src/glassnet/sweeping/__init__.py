"""Sweeps: many runs that differ in some settings, on processes, MPI or Dask.

Begin with `parent.sweep`; `job.carry_out` is what one process does, `settings` which runs it is
given.
"""

from glassnet.sweeping.parent import Course, Sweep, sweep
from glassnet.sweeping.settings import Point, Range

__all__ = ["Course", "Point", "Range", "Sweep", "sweep"]
