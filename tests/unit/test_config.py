"""The configuration: one validator, which names the field at fault."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.config import RunConfig
from glassnet.errors import ConfigError
from glassnet.layers import LAYERS
from glassnet.optimizers import OPTIMIZERS
from glassnet.options import describe

CLASSIC = {
    "layers": [
        {"type": "dense", "units": 36, "activation": "sigmoid"},
        {"type": "dense", "units": 10, "activation": "sigmoid"},
    ],
    "loss": "mse",
    "initializer": "uniform",
    "batch": 10,
    "epochs": 30,
    "seed": 1,
    "engine": "numpy",
    "evaluate_every": 500,
}


def test_the_defaults_are_the_classic_exercise() -> None:
    document = RunConfig().to_json()
    assert CLASSIC.items() <= document.items()
    assert document["optimizer"] == {"type": "sgd", "lr": 3.0, "l2": 0.0, "l1": 0.0, "clip": 0.0}
    assert RunConfig.from_json({}) == RunConfig() == RunConfig.from_json(document)


def test_what_is_left_out_takes_its_default() -> None:
    config = RunConfig.from_json({"layers": [{"type": "dense", "units": 10}], "seed": 7})
    assert config.to_json()["layers"] == [{"type": "dense", "units": 10, "activation": "sigmoid"}]
    assert config.seed == 7 and config.batch == 10


def test_json_and_back() -> None:
    document = {
        "layers": [
            {"type": "conv2d", "filters": 8, "size": 5},
            {"type": "max_pool2d"},
            {"type": "batch_norm"},
            {"type": "activation", "activation": "gelu"},
            {"type": "dropout", "rate": 0.25},
            {"type": "flatten"},
            {"type": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "cross_entropy",
        "optimizer": {"type": "adamw", "lr": 0.001, "decay": 0.1},
        "schedule": {"type": "cosine", "warmup": 100},
        "patience": 3,
        "validation": 1000,
    }
    config = RunConfig.from_json(document)
    text = json.dumps(config.to_json(), allow_nan=False)
    assert RunConfig.from_json(json.loads(text)) == config
    assert config.to_json()["layers"][0]["stride"] == 1  # complete


def test_numbers_keep_their_kind() -> None:
    """JavaScript writes 3.0 as 3; Python must not make two configurations of it."""
    config = RunConfig.from_json({"optimizer": {"type": "sgd", "lr": 3}})
    assert config == RunConfig()
    assert isinstance(config.to_json()["optimizer"]["lr"], float)


REFUSED: list[tuple[Any, str, str]] = [
    ([], "configuration", "expected an object"),
    (None, "configuration", "expected an object"),
    ({"rate": 3}, "rate", "unknown; known are layers, loss"),
    ({"batch": 0}, "batch", "expected 1 to"),
    ({"batch": 2.5}, "batch", "expected a whole number, got 2.5"),
    ({"batch": True}, "batch", "expected a whole number"),
    ({"batch": "10"}, "batch", "expected a whole number, got '10'"),
    ({"seed": -1}, "seed", "expected 0 to"),
    ({"seed": 2**60}, "seed", "expected 0 to"),
    ({"loss": "huber"}, "loss", "expected one of mse, cross_entropy"),
    ({"loss": ["mse"]}, "loss", "expected one of"),
    ({"engine": "cuda"}, "engine", "expected one of numpy, python"),
    ({"target": 1.5}, "target", "expected 0 to 1"),
    ({"optimizer": "sgd"}, "optimizer", "expected an object with a type, got 'sgd'"),
    ({"optimizer": {"lr": 3}}, "optimizer.type", "expected one of sgd, momentum"),
    ({"optimizer": {"type": "sgd"}}, "optimizer.lr", "is missing"),
    ({"optimizer": {"type": "sgd", "lr": math.nan}}, "optimizer.lr", "expected 0 to"),
    ({"optimizer": {"type": "sgd", "lr": math.inf}}, "optimizer.lr", "expected 0 to"),
    ({"optimizer": {"type": "sgd", "lr": -1}}, "optimizer.lr", "expected 0 to"),
    ({"optimizer": {"type": "sgd", "lr": 1, "beta1": 0}}, "optimizer.beta1", "unknown"),
    ({"schedule": {"type": "step", "every": 0}}, "schedule.every", "expected 1 to"),
    ({"layers": []}, "layers", "expected a list of at least one"),
    ({"layers": {}}, "layers", "expected a list"),
    ({"layers": [{"type": "dense"}]}, "layers[0].units", "is missing"),
    ({"layers": [{"type": ["dense"]}]}, "layers[0].type", "expected one of dense, conv2d"),
    ({"layers": [{"units": 3}]}, "layers[0].type", "expected one of"),
    (
        {"layers": [{"type": "dense", "units": 3}, {"type": "dense", "units": -3}]},
        "layers[1].units",
        "expected 1 to 65536, got -3",
    ),
    (
        {"layers": [{"type": "dense", "units": 3, "activation": "swish"}]},
        "layers[0].activation",
        "expected one of identity, sigmoid",
    ),
    ({"layers": [{"type": "dropout", "rate": 1}]}, "layers[0].rate", "expected 0 to 0.99"),
]


@pytest.mark.parametrize(("document", "field", "words"), REFUSED)
def test_refused(document: Any, field: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_json(document)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}: {words}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(name=st.sampled_from(sorted(RunConfig().to_json())), value=JSON)
def test_any_value_is_accepted_or_refused_by_name(name: str, value: Any) -> None:
    try:
        config = RunConfig.from_json({name: value})
    except ConfigError as error:
        assert error.field.startswith(name)
    else:
        assert RunConfig.from_json(config.to_json()) == config


def test_a_configuration_is_not_shared() -> None:
    first, second = RunConfig(), RunConfig()
    first.to_json()["layers"][0]["units"] = 99
    first.layers[0]["units"] = 98
    assert second.layers[0]["units"] == 36 and RunConfig().layers[0]["units"] == 36


def test_options_describe_themselves() -> None:
    """What a page needs to draw its controls, from the very bounds that are checked."""
    assert describe(OPTIMIZERS["momentum"])["momentum"] == {
        "kind": "number",
        "low": 0,
        "high": 1,
        "default": 0.9,
    }
    dense = describe(LAYERS["dense"])
    assert dense["units"] == {"kind": "integer", "low": 1, "high": 65536}
    assert dense["activation"]["choices"][:2] == ["identity", "sigmoid"]
    assert json.dumps(describe(RunConfig), allow_nan=False)
