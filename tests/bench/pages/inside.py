"""The Python half of python.js: trials asked for in JSON and answered in JSON."""

from __future__ import annotations

import json
import platform
from typing import Any

import numpy as np

from bench.trial import Trials
from glassnet_bridge.simd import register

trials: Trials


def open(train_images: Any, train_labels: Any, test_images: Any, test_labels: Any) -> str:
    """Take the data, four JavaScript buffers; tells what computes here."""
    global trials
    images = [_bytes(part).reshape(-1, 28, 28) for part in (train_images, test_images)]
    trials = Trials((images[0], _bytes(train_labels)), (images[1], _bytes(test_labels)))
    return json.dumps({"python": platform.python_version(), "simd": register()})


def answer(request: str) -> str:
    message = json.loads(request)
    workload, engine = message["workload"], message["engine"]
    if message["type"] == "warm":
        trials.warm(workload, engine, message["seconds"])
        return "null"
    return json.dumps(trials.run(workload, engine, message["judge"]))


def _bytes(buffer: Any) -> Any:
    return np.frombuffer(buffer.to_bytes(), np.uint8)
