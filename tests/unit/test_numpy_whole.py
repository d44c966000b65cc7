"""numpy in a visitor's browser is all there, though a start brings only a part of it.

web/make/start/later.py changes when some of it is imported. These hold for numpy itself, and the
parity tests run them in Pyodide on what the site ships.
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest


def test_a_seed_gives_the_numbers_that_it_gives_everywhere() -> None:
    seeds: list[int | list[int]] = [7, [3, 1, 4]]
    for seed in seeds:
        made, same = np.random.default_rng(seed), np.random.Generator(np.random.PCG64(seed))
        assert made.random(3).tolist() == same.random(3).tolist()
    assert np.random.default_rng(7).random() == pytest.approx(0.6250954655)
    rng = np.random.default_rng(1)
    assert np.random.default_rng(rng) is rng
    assert isinstance(np.random.default_rng(), np.random.Generator)
    assert isinstance(np.random.default_rng(np.random.SeedSequence(1)), np.random.Generator)


def test_generators_of_former_times_are_there() -> None:
    np.random.seed(1)  # noqa: NPY002
    assert np.random.random() == pytest.approx(0.417022004702574)  # noqa: NPY002
    assert np.random.RandomState(1).randint(0, 100) == 37
    old = np.random.RandomState(2)
    assert pickle.loads(pickle.dumps(old)).randint(1000) == np.random.RandomState(2).randint(1000)
    for kind in (np.random.MT19937, np.random.Philox, np.random.SFC64):
        assert 0 <= np.random.Generator(kind(1)).random() < 1
    names: dict[str, object] = {}
    exec("from numpy.random import *", names)
    assert set(np.random.__all__) <= set(names)
    with pytest.raises(AttributeError, match=r"numpy\.random.*nothing_of_that_name"):
        np.random.nothing_of_that_name  # type: ignore[attr-defined]  # noqa: B018


def test_a_generator_is_pickled() -> None:
    rng = np.random.default_rng(5)
    copy = pickle.loads(pickle.dumps(rng))
    assert copy.random(3).tolist() == rng.random(3).tolist()


def test_linear_algebra_comes_when_it_is_asked_for() -> None:
    square = np.array([[2.0, 1.0], [1.0, 3.0]])
    assert np.allclose(np.linalg.inv(square) @ square, np.eye(2))
    with pytest.warns(PendingDeprecationWarning):
        assert np.allclose(np.asmatrix(square) ** -1 * square, np.eye(2))
    assert np.allclose(np.polyfit([0, 1, 2], [1, 3, 5], 1), [2, 1])
    assert np.allclose(sorted(np.roots([1, -3, 2]).real), [1, 2])


def test_what_a_start_leaves_out_is_there() -> None:
    assert np.allclose(np.fft.ifft(np.fft.fft([1.0, 2.0, 3.0])).real, [1, 2, 3])
    assert np.ma.array([1, 2, 3], mask=[False, True, False]).sum() == 4
    assert np.polynomial.Polynomial([1, 2])(3) == 7
    assert np.strings.upper(np.array(["a"])).tolist() == ["A"]
