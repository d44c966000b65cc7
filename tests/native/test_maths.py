"""web/learn/maths.md: every link leads somewhere, and every formula is the code's own."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import glassnet
from glassnet.activations import ACTIVATIONS
from glassnet.formulas import terms
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS, penalty

PAGE = Path(__file__).parents[2] / "web" / "learn" / "maths.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
FORMULA = re.compile(r"^- (?P<formula>.+) \(\[(?P<name>[\w.]+)\]\((?P<path>[^)]+)\)\)$", re.M)
FORMULAS = [(m["formula"], m["name"], m["path"]) for m in FORMULA.finditer(TEXT)]


def definitions(path: Path) -> dict[str, object]:
    """The functions and classes of a file by name, as Class.method, themselves."""
    package = Path(glassnet.__file__).parent
    name = ".".join(path.resolve().relative_to(package).with_suffix("").parts)
    module = import_module(f"glassnet.{name}")
    found: dict[str, object] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = getattr(module, node.name)
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    own = vars(getattr(module, node.name))[inner.name]
                    found[f"{node.name}.{inner.name}"] = own
    return found


def fault(name: str, target: str) -> str | None:
    """What is wrong with a link, if anything."""
    path = PAGE.parent / target
    if not path.is_file():
        return f"{target} does not exist"
    if path.name == name:
        return None
    return None if name in definitions(path) else f"{target} has no {name}"


@pytest.mark.parametrize(("name", "target"), sorted(set(LINK.findall(TEXT))))
def test_links(name: str, target: str) -> None:
    assert fault(name, target) is None


@pytest.mark.parametrize(("formula", "name", "path"), FORMULAS)
def test_formulas(formula: str, name: str, path: str) -> None:
    if name == "SoftmaxCrossEntropy.measure":  # losses keep theirs beside them
        assert formula == LOSSES["cross_entropy"].fused["softmax"].formula
    else:
        assert formula in terms(definitions(PAGE.parent / path)[name]).values()


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table after a heading."""
    table = TEXT.split(heading)[1].split("\n|", 1)[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.split("\n")[2:]]


def test_every_activation() -> None:
    found = {
        name: (formula, derivative) for name, formula, derivative, _ in rows("### Activations")
    }
    assert found == {a.name: (a.formula, a.derivative) for a in ACTIVATIONS.values()}


def test_every_loss() -> None:
    found = {name: (formula, gradient) for name, formula, gradient, _ in rows("## Loss")}
    assert found == {loss.name: (loss.formula, loss.plain.formula) for loss in LOSSES.values()}


def test_nothing_is_left_out() -> None:
    """Every formula of a layer's or an optimiser's stands on the page."""
    ours = {penalty.__doc__, *(optimizer.rule.__doc__ for optimizer in OPTIMIZERS.values())}
    for layer in LAYERS.values():
        ours |= {layer.forward.__doc__, layer.backward.__doc__}
    here = {formula for formula, _, _ in FORMULAS}
    wanted = {formula for docstring in ours for formula in terms(docstring).values()}
    assert wanted - here == set()


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Dense.forwards", "../../pylib/src/glassnet/layers/dense.py"),
        ("Dense.forward", "../../pylib/src/glassnet/layers/dens.py"),
    ],
)
def test_a_broken_link_is_caught(name: str, target: str) -> None:
    assert fault(name, target) is not None
