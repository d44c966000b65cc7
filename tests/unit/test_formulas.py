"""Formulas: out of docstrings, into trees; each one that the package shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from glassnet.activations import ACTIVATIONS
from glassnet.formulas import Node, formulas, terms, tree
from glassnet.layers import LAYERS
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS, penalty

z, a, L = ["mi", "z"], ["mi", "a"], ["mrow", ["mo", "∂"], ["mi", "L"]]
ROWS: list[tuple[str, list[Node]]] = [
    ("a = z", [a, ["mo", "="], z]),
    ("Wᵀ", [["msup", ["mi", "W"], ["mi", "T"]]]),
    ("e⁻ᶻ", [["msup", ["mi", "e"], ["mi", "−z"]]]),
    ("a²", [["msup", a, ["mi", "2"]]]),
    ("aₖ", [["msub", a, ["mi", "k"]]]),
    ("zₖ²", [["msubsup", z, ["mi", "k"], ["mi", "2"]]]),
    ("(z)²", [["msup", ["mrow", ["mo", "("], z, ["mo", ")"]], ["mi", "2"]]]),
    ("a/z", [["mfrac", a, z]]),
    ("1/(1 + z)", [["mfrac", ["mn", "1"], ["mrow", ["mn", "1"], ["mo", "+"], z]]]),
    ("∂L/∂a", [["mfrac", L, ["mrow", ["mo", "∂"], a]]]),
    ("√z", [["msqrt", z]]),
    ("√(z + a)", [["msqrt", ["mrow", z, ["mo", "+"], a]]]),
    ("f(z)", [["mrow", ["mi", "f"], ["mrow", ["mo", "("], z, ["mo", ")"]]]]),
    ("a (z)", [a, ["mrow", ["mo", "("], z, ["mo", ")"]]]),
    ("1[z]", [["mrow", ["mn", "1"], ["mrow", ["mo", "["], z, ["mo", "]"]]]]),
    ("0.044715 z", [["mn", "0.044715"], z]),
    ("f′(z)", [["mrow", ["mi", "f′"], ["mrow", ["mo", "("], z, ["mo", ")"]]]]),
    ("x̂ of layer 2", [["mi", "x̂"], ["mtext", "of"], ["mtext", "layer"], ["mn", "2"]]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_tree(text: str, wanted: list[Node]) -> None:
    assert tree(text) == ["mrow", *wanted]


@pytest.mark.parametrize("text", ["(z", "z)", "f(z]", "[z", "√(z"])
def test_brackets_that_do_not_match(text: str) -> None:
    with pytest.raises(ValueError):
        tree(text)


def test_terms_of_a_readers_docstring() -> None:
    def mine() -> None:
        """z = x Wᵀ + b;  a = f(z)
        v ← μ v + g   (Polyak 1964)

        c = no formula: an empty line came before"""

    def silent() -> None:
        """No formula in here."""

    assert terms(mine) == {"z": "z = x Wᵀ + b", "a": "a = f(z)", "v": "v ← μ v + g"}
    assert terms(None) == {} and terms(silent) == {}


def test_terms_above_a_function() -> None:
    @formulas("a = x;  ∂L/∂x = ∂L/∂a")
    def written() -> None: ...

    @formulas("a = x")
    def told() -> None:
        """In words."""

    assert terms(written) == {"a": "a = x", "∂L/∂x": "∂L/∂x = ∂L/∂a"}
    assert terms(told) == {"a": "a = x"} and told.__doc__ == "In words."
    assert written.__doc__ == "a = x;  ∂L/∂x = ∂L/∂a"


def shown() -> Iterator[str]:
    """Every formula of the package."""
    for layer in LAYERS.values():
        for way in (layer.forward, layer.backward):
            yield from terms(way).values()
    for activation in ACTIVATIONS.values():
        yield from (activation.formula, activation.derivative)
    for loss in LOSSES.values():
        yield from (loss.formula, loss.plain.formula, *(f.formula for f in loss.fused.values()))
    for rule in (*(optimizer.rule for optimizer in OPTIMIZERS.values()), penalty):
        yield from terms(rule).values()


def leaves(node: Node) -> Iterator[tuple[str, str]]:
    for child in node[1:]:
        if isinstance(child, str):
            yield node[0], child
        else:
            yield from leaves(child)


@pytest.mark.parametrize("text", sorted(set(shown())))
def test_every_formula_has_a_tree(text: str) -> None:
    found = list(leaves(tree(text)))
    assert {tag for tag, _ in found} <= {"mi", "mn", "mo", "mtext"}
    names = {name for tag, name in found if tag == "mi" and name.isascii() and len(name) > 1}
    known = {"exp", "tanh", "max", "ln", "sign", "unfold", "fold", "mask", "rate", "size"}
    assert names <= known, "a word that is no name is to be listed in formulas.WORDS"


def test_every_layer_says_what_it_computes() -> None:
    for name, layer in LAYERS.items():
        assert "a" in terms(layer.forward), name
        assert "∂L/∂x" in terms(layer.backward), name
    for name, optimizer in OPTIMIZERS.items():
        assert "θ" in terms(optimizer.rule), name
