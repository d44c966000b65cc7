"""Why this answer: the one linear map that a network is for one image, and for all that switch the
same units.

A relu is either the identity or 0, a maximum is one of its numbers. Which of them it is, depends
on the image; but once that is settled, all that is left are products and sums, and the network is
linear:  logitₖ = templateₖ · x + constantₖ.  Where a layer bends smoothly, as sigmoid and tanh do,
no such map is exact; then the templates are ∂logitₖ/∂x and nothing more.

Templates are found by backpropagation from each logit, constants from what every bias and batch
norm contributes to it: so that the sum is the logit says that both are right. (Montúfar et al., On
the number of linear regions of deep neural networks, 2014; Srinivas, Fleuret, Full-gradient
representation, 2019, whose bias gradients the constants are the sums of.)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.activations import ACTIVATIONS
from glassnet.errors import ShapeError
from glassnet.images import as_examples
from glassnet.insight.frozen import Floats, Frozen, slope
from glassnet.insight.muted import kind_of, off_in
from glassnet.layers import LAYERS, Activate, BatchNorm, Flow, Layer, MaxPool2D, Shape
from glassnet.layers.dense import Affine
from glassnet.network import Network

KINKED = [ACTIVATIONS[name] for name in ("relu", "leaky_relu")]
STRAIGHT = [ACTIVATIONS["identity"], *KINKED]


@dataclass(frozen=True, eq=False)
class LinearMap:
    """What a network is at one image. K is the number of outputs.

    Attributes:
        templates: float64 (K, *shape), ∂logitₖ/∂x.
        constants: float64 (K,), what the biases and batch norms add on their way.
        products: float64 (K,), templateₖ · x.
        logits: float64 (K,), the last layer's z, from a pass forwards.
        exact: whether logit = product + constant here and wherever the same units are on.
        why: what is not linear, as `sigmoid in layers.0`; empty if it is exact.
        on: by layer, as `layers.0`, in the shape of its output: of relus, which are on (uint8);
            of maxima, which number of the window it is (uint8, or uint16 in large windows).
    """

    templates: Floats
    constants: Floats
    products: Floats
    logits: Floats
    exact: bool
    why: str
    on: dict[str, NDArray[Any]]


def linear_map(network: Network, image: Any) -> LinearMap:
    """The linear map from one image to the logits; the network is not changed.

    Args:
        image: of the network's shape or flat: bytes 0..255, or floats 0..1.

    Whatever the network's engine, the map is computed in float64 by numpy.

    Raises:
        ShapeError: the image is of another size.
    """
    x = as_examples(np.asarray(image)[np.newaxis], network.shape, np.float64)
    outputs = network.outputs
    frozen = Frozen(network, outputs)
    logits = frozen.answer(np.repeat(x, outputs, axis=0))[0]
    templates = frozen.logits_back(np.eye(outputs))
    layers = list(enumerate(zip(frozen.network.layers, frozen.flows, strict=True)))
    constants = sum(constant(layer, flow, outputs) for _, (layer, flow) in layers)
    bends = [
        f"{bend} in layers.{i}"
        for i, (layer, _) in layers
        if (bend := bending(layer, last=i == len(layers) - 1))
    ]
    on = {
        f"layers.{i}": which
        for i, (layer, flow) in layers
        if (which := switched(layer, flow, network.shapes[i + 1])) is not None
    }
    products = np.einsum("ki,i->k", templates.reshape(outputs, -1), x.reshape(-1))
    found = np.zeros(outputs) + constants
    return LinearMap(templates, found, products, logits, not bends, ", ".join(bends), on)


def input_gradient(network: Network, image: Any, label: int) -> Floats:
    """∂L/∂x for one image and its class, as the network answers: float64, of the network's shape.

    The direction in which each pixel makes the loss larger (Simonyan, Vedaldi, Zisserman 2014).

    Args:
        image: as for `linear_map`.

    Raises:
        ShapeError: the image is of another size, or there is no such class.
    """
    if not 0 <= label < network.outputs:
        raise ShapeError("label", f"0 to {network.outputs - 1}", label)
    frozen = Frozen(network, 1)
    frozen.answer(as_examples(np.asarray(image)[np.newaxis], network.shape, np.float64))
    gradient: Floats = frozen.loss_back(np.array([label], np.uint8))[0]
    return gradient


def constant(layer: Layer, flow: Flow, examples: int) -> Floats | float:
    """What a layer's own constants add to each example's output, after the way back: (B,).

    b reaches it as δ · b; a batch norm's a = s x + (β − s μ̄) as ∂/∂a · (β − s μ̄).
    """
    if isinstance(layer, Affine):
        reached, added = flow.delta, layer.bias
    elif isinstance(layer, BatchNorm):
        reached, added = flow.da, layer.beta - slope(layer) * layer.memory["running_mean"]
    else:
        return 0.0
    total: Floats = reached.reshape(examples, -1, len(added)).sum(axis=1) @ added
    return total


def bending(layer: Layer, last: bool) -> str:
    """What of a layer is not linear piece by piece: an activation's name, or that of a kind of
    layer that is the reader's own; empty if nothing is. The last one's activation comes after z."""
    if kind_of(layer) not in LAYERS.values():
        return kind_of(layer).__name__
    if isinstance(layer, Affine | Activate) and not last and layer.f not in STRAIGHT:
        return layer.f.name
    return ""


def switched(layer: Layer, flow: Flow, shape: Shape) -> NDArray[Any] | None:
    """How a layer's switches stand for the first example, in the shape of its output; None if it
    has none."""
    which: NDArray[Any] | None = None
    if isinstance(layer, Affine | Activate) and layer.f in KINKED:
        which = (flow.z.reshape(-1)[: prod(shape)] > 0).astype(np.uint8)
        which.reshape(-1, shape[-1])[:, list(off_in(layer))] = 0
    elif isinstance(layer, MaxPool2D) and layer.largest:
        winner = flow.forward_arrays["winner"].reshape(-1)[: prod(shape)]
        which = winner.astype(np.uint8 if layer.size <= 16 else np.uint16)
    return None if which is None else which.reshape(shape)
