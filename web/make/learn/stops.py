"""Where the network page shows a formula at work, for those that a shipped network has: a dense one
(sigmoid, mse, SGD) and a convolutional one (ReLU, max-pooling, softmax). A stop is an array of its
training step, by its name there (`layers.0.z`); the last part alone means the first such array.
"""

from __future__ import annotations

from urllib.parse import urlencode

PAGE = "network.html"

_CONV = {"model": "conv"}
# By function and by what the formula defines; or, of functions that stand in others, by themselves.
_STOPS: dict[tuple[str, str], dict[str, str]] = {
    ("Dense.forward", "z"): {"stop": "z"},
    ("Dense.forward", "a"): {"stop": "a"},
    ("sigmoid", "f(z)"): {"stop": "layers.0.a"},
    ("sigmoid_prime", "f′(z)"): {"stop": "layers.0.delta"},
    ("relu", "f(z)"): {**_CONV, "stop": "layers.0.a"},
    ("relu_prime", "f′(z)"): {**_CONV, "stop": "layers.0.delta"},
    ("Softmax.forward", "aₖ"): {**_CONV, "stop": "layers.last.a"},
    ("Conv2D.forward", "s"): {**_CONV, "stop": "layers.0.s"},
    ("Conv2D.forward", "z"): {**_CONV, "stop": "layers.0.z"},
    ("MaxPool2D.forward", "a"): {**_CONV, "stop": "layers.1.a"},
    ("half_square", "L"): {"stop": "loss"},
    ("half_square_prime", "∂L/∂a"): {"stop": "layers.last.da"},
    ("surprise", "L"): {**_CONV, "stop": "loss"},
    ("SoftmaxCrossEntropy.measure", "δ"): {**_CONV, "stop": "layers.last.delta"},
    ("Dense.backward", "∂L/∂x"): {"stop": "layers.last.dx"},
    ("Dense.backward", "δ"): {"stop": "delta"},
    ("Dense.backward", "∂L/∂W"): {"stop": "weight.gradient"},
    ("Dense.backward", "∂L/∂b"): {"stop": "bias.gradient"},
    ("Conv2D.backward", "∂L/∂W"): {**_CONV, "stop": "layers.0.weight.gradient"},
    ("Conv2D.backward", "∂L/∂b"): {**_CONV, "stop": "layers.0.bias.gradient"},
    ("MaxPool2D.backward", "∂L/∂s"): {**_CONV, "stop": "layers.1.ds"},
    ("sgd", "θ"): {"stop": "weight"},
}


def address(function: str, symbol: str) -> str | None:
    """The page at the stop of a formula; None where no shipped network has it."""
    query = _STOPS.get((function, symbol))
    return f"{PAGE}?{urlencode(query)}" if query else None
