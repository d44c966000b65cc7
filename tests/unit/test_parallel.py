"""What of data-parallel training needs no MPI: parts of batches, masks, what is refused."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from glassnet.errors import ConfigError
from glassnet.network import NETWORK
from glassnet.parallel import Group, check, join
from glassnet.parallel.learner import SharedGenerator
from unit import small
from unit.small import bars, dense, network


def group(rank: int, size: int) -> Group:
    """A rank without its fellows, so without messages."""
    made = object.__new__(Group)
    made.rank, made.size = rank, size
    return made


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("count", [1, 3, 10, 512])
def test_parts_are_the_whole(size: int, count: int) -> None:
    parts = [group(rank, size).part(count) for rank in range(size)]
    rows = np.arange(count)
    counted = [rows[part][:number] for part, number in parts]
    np.testing.assert_array_equal(np.concatenate(counted), rows)
    numbers = [number for _, number in parts]
    assert max(numbers) - min(numbers) <= 1
    assert all(len(rows[part]) == max(number, 1) for part, number in parts)


def test_masks_are_those_of_the_whole_batch() -> None:
    whole = np.random.default_rng([3, NETWORK])
    ranks = [SharedGenerator(np.random.PCG64([3, NETWORK])) for _ in range(3)]
    first = whole.normal(0, 1, (4, 2))
    for rng in ranks:  # what is no batch is drawn as ever
        np.testing.assert_array_equal(rng.normal(0, 1, (4, 2)), first)
    for shape in [(7, 5), (7, 3, 3, 2), (8, 1)]:
        wanted = whole.random(shape, np.float32)
        found = []
        for k, rng in enumerate(ranks):
            rng.part, _ = group(k, 3).part(shape[0])
            rng.count = shape[0]
            found.append(rng.random((rng.part.stop - rng.part.start, *shape[1:]), np.float32))
        np.testing.assert_array_equal(np.concatenate(found), wanted)


def test_what_is_not_data_parallel() -> None:
    layers = [dense(5), {"type": "batch_norm"}, dense(4, "softmax")]
    check(network(layers), group(0, 1))  # alone it has the whole batch
    with pytest.raises(ConfigError, match=r"^layers\[1\]: batch normalisation .* 2 ranks"):
        check(network(layers), group(0, 2))
    python = small.run(engine="python").network
    with pytest.raises(ConfigError, match=r"^engine: python cannot"):
        check(python, group(0, 1))


def test_it_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("mpi4py", "mpi4py.MPI"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=r"pip install glassnet\[mpi\].* mpiexec -n 2 "):
        join()
    world: Any = SimpleNamespace(Get_size=lambda: 1)
    monkeypatch.setitem(sys.modules, "mpi4py", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", SimpleNamespace(COMM_WORLD=world))
    for name in ("PMI_SIZE", "PMIX_RANK", "OMPI_COMM_WORLD_SIZE", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigError, match=r"data_parallel: needs the ranks .* mpiexec -n 2 "):
        join()


def test_one_rank_is_a_run_like_any() -> None:
    """The leader's half, to the last bit that another way to update leaves alike."""
    from glassnet.parallel import lead

    alone: Any = SimpleNamespace(Get_rank=lambda: 0, Get_size=lambda: 1, allgather=lambda x: [x])
    run = small.run(bars(train=61), layers=[dense(5), {"type": "dropout"}, dense(4)])
    for _, _ in zip(range(11), run.events(), strict=False):
        pass
    with Group(None, alone) as one:
        led = lead(run, one)
        assert led.step == run.step > 0
        pairs = list(zip(led.events(), run.events(), strict=True))
    for found, wanted in pairs:
        assert type(found) is type(wanted) and found.step == wanted.step
    for name, array in run.network.parameters().items():
        np.testing.assert_allclose(led.network.parameters()[name], array, rtol=1e-4, atol=1e-6)
