"""A saved run knows its own data again: by name, count, labels and pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glassnet.data.dataset import Dataset, Split
from glassnet.data.identity import fingerprint, is_same
from glassnet.errors import StorageError
from glassnet.training import Run
from unit.small import bars, run


def with_another_pixel(dataset: Dataset) -> Dataset:
    images = dataset.train.images.copy()
    images[-1, -1, -1] ^= 1
    return replace(dataset, train=Split(images, dataset.train.labels))


def test_one_pixel_makes_other_data() -> None:
    data = bars()
    assert is_same(fingerprint(data), fingerprint(bars()))
    assert not is_same(fingerprint(data), fingerprint(with_another_pixel(data)))
    reversed_ = Split(data.train.images[::-1].copy(), data.train.labels)
    assert not is_same(fingerprint(data), fingerprint(replace(data, train=reversed_)))
    assert not is_same([], fingerprint(data)) and not is_same(["bars"], fingerprint(data))


def test_a_run_is_not_resumed_on_other_pixels() -> None:
    arrays, document = run().state()
    Run.restore(arrays, document, bars())
    with pytest.raises(StorageError, match="the run was trained on"):
        Run.restore(arrays, document, with_another_pixel(bars()))


def test_a_run_saved_before_pixels_were_looked_at_is_resumed() -> None:
    arrays, document = run().state()
    older = {**document, "data": document["data"][:3]}
    assert Run.restore(arrays, older, with_another_pixel(bars())).step == 0
    labels = np.roll(bars().train.labels, 1)
    other = replace(bars(), train=Split(bars().train.images, labels))
    with pytest.raises(StorageError, match="the run was trained on"):
        Run.restore(arrays, older, other)
