"""Weights and checkpoints: read back to the bit, whole or not at all, refused by name."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glassnet.data.csv import read_csv
from glassnet.data.glyphs import load_glyphs
from glassnet.data.idx import read_idx
from glassnet.errors import DataError, StorageError
from glassnet.storage import (
    CHECKPOINT_LIMITS,
    WEIGHTS_LIMITS,
    Limits,
    format_npz,
    format_safetensors,
    load_checkpoint,
    load_weights,
    parse_npz,
    parse_safetensors,
    read_beginning,
    read_runlog,
    save_checkpoint,
    save_weights,
)
from unit import oracles
from unit.malformed.npz import npy_file, npz_file
from unit.malformed.safetensors import safetensors_file

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z0-9]{1,4}){0,2}", fullmatch=True)
DTYPES = st.sampled_from(["f4", "f8", "i4", "i8", "u1", "u4", "u8"])


@st.composite
def arrays(draw: st.DrawFn) -> dict[str, np.ndarray]:
    made = {}
    for name in draw(st.lists(NAMES, max_size=5, unique=True)):
        dtype = np.dtype(draw(DTYPES))
        elements = hnp.from_dtype(dtype, allow_nan=False, allow_infinity=False)
        shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
        made[name] = draw(hnp.arrays(dtype, shape, elements=elements))
        if draw(st.booleans()):
            made[name] = np.asfortranarray(made[name])
    return made


def assert_same(found: dict[str, np.ndarray], wanted: dict[str, np.ndarray]) -> None:
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        assert found[name].dtype == array.dtype and found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()
        assert found[name].flags.c_contiguous and found[name].flags.writeable


@given(arrays(), st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.just("ü")))
def test_safetensors_are_read_back_to_the_bit(
    wanted: dict[str, np.ndarray], metadata: dict[str, str]
) -> None:
    data = format_safetensors(wanted, metadata)
    found, read = parse_safetensors(data)
    assert_same(found, wanted)
    assert read == metadata
    truth = oracles.safetensors(data)
    assert truth is not None and truth.keys() == wanted.keys()
    assert int.from_bytes(data[:8], "little") % 8 == 0, "the values start aligned"


@given(arrays())
def test_npz_is_read_back_to_the_bit_by_us_and_by_numpy(wanted: dict[str, np.ndarray]) -> None:
    data = format_npz(wanted)
    if wanted:
        assert_same(parse_npz(data), wanted)
        assert data == format_npz(wanted), "no time stamps"
    truth = oracles.npz(data)
    assert truth is not None and truth.keys() == wanted.keys()
    for name, array in wanted.items():
        assert truth[name].tobytes(order="C") == array.tobytes()


@given(arrays().filter(bool), st.booleans())
def test_numpys_own_npz_is_read(wanted: dict[str, np.ndarray], compressed: bool) -> None:
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **wanted)  # type: ignore[arg-type]
    assert_same(parse_npz(buffer.getvalue()), wanted)


@pytest.mark.parametrize("form", [lambda a: format_safetensors(a, {}), format_npz])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"a": np.array([np.nan])}, "a: a value is NaN or infinite"),
        ({"a": np.array([1, np.inf], np.float32)}, "a: a value is NaN or infinite"),
        ({"../a": np.zeros(1)}, "not a name for a tensor"),
        ({"": np.zeros(1)}, "not a name for a tensor"),
        ({"a/b": np.zeros(1)}, "not a name for a tensor"),
        ({"a" * 201: np.zeros(1)}, "not a name for a tensor"),
        ({"a": np.zeros(1, complex)}, "a: .* do not hold complex128"),
        ({"a": np.array(["x"], object)}, "a: .* do not hold object"),
    ],
)
def test_what_could_not_be_read_is_not_written(form: Any, wrong: Any, message: str) -> None:
    with pytest.raises(StorageError, match=message):
        form(wrong)


def test_sizes_are_bounded_before_anything_is_allocated() -> None:
    arrays = {f"t{i}": np.zeros(100, np.float32) for i in range(3)}
    for data, read in (
        (format_safetensors(arrays, {}), lambda d, limits: parse_safetensors(d, limits=limits)),
        (format_npz(arrays), lambda d, limits: parse_npz(d, limits=limits)),
    ):
        read(data, Limits(tensors=3, values=1200))
        with pytest.raises(StorageError, match="the limit is 2"):
            read(data, Limits(tensors=2))
        with pytest.raises(StorageError, match="limit"):
            read(data, Limits(values=300))


@pytest.mark.parametrize("shape", [[2**30, 2**30, 2**30, 0], [0, 2**31 - 1, 2**31 - 1]])
def test_a_shape_with_a_zero_may_not_be_endless_beside_it(shape: list[int]) -> None:
    entry = {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}
    with pytest.raises(StorageError, match=r"a: shape .* over the limit"):
        parse_safetensors(safetensors_file({"a": entry}))
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}\n"
    with pytest.raises(StorageError, match=r"a.npy: shape .* over the limit"):
        parse_npz(npz_file({"a.npy": npy_file(header)}))


@pytest.mark.parametrize(
    "save", [save_weights, lambda path, arrays: save_checkpoint(path, arrays, {})]
)
def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path, save: Any) -> None:
    path = tmp_path / "w.safetensors"
    many = {f"t{i}": np.zeros(1, np.float32) for i in range(CHECKPOINT_LIMITS.tensors + 1)}
    with pytest.raises(StorageError, match=r"w.safetensors: 4,097 tensors; the limit is"):
        save(path, many)
    large = np.broadcast_to(np.zeros(1, np.float32), (CHECKPOINT_LIMITS.values // 4 + 1,))
    with pytest.raises(StorageError, match=r"w.safetensors: 536,870,916 bytes of values"):
        save(path, {"a": large})
    assert not list(tmp_path.iterdir())


def test_a_file_holds_what_its_limits_say(tmp_path: Path) -> None:
    """As many tensors as are allowed are read back, of a checkpoint and of weights."""
    many = {f"layers.{i}.weight": np.ones(1, np.float32) for i in range(CHECKPOINT_LIMITS.tensors)}
    save_checkpoint(tmp_path / "c.safetensors", many, {})
    assert len(load_checkpoint(tmp_path / "c.safetensors")[0]) == CHECKPOINT_LIMITS.tensors
    for name in ("w.safetensors", "w.npz"):
        few = dict(list(many.items())[: WEIGHTS_LIMITS.tensors])
        save_weights(tmp_path / name, few)
        assert len(load_weights(tmp_path / name)[0]) == WEIGHTS_LIMITS.tensors


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
def test_files_are_told_by_their_bytes(tmp_path: Path, suffix: str) -> None:
    arrays = {"layers.0.weight": np.arange(6, dtype=np.float32).reshape(2, 3)}
    path = tmp_path / ("w" + suffix)
    save_weights(path, arrays, {"seed": 1})
    path.rename(tmp_path / "misnamed.txt")
    found, meta = load_weights(tmp_path / "misnamed.txt")
    assert_same(found, arrays)
    assert meta == ({"seed": 1} if suffix == ".safetensors" else {})
    assert [file.name for file in tmp_path.iterdir()] == ["misnamed.txt"], "nothing left behind"


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"ending in \.safetensors or \.npz"):
        save_weights(tmp_path / "w.pkl", {})


def test_a_failed_write_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.safetensors"
    save_weights(path, {"a": np.ones(2)})
    before = path.read_bytes()

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="No space left on device"):
        save_weights(path, {"a": np.zeros(5)})
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["w.safetensors"]  # noqa: PTH208


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="absent: No such file"):
        load_weights(tmp_path / "absent")
    with pytest.raises(StorageError, match="not a regular file"):
        load_weights(tmp_path)
    (tmp_path / "large").write_bytes(bytes(6 << 20))
    with pytest.raises(StorageError, match="larger than the limit"):
        load_weights(tmp_path / "large", limits=Limits(values=1 << 20))


def test_checkpoints_keep_arrays_and_state(tmp_path: Path) -> None:
    path = tmp_path / "c.safetensors"
    arrays: dict[str, np.ndarray] = {"a": np.arange(3, dtype=np.float32), "n": np.arange(100)}
    state = {"step": 3, "rng": "0x1234", "loss": 0.1 + 0.2, "big": 2**53 - 1}
    save_checkpoint(path, arrays, state)
    found, read = load_checkpoint(path)
    assert_same(found, arrays)
    assert read == state and repr(read["loss"]) == repr(0.1 + 0.2)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({}, "got none"),
        ({"glassnet": "{}"}, "got none"),
        ({"glassnet": json.dumps({"checkpoint": 2, "state": {}})}, "got 2"),
        ({"glassnet": json.dumps({"checkpoint": 1, "state": []})}, "version 1"),
        ({"glassnet": "[1]"}, "not a JSON object"),
        ({"glassnet": "{"}, "not JSON"),
        ({"glassnet": '{"checkpoint": NaN}'}, "not JSON"),
        ({"glassnet": '{"checkpoint": 1e999}'}, "not JSON"),
    ],
)
def test_what_is_no_checkpoint_is_refused(
    tmp_path: Path, metadata: dict[str, str], message: str
) -> None:
    path = tmp_path / "c.safetensors"
    path.write_bytes(format_safetensors({"a": np.ones(1)}, metadata))
    with pytest.raises(StorageError, match=message):
        load_checkpoint(path)


def test_state_that_json_cannot_hold_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="metadata"):
        save_checkpoint(tmp_path / "c", {}, {"loss": float("nan")})
    assert not list(tmp_path.iterdir())


LONG = pytest.param(
    "x" * 5000,
    marks=pytest.mark.skipif(sys.platform == "emscripten", reason="not in the browser: any length"),
)


@pytest.mark.parametrize("name", ["a\0b", "\ud800", LONG, "ü\0.csv"])
def test_a_name_that_no_file_can_have_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    readers: list[Callable[[Path], object]] = [
        load_weights,
        load_checkpoint,
        read_runlog,
        read_beginning,
        read_idx,
        read_csv,
    ]
    for read in [*readers, load_glyphs]:
        with pytest.raises((StorageError, DataError)):
            read(path)
    with pytest.raises(StorageError):
        save_weights(path.with_suffix(".npz"), {})
    with pytest.raises(StorageError):
        save_checkpoint(path, {}, {})
