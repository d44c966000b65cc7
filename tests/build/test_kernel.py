"""The committed kernel: that it is what its source says, and touches only what it should."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from make import kernel
from support.required import required

MODULES = sorted(kernel.BUILT.glob("*.wasm"))
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)

# All it may reach: the memory, stack and table that CPython itself uses, two constants, and the
# conversion of numbers. Neither JavaScript, nor files, nor the growth of memory.
IMPORTS = {
    *("env.memory", "env.__indirect_function_table", "env.__stack_pointer"),
    *("env.__memory_base", "env.__table_base"),
    *("GOT.mem._Py_NoneStruct", "GOT.mem._Py_TrueStruct"),
    *("env.PyModuleDef_Init", "env.PyLong_AsLong", "env.PyLong_FromLong"),
    *("env.PyFloat_AsDouble", "env.PyFloat_FromDouble", "env.PyErr_Occurred", "env.PyErr_Clear"),
}
EXPORTS = {"PyInit_kernel", "__wasm_apply_data_relocs"}
CUSTOM, IMPORT, EXPORT = 0, 2, 7  # kinds of sections
SMALL = 80_000  # bytes


class Reader:
    """A WebAssembly module's bytes, read in order (specification, chapter 5)."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        byte = self.take(1)[0]
        return byte if byte < 128 else byte - 128 + 128 * self.number()

    def name(self) -> str:
        return self.take(self.number()).decode()

    def sections(self) -> Iterator[tuple[int, Reader]]:
        assert self.take(8) == b"\0asm\1\0\0\0"
        while self.at < len(self.data):
            yield self.take(1)[0], Reader(self.take(self.number()))

    def imports(self) -> Iterator[str]:
        for _ in range(self.number()):
            yield f"{self.name()}.{self.name()}"
            kind = self.take(1)[0]
            if kind == 0:  # function: its type
                self.number()
            elif kind == 3:  # global: its type, and whether it changes
                self.take(2)
            else:  # table, which has a type, or memory: limits
                self.take(1 if kind == 1 else 0)
                for _ in range(1 + self.take(1)[0] % 2):
                    self.number()

    def exports(self) -> Iterator[str]:
        for _ in range(self.number()):
            yield self.name()
            self.take(1)
            self.number()


def custom(path: Path) -> dict[str, bytes]:
    """The custom sections' contents, by name."""
    sections = [section for kind, section in Reader(path.read_bytes()).sections() if kind == CUSTOM]
    return {section.name(): section.data[section.at :] for section in sections}


def test_both_builds_are_there() -> None:
    assert {path.stem for path in MODULES} == set(kernel.BUILDS)


@each_module
def test_built_from_this_source(path: Path) -> None:
    """If this fails, the C has changed: `python3 build.py kernel` builds the modules anew."""
    assert custom(path)[kernel.SECTION].decode() == kernel.source_digest()


@each_module
def test_imports_and_exports(path: Path) -> None:
    sections = dict(Reader(path.read_bytes()).sections())
    assert set(sections[IMPORT].imports()) == IMPORTS
    assert set(sections[EXPORT].exports()) == EXPORTS
    assert len(path.read_bytes()) < SMALL


@each_module
def test_is_a_shared_library(path: Path) -> None:
    assert set(custom(path)) == {"dylink.0", kernel.SECTION}


@each_module
def test_names_no_place_of_the_machine_that_built_it(path: Path) -> None:
    assert not re.search(rb"/(home|root|tmp|Users|work)\b|\.[ch]\b", path.read_bytes())


def test_builds_to_the_same_bytes(tmp_path: Path) -> None:
    """Not what a file says of itself: the source, compiled here and now, is what is committed."""
    if importlib.util.find_spec("ziglang") is None:
        required("the kernel's compiler", "`python3 build.py test build` installs it from PyPI")
    assert kernel.build(tmp_path) == {path.stem: path.read_bytes() for path in MODULES}
