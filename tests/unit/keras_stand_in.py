"""As much of Keras 3 as the text of `export.keras` uses, in numpy, after Keras's documentation:
channels last, a weight's units last, shapes of weights checked when they are set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]


class Layer:
    """A layer's arrays are made once its input's shape is known."""

    def __init__(self, name: str = "") -> None:
        self.name, self.weights = name, list[Array]()

    def build(self, shape: Shape) -> None:
        pass

    def set_weights(self, arrays: Sequence[Array]) -> None:
        assert [a.shape for a in arrays] == [a.shape for a in self.weights], self.name
        self.weights = list(arrays)

    def call(self, x: Array) -> Array:
        raise NotImplementedError


class Dense(Layer):
    def __init__(self, units: int, name: str) -> None:
        super().__init__(name)
        self.units = units

    def build(self, shape: Shape) -> None:
        self.weights = [np.zeros((shape[-1], self.units)), np.zeros(self.units)]

    def call(self, x: Array) -> Array:
        return np.asarray(x @ self.weights[0] + self.weights[1])


def windows(x: Array, size: int, strides: int) -> Array:
    """(n, rows, columns, channels, size, size)"""
    return sliding_window_view(x, (size, size), axis=(1, 2))[:, ::strides, ::strides]


class Conv2D(Layer):
    def __init__(self, filters: int, size: int, strides: int = 1, name: str = "") -> None:
        super().__init__(name)
        self.filters, self.size, self.strides = filters, size, strides

    def build(self, shape: Shape) -> None:
        kernel = (self.size, self.size, shape[-1], self.filters)
        self.weights = [np.zeros(kernel), np.zeros(self.filters)]

    def call(self, x: Array) -> Array:
        seen = windows(x, self.size, self.strides)
        return np.asarray(np.einsum("nrcijk,jkio->nrco", seen, self.weights[0]) + self.weights[1])


class BatchNormalization(Layer):
    def __init__(self, momentum: float, epsilon: float, name: str) -> None:
        super().__init__(name)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, shape: Shape) -> None:
        self.weights = [np.zeros(shape[-1]) for _ in range(4)]

    def call(self, x: Array) -> Array:
        gamma, beta, mean, variance = self.weights
        return np.asarray(gamma * (x - mean) / np.sqrt(variance + self.epsilon) + beta)


class Plain(Layer):
    """One without arrays."""

    def __init__(self, f: Callable[[Array], Array]) -> None:
        super().__init__()
        self.f = f

    def call(self, x: Array) -> Array:
        return self.f(x)


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def gelu(x: Array, approximate: bool = False) -> Array:
    assert approximate, "the exact one is another"
    return np.asarray(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


NAMED: dict[str, Callable[[Array], Array]] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
}


class Sequential:
    """Layers one after another, built at once for the first is an `Input`."""

    def __init__(self, layers: Sequence[Any]) -> None:
        x = np.zeros((2, *layers[0]))
        self.layers: list[Layer] = list(layers[1:])
        for layer in self.layers:
            layer.build(x.shape[1:])
            x = layer.call(x)

    def get_layer(self, name: str) -> Layer:
        (found,) = (layer for layer in self.layers if layer.name == name)
        return found

    def predict(self, x: Array) -> Array:
        for layer in self.layers:
            x = layer.call(x)
        return x


LAYERS = SimpleNamespace(
    Dense=Dense,
    Conv2D=Conv2D,
    BatchNormalization=BatchNormalization,
    Activation=lambda f: Plain(NAMED[f] if isinstance(f, str) else f),
    LeakyReLU=lambda negative_slope: Plain(lambda x: np.maximum(x, negative_slope * x)),
    Softmax=lambda axis: Plain(softmax),
    Flatten=lambda: Plain(lambda x: x.reshape(len(x), -1)),
    Reshape=lambda shape: Plain(lambda x: x.reshape(len(x), *shape)),
    ZeroPadding2D=lambda n: Plain(lambda x: np.pad(x, ((0, 0), (n, n), (n, n), (0, 0)))),
    MaxPooling2D=lambda size, strides: Plain(
        lambda x: windows(x, size, strides).max(axis=(-2, -1))
    ),
    AveragePooling2D=lambda size, strides: Plain(
        lambda x: windows(x, size, strides).mean(axis=(-2, -1))
    ),
    Dropout=lambda rate: Plain(lambda x: x),
)
keras = SimpleNamespace(
    Input=tuple, Sequential=Sequential, layers=LAYERS, activations=SimpleNamespace(gelu=gelu)
)
