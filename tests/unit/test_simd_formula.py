"""Formulas as the kernel's programs: what is traced, and what is left to numpy.

Programs are run here by a few lines of Python, so that this is tested without the kernel, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS, Activation
from glassnet.losses import LOSSES
from glassnet.optimizers import OPTIMIZERS, adam
from glassnet_bridge.simd_formula import (
    MOST_SLOTS,
    OPERATIONS,
    Program,
    compile_formula,
    one_formula,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, name) for name in OPERATIONS},
    "where": lambda condition, x, y: np.where(condition != 0, x, y),
}
ARRAYS = {"z": [-3.0, -0.0, 0.0, 0.5, 90.0], "other": [1.0, 2.0, 0.25, 0.5, 3.0]}


def run(program: Program, *inputs: Any) -> list[NDArray[np.float32]]:
    """What the kernel does with a program (see web/engines/simd/formula.h)."""
    code = program.code.tolist()
    (count, constants, instructions, results), code = code[:4], code[4:]
    assert len(inputs) == count
    slots: list[Any] = [np.float32(x) if isinstance(x, float) else x for x in inputs]
    slots += list(program.code[4 : 4 + constants].view(np.float32))
    for at in range(constants, constants + 4 * instructions, 4):
        operation, *operands = code[at : at + 4]
        function = FUNCTIONS[OPERATIONS[operation]]
        arity = 3 if OPERATIONS[operation] == "where" else getattr(function, "nin", 2)
        slots.append(np.float32(function(*(slots[i] for i in operands[:arity]))))
    ends = code[constants + 4 * instructions :]
    assert len(ends) == results
    assert all(end >= count + constants for end in ends), "a result must not be an input"
    return [slots[end] for end in ends]


def traced(formula: Callable[..., Any], *arrays: Any, numbers: tuple[float, ...] = ()) -> Any:
    program = compile_formula(formula, len(arrays), len(numbers))
    assert program is not None
    assert program.code.dtype == np.int32
    scalars = program.scalars(*numbers) if program.scalars else ()
    return run(program, *arrays, *map(float, scalars))


def floats(*values: float) -> NDArray[np.float32]:
    return np.array(values, np.float32)


Z, OTHER = floats(*ARRAYS["z"]), floats(*ARRAYS["other"])


@pytest.mark.parametrize("name", [n for n, a in ACTIVATIONS.items() if isinstance(a, Activation)])
def test_activations_are_followed(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert isinstance(activation, Activation)
    with np.errstate(all="ignore"):
        a = activation.f(np, Z)
        np.testing.assert_allclose(traced(activation.f, Z)[0], a, rtol=1e-6)
        if name != "identity":  # whose derivative is a plain number
            slope = activation.df(np, Z, a)
            np.testing.assert_allclose(traced(activation.df, Z, a)[0], slope, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_followed(name: str) -> None:
    a, y = floats(0.1, 0.9, 0.5, 1.0, 0.0), floats(0, 1, 0, 1, 0)
    for criterion in (LOSSES[name].plain, *LOSSES[name].fused.values()):
        for part in ("term", "gradient"):
            if formula := getattr(criterion, part, None):
                wanted = formula(np, Z, a, y)
                np.testing.assert_allclose(traced(formula, Z, a, y)[0], wanted, rtol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_rules_are_followed(name: str) -> None:
    optimizer = OPTIMIZERS[name](lr=0.1)
    optimizer.t, optimizer.rate, optimizer.decays = 7, 0.1, {"w"}
    numbers = optimizer.numbers("w")
    arrays = [OTHER * (i + 1) for i in range(2 + len(optimizer.slots))]
    wanted = type(optimizer).rule(np, *arrays, *numbers)
    found = traced(type(optimizer).rule, *arrays, numbers=numbers)
    assert len(found) == len(wanted)
    for array, value in zip(found, wanted, strict=True):
        np.testing.assert_allclose(array, value, rtol=1e-6)


def test_what_is_made_of_numbers_alone_keeps_their_precision() -> None:
    """1 − β₂ᵗ in float32 would be wrong in the fifth place."""
    program = compile_formula(adam, 4, 5)
    assert program is not None and program.scalars is not None
    assert 1 - 0.999**1 in program.scalars(0.1, 0.9, 0.999, 1, 0.0)


@given(st.floats(-10, 10, width=32), st.floats(0.125, 4, width=32))
def test_operators(x: float, y: float) -> None:
    def formula(m: Any, x: Any, y: Any) -> tuple[Any, ...]:
        sums = (x + y, x - 1.5, 1.5 - y, -x, abs(x))
        products = (x * y, 2 * x, x / y, 1 / y)
        tests = (x < y, x <= 1, x > y, x >= 1, x == y, x != y)
        return (*sums, *products, *tests)

    one, other = floats(x), floats(y)
    for found, wanted in zip(traced(formula, one, other), formula(np, one, other), strict=True):
        assert found == np.float32(wanted)


def test_a_zero_has_its_sign() -> None:
    assert np.signbit(traced(lambda m, x: m.maximum(x, -0.0) * 1 + 0.0 * -1, floats(-1.0))[0])
    assert compile_formula(lambda m, x: (x + 0.0) * -0.0, 1).code[1] == 2  # type: ignore[union-attr]


def test_the_same_thing_is_done_once() -> None:
    program = compile_formula(lambda m, x: m.exp(x) / (1 + m.exp(x)), 1)
    assert program is not None and program.code[2] == 3


def test_results_that_are_inputs_are_copied() -> None:
    """Results are written one after the other: an input might be overwritten by then."""
    one, other = traced(lambda m, x, y: (y, x), floats(1.0), floats(2.0))
    assert (one[0], other[0]) == (2.0, 1.0)


def branches(m: Any, x: Any) -> Any:
    return x if x > 0 else -x


def long(m: Any, x: Any) -> Any:
    for i in range(MOST_SLOTS):
        x = x * x + i
    return x


@pytest.mark.parametrize(
    "formula",
    [branches, long, lambda m, x: m.cumsum(x), lambda m, x: x @ x, lambda m, x: x**2.5],
    ids=["branch", "too long", "unknown function", "unknown operator", "power"],
)
def test_what_cannot_be_followed_is_left_to_numpy(formula: Callable[..., Any]) -> None:
    assert compile_formula(formula, 1) is None


def test_an_activation_that_is_one_formula_is_seen_through() -> None:
    relu, softmax = ACTIVATIONS["relu"], ACTIVATIONS["softmax"]
    assert isinstance(relu, Activation)
    assert one_formula(lambda notes: relu.forward(notes, "z", "a"), "a", "z") is relu.f
    assert one_formula(lambda notes: softmax.forward(notes, "z", "a"), "a", "z") is None


def test_an_activation_that_does_more_is_not() -> None:
    def twice(notes: Any) -> None:
        for _ in range(2):
            notes.map("a", lambda m, z: z + 1, "z")

    assert one_formula(twice, "a", "z") is None
    assert one_formula(lambda notes: notes.map("a", abs, "a"), "a", "z") is None
    assert one_formula(lambda notes: None, "a", "z") is None
