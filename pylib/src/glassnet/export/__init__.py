"""Out by the front door: a network for other frameworks, and weights to and from PyTorch.

    gn.export.onnx(network, "net.onnx")         # for ONNX Runtime, and all else that reads ONNX
    gn.export.pytorch(network)                  # Python that builds it in PyTorch, loads weights
    gn.export.keras(network)                    # the same for Keras
    gn.export.state_dict(network)               # arrays as PyTorch names and lays them out
    gn.export.load_state_dict(network, FILE)    # and back

Begin with `plan.Plan`: what other frameworks would do, step by step.
"""

from glassnet.export.graph import onnx
from glassnet.export.keras_text import keras
from glassnet.export.state import load_state_dict, state_dict
from glassnet.export.torch_text import pytorch

__all__ = ["keras", "load_state_dict", "onnx", "pytorch", "state_dict"]
