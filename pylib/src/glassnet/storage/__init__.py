"""Storage: weights and whole runs in files that nothing is ever executed from.

`save_weights` and `load_weights` choose between safetensors and npz by the file's name;
`save_checkpoint` and `load_checkpoint` keep a whole run; `RunLog` and `read_runlog` its events.
"""

from glassnet.storage.files import (
    format_checkpoint,
    is_checkpoint,
    load_checkpoint,
    load_weights,
    parse_checkpoint,
    save_checkpoint,
    save_weights,
)
from glassnet.storage.limits import CHECKPOINT_LIMITS, WEIGHTS_LIMITS, Arrays, Limits
from glassnet.storage.npz import format_npz, parse_npz
from glassnet.storage.runlog import RunLog, parse_runlog, read_beginning, read_runlog
from glassnet.storage.safetensors import format_safetensors, parse_safetensors

__all__ = [
    "CHECKPOINT_LIMITS",
    "WEIGHTS_LIMITS",
    "Arrays",
    "Limits",
    "RunLog",
    "format_checkpoint",
    "format_npz",
    "format_safetensors",
    "is_checkpoint",
    "load_checkpoint",
    "load_weights",
    "parse_checkpoint",
    "parse_npz",
    "parse_runlog",
    "parse_safetensors",
    "read_beginning",
    "read_runlog",
    "save_checkpoint",
    "save_weights",
]
