"""What the pages write as .npy is what numpy reads."""

from __future__ import annotations

import base64
import json
from io import BytesIO

import numpy as np
import pytest

from support.script import told

PROGRAM = """
const { formatNpy } = await import(web + 'data/npy.js');
const [shape, list] = JSON.parse(given[0]);
// A part of a memory, not the whole.
const values = Float32Array.from([7, ...list, 7]).subarray(1, 1 + list.length);
const parts = formatNpy({ type: '<f4', shape, values });
console.log(JSON.stringify(Buffer.concat(parts).toString('base64')));
"""


@pytest.mark.parametrize("shape", [(), (1,), (7,), (2, 3), (1, 4, 3, 2), (0,)], ids=str)
def test_numpy_reads_it(shape: tuple[int, ...]) -> None:
    values = np.asarray(np.random.default_rng(1).normal(size=shape), np.float32)
    data = base64.b64decode(told(PROGRAM, json.dumps([shape, values.ravel().tolist()])))
    assert (len(data) - 4 * values.size) % 64 == 0  # as the format wants it
    found = np.load(BytesIO(data), allow_pickle=False)
    assert found.shape == shape
    assert found.dtype == np.dtype("<f4")
    np.testing.assert_array_equal(found, values)
