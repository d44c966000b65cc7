"""numpy, changed so that a visit's first step does not wait for what it never calls.

`import numpy` brings linear algebra along, for two functions of its own; `numpy.random` brings its
generators of former times, each a library of its own to be compiled and linked. Here they come when
they are first asked for, by the same names. Runs inside Pyodide while the site is built.
"""

# These only write docstrings into compiled functions, at every import, for 40 ms.
ONLY_DOCSTRINGS = {"numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py"}

LINALG = """
def _later(name):
    def function(*args, **options):
        import numpy.linalg
        return getattr(numpy.linalg, name)(*args, **options)
    return function
"""

RANDOM = """
from . import _bounded_integers, _common, _generator
from ._generator import Generator
from ._pcg64 import PCG64, PCG64DXSM
from .bit_generator import BitGenerator, SeedSequence

def default_rng(seed=None):
    if isinstance(seed, (int, list)):  # numpy's own looks whether it is a RandomState first
        return Generator(PCG64(seed))
    return _generator.default_rng(seed)

def __getattr__(name):
    from importlib import import_module
    if name in ("mtrand", "_pickle", "_mt19937", "_philox", "_sfc64"):
        return import_module("numpy.random." + name)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = {"MT19937": "_mt19937", "Philox": "_philox", "SFC64": "_sfc64"}.get(name, "mtrand")
    globals()[name] = found = getattr(import_module("numpy.random." + home), name)
    return found
"""

RANDOM_BEFORE = """
from . import _bounded_integers, _common, _pickle
from ._generator import Generator, default_rng
from ._mt19937 import MT19937
from ._pcg64 import PCG64, PCG64DXSM
from ._philox import Philox
from ._sfc64 import SFC64
from .bit_generator import BitGenerator, SeedSequence
from .mtrand import *
"""


def _wrapped(*names: str) -> str:
    return LINALG + "".join(f"{name} = _later({name!r})\n" for name in names)


# What stands in numpy's files, and what is to stand there.
CHANGES = {
    "numpy/matrixlib/defmatrix.py": {
        "from numpy.linalg import matrix_power\n": _wrapped("matrix_power")
    },
    "numpy/lib/_polynomial_impl.py": {
        "from numpy.linalg import eigvals, inv, lstsq\n": _wrapped("eigvals", "inv", "lstsq")
    },
    "numpy/random/__init__.py": {
        RANDOM_BEFORE: RANDOM,
        "    return RandomState(seed=0)\n": "    return __getattr__('RandomState')(seed=0)\n",
    },
}


def changed(name: str, source: bytes) -> bytes:
    """A file of numpy's as it is to be compiled."""
    if name in ONLY_DOCSTRINGS:
        return b""
    text = source.decode()
    for old, new in CHANGES.get(name, {}).items():
        assert text.count(old) == 1, f"{name} of this numpy is another: see {__file__}"
        text = text.replace(old, new)
    return text.encode()
