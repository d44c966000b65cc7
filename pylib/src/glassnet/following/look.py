"""A look at the network of a run that is going on: its first weights, and what it misreads."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np

from glassnet.data.dataset import Dataset
from glassnet.looking import most_confident_mistakes
from glassnet.model import load_model
from glassnet.run_folder import WEIGHTS

MISTAKES = 32  # pictures, the surest first
UNITS = 100  # pictures of weights

Json = dict[str, Any]


def look(folder: Path, data: Dataset | None) -> Json:
    """The network last kept in a run's folder.

    Args:
        data: what it is measured on; None, and data of other sizes or classes: it is not.

    Returns:
        `step`; `rows` and `columns` of its images; `units`, of the first layer that has weights
        from every pixel, and `weights`, theirs, (units, rows, columns) as float32 in base64, or
        None if there is no such layer; `count` of the examples it was measured on, `wrong`, and
        `mistakes`, the surest first: `index`, `label` and `said` (names), `sure` (0..1), `image`
        (uint8 in base64).

    Raises:
        StorageError: there is no whole network in it.
    """
    model = load_model(folder / WEIGHTS)
    rows, columns = model.network.shape
    told: Json = {"step": model.step, "rows": rows, "columns": columns}
    found = [np.asarray(array) for array in model.network.parameters().values()]
    pictures = [one for one in found if one.ndim == 2 and one.shape[1] == rows * columns]
    weights = pictures[0][:UNITS] if pictures else None
    told["units"] = 0 if weights is None else len(pictures[0])
    told["weights"] = None if weights is None else _text(weights.astype("<f4"))
    if data is None or data.shape != model.network.shape or data.classes != model.classes:
        return {**told, "count": 0, "wrong": 0, "mistakes": []}
    outputs, _ = model.outputs(data.test)
    answers = outputs.argmax(axis=1)
    mistakes = [
        {
            "index": int(index),
            "label": model.classes[data.test.labels[index]],
            "said": model.classes[answers[index]],
            "sure": round(float(outputs[index, answers[index]]), 4),
            "image": _text(data.test.images[index]),
        }
        for index in most_confident_mistakes(outputs, data.test.labels, MISTAKES)
    ]
    wrong = int((answers != data.test.labels).sum())
    return {**told, "count": len(data.test), "wrong": wrong, "mistakes": mistakes}


def _text(array: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
