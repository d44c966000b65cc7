"""A run as it was saved before learners had their own place: what it says must still be read.

`DOCUMENT` and `ARRAYS` are what `Run.state()` gave after the fourth step, the arrays' bytes in
hexadecimal; `REST` are the losses of the steps that followed. RMSProp's `rho` was called
`decay` then, the step schedule's `factor` `by`, and pending events were not kept.
"""

from __future__ import annotations

from typing import Any

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "config": {
        "layers": [
            {"type": "dense", "units": 2, "activation": "sigmoid"},
            {"type": "dense", "units": 4, "activation": "sigmoid"},
        ],
        "loss": "mse",
        "optimizer": {
            "type": "rmsprop",
            "lr": 0.01,
            "l2": 0.0,
            "l1": 0.0,
            "clip": 0.0,
            "decay": 0.8,
        },
        "schedule": {"type": "step", "warmup": 0, "every": 3, "by": 0.5},
        "initializer": "uniform",
        "batch": 8,
        "epochs": 1,
        "seed": 3,
        "engine": "numpy",
        "evaluate_every": 0,
        "checkpoint_every": 0,
        "validation": 0,
        "target": 0.0,
        "patience": 0,
    },
    "data": ["bars", 60, 1880743564],
    "progress": {
        "step": 4,
        "epoch": 0,
        "batch": 4,
        "epoch_loss": 21.31116247177124,
        "epoch_correct": 6,
        "evaluated": 0,
        "checkpointed": 0,
        "best": -1.0,
        "age": 0,
        "reached": 0.0,
    },
    "generator": {
        "state": "c26579e3a4c9d6129c083587a10c27b0",
        "inc": "a7043c160277735a2ed88b8bc66abe1f",
        "has_uint32": 0,
        "uinteger": 1281623493,
    },
}

ARRAYS: dict[str, tuple[tuple[int, ...], str]] = {
    "layers.0.weight": (
        (2, 16),
        "3879103f877f62bfa08134bfa0a916bfa1f531bfc2de0b3f9b2a2d3f9ca5d03db1007bbf53ce5dbf"
        "8011cabe747542be03c6403e5890b7bdbbe408bf5cb83cbf1740e13ef0e4053f74275dbfcfd832bf"
        "c8e30fbd7ae427be2542573f18f2ce3d50e341bef49e20be8202923eee19fe3deae52bbfbb3ddb3e"
        "eb08ef3eb2a95d3f",
    ),
    "layers.0.bias": ((2,), "7066033f6702e6be"),
    "layers.1.weight": ((4, 2), "9008b0becaff823e98ce783e8220ab3ee9262e3f76f9f0beab5c583f8e4475bf"),
    "layers.1.bias": ((4,), "a18c63bfd268633f23da543fb5b0d8be"),
    "optimizer.layers.0.weight.square": (
        (2, 16),
        "e683f538cef9ba386a86083880ae22389eb3ca38dc5b04392c8927380f220138188c3b3788f8cd37"
        "23191f371f2ce136823d9e378b78643734b7ab36cc0204374b9ae537e4df8837231656376c8f6837"
        "6176a5371948d1379afd5b3728aa3b37058ac8347ab60735c893de37589cc937dd89253523b93036"
        "3a3b07389a5fb737",
    ),
    "optimizer.layers.0.bias.square": ((2,), "a661af39ba1e1638"),
    "optimizer.layers.1.weight.square": (
        (4, 2),
        "427c7c382cf600392d2a043abe96ec3a246c363ad15af93a6d101f39cc45c739",
    ),
    "optimizer.layers.1.bias.square": ((4,), "9a80053a2949cb3beb5cb13b7ddfa93a"),
}

REST = [0.46648797392845154, 0.7806229591369629, 0.5085371136665344, 0.6046735048294067]
