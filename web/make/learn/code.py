"""The package's source, asked for what stands where: functions, statements, what is on a line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ..console import BuildError

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Code:
    """All files of a package, by their names in it, as `layers/dense.py`."""

    def __init__(self, package: Path) -> None:
        self.files = {
            path.relative_to(package).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(package.rglob("*.py"))
        }
        self._trees = {file: ast.parse(text) for file, text in self.files.items()}
        self._defined = {file: dict(_defined(tree)) for file, tree in self._trees.items()}

    def has(self, file: str, name: str) -> bool:
        """Whether a file defines a class or function of that dotted name."""
        return name in self._defined.get(file, {})

    def where(self, name: str) -> str | None:
        """The file that defines a name, if exactly one does."""
        files = [file for file, names in self._defined.items() if name in names]
        return files[0] if len(files) == 1 else None

    def span(self, file: str, name: str) -> tuple[int, int]:
        """The first line of what is defined, with what decorates it, and the last."""
        node = self._node(file, name)
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        return first, node.end_lineno or node.lineno

    def within(self, file: str, line: int) -> str:
        """The innermost function that has a line; empty if none has."""
        found = ""
        for name, node in self._defined[file].items():
            if isinstance(node, Function) and node.lineno <= line <= (node.end_lineno or 0):
                found = name
        return found

    def statement(self, file: str, line: int) -> tuple[int, str]:
        """Where the statement on a line begins, and the whole of it as one line."""
        around = [
            node
            for node in ast.walk(self._trees[file])
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        node = min(around, key=lambda one: (one.end_lineno or 0) - one.lineno)
        text = ast.get_source_segment(self.files[file], node) or ""
        one_line = " ".join(text.split())
        if "\n" in text:
            one_line = re.sub(r"(?<=[(\[{]) |,?(?: (?=[)\]}]))", "", one_line)
        return node.lineno, one_line

    def overwrites(self, file: str, line: int) -> bool:
        """Whether the statement on a line fills an array anew, whatever was in it before."""
        call = getattr(ast.parse(self.statement(file, line)[1]).body[0], "value", None)
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith(".map"):
            return False
        out, *others = (one for one in call.args if not isinstance(one, ast.Lambda))
        read = {part.id for one in others for part in ast.walk(one) if isinstance(part, ast.Name)}
        return ast.unparse(out) not in read

    def result(self, file: str, name: str, symbol: str) -> int:
        """The line of a function that gives a symbol its value; or, where none is called that, its
        last statement, which returns it."""
        body = self._node(file, name).body
        for one in body:
            if isinstance(one, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == symbol for target in one.targets
            ):
                return one.lineno
        return body[-1].lineno

    def begins(self, file: str, text: str) -> int:
        """The line of the statement that begins so. Raises BuildError if there is none."""
        for node in ast.walk(self._trees[file]):
            if isinstance(node, ast.Expr | ast.Assign | ast.Return):
                line, told = self.statement(file, node.lineno)
                if told.startswith(text):
                    return line
        raise BuildError(f"{file} has no statement that begins {text!r}.")

    def _node(self, file: str, name: str) -> Function | ast.ClassDef:
        if not self.has(file, name):
            raise BuildError(f"{file} has no {name}.")
        return self._defined[file][name]


def _defined(node: ast.AST, within: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for part in ast.iter_child_nodes(node):
        if isinstance(part, Function | ast.ClassDef):
            yield within + part.name, part
            if isinstance(part, ast.ClassDef):
                yield from _defined(part, f"{within}{part.name}.")
