"""A network as it answers, on a copy in float64: forwards, and from its outputs back to its input.

It is backpropagation with the layers' own `backward`, but of a network that does not learn: dropout
drops nothing, and a batch norm's μ and σ² are what it remembers, which do not depend on x. So its
way back is another than in training, and stands here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.engines import Sink
from glassnet.engines.numpy import NumpyEngine
from glassnet.formulas import formulas
from glassnet.insight.muted import Muted
from glassnet.layers import BatchNorm, Flow
from glassnet.layers.batch_norm import EPSILON
from glassnet.network import Network

Floats = NDArray[np.float64]


class Frozen:
    """A copy of a network with the arrays for so many examples, those of the way back included.

    Attributes:
        network: the copy.
        flows: its arrays, layer by layer; the first one, too, has dx.
    """

    def __init__(self, network: Network, examples: int) -> None:
        self.engine = NumpyEngine("float64")
        self.network = network.copy_to(self.engine)
        self._work = self.network.workspace(examples)
        self.flows: list[Flow] = self._work.flows
        da = self.engine.zeros(self.flows[-1].a.shape)
        for i in reversed(range(len(self.flows))):
            self.network.layers[i].flow_back(self.flows[i], da, first=False)
            if i:
                da = self.engine.view(self.flows[i].dx, self.flows[i - 1].a.shape)
        self._sinks = [  # what the weights would be told, were they to learn
            {name: Sink(self.engine.zeros(array.shape)) for name, array in layer.parameters.items()}
            for layer in self.network.layers
        ]

    def answer(self, x: Floats) -> Floats:
        """The logits, which are the last layer's z, for x (B, *shape): float64 (B, K).

        Of another number of examples there is no way back, and that of those before stays open.
        """
        work = self.network.workspace(len(x))
        self.engine.load(np.ascontiguousarray(x, np.float64), work.x)
        with np.errstate(all="ignore"):
            self.network.forward(work)
        return np.array(work.flows[-1].z).reshape(len(x), -1)

    def logits_back(self, weights: Floats) -> Floats:
        """∂/∂x of Σₖ weights[e, k] · logit k, after `answer`: float64 (B, *shape)."""
        self.engine.load(np.ascontiguousarray(weights, np.float64), self.flows[-1].delta)
        return self._back(fused=True)

    def loss_back(self, labels: NDArray[np.uint8]) -> Floats:
        """∂L/∂x, after `answer`, of labels uint8 (B,): float64 (B, *shape)."""
        self.engine.one_hot(labels, self._work.y)
        with np.errstate(all="ignore"):
            self.network.measure_loss(self._work, training=True)
        return self._back(self.network.fused)

    def _back(self, fused: bool) -> Floats:
        with np.errstate(all="ignore"):
            for i in reversed(range(len(self.flows))):
                layer, flow = self.network.layers[i], self.flows[i]
                if isinstance(layer, BatchNorm):
                    remembered_back(layer, flow)
                else:
                    layer.backward(flow, self._sinks[i], fused)
                fused = False
        return np.array(self.flows[0].dx).reshape(-1, *self.network.shape)


@formulas("∂L/∂x = γ/√(σ̄² + ε) ⊙ ∂L/∂a")
def remembered_back(layer: BatchNorm, flow: Flow) -> None:
    """A batch norm's way back, of what it remembers."""
    if isinstance(layer, Muted):
        layer.hush(flow.da)
    flow.dx[...] = flow.da * slope(layer)


@formulas("γ/√(σ̄² + ε)")
def slope(layer: BatchNorm) -> Any:
    """How much a batch norm multiplies each channel, (C,)."""
    return layer.gamma / np.sqrt(layer.memory["running_var"] + EPSILON)
