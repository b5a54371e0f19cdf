"""Take the shipped weights back into the training network, so that a run can start from them.

The exported model has its batch normalisations folded into the convolutions; here they become the
identity, and training keeps their statistics fixed (`Trainer.warm`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from ocr.training.network import LineNetwork

TORCH_GATES = (
    0,
    2,
    3,
    1,
)  # ONNX keeps input, output, forget, cell; PyTorch input, forget, cell, output


def load_shipped(path: Path, classes: int) -> LineNetwork:
    """Return the network with the weights of an exported model; raises ValueError for another network."""
    graph = onnx.load(str(path)).graph
    values = {i.name: np.array(numpy_helper.to_array(i)) for i in graph.initializer}
    network = LineNetwork(classes)
    steps = [node for node in graph.node if node.op_type in {"Conv", "LSTM", "MatMul"}]
    convolutions = [n for n in steps if n.op_type == "Conv"]
    recurrent = [n for n in steps if n.op_type == "LSTM"]
    places = _convolutions(network)
    if len(convolutions) != len(places) or len(recurrent) != 2:
        message = f"{path} does not hold the line network"
        raise ValueError(message)
    with torch.no_grad():
        for node, (convolution, norm) in zip(convolutions, places, strict=True):
            convolution.weight.copy_(torch.from_numpy(values[node.input[1]]))
            norm.weight.fill_(float(np.sqrt(1.0 + norm.eps)))  # running variance 1: the identity
            norm.bias.copy_(torch.from_numpy(values[node.input[2]]))
        for node, layer in zip(recurrent, (network.first, network.second), strict=True):
            _fill_recurrent(layer, *(values[name] for name in node.input[1:4]))
        head = next(n for n in steps if n.op_type == "MatMul")
        network.head.weight.copy_(torch.from_numpy(values[head.input[1]].T.copy()))
        network.head.bias.copy_(torch.from_numpy(values["head.bias"]))
    return network.eval()


def freeze_statistics(network: nn.Module) -> None:
    """Keep the batch normalisations as they are: folded weights left no statistics to follow."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def _convolutions(network: LineNetwork) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    flat = [m for m in network.trunk.modules() if isinstance(m, (nn.Conv2d, nn.BatchNorm2d))]
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return [(a, b) for a, b in pairs if isinstance(a, nn.Conv2d) and isinstance(b, nn.BatchNorm2d)]


def _fill_recurrent(
    layer: nn.LSTM,
    inputs: NDArray[np.float32],
    states: NDArray[np.float32],
    biases: NDArray[np.float32],
) -> None:
    for direction, end in enumerate(("", "_reverse")):
        both = biases[direction].reshape(2, -1)
        for name, value in (
            ("weight_ih_l0", inputs[direction]),
            ("weight_hh_l0", states[direction]),
            ("bias_ih_l0", both[0]),
            ("bias_hh_l0", both[1]),
        ):
            parameter: Tensor = getattr(layer, name + end)
            parameter.copy_(torch.from_numpy(_reorder(value)))


def _reorder(value: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bring the four gates, stacked along the first axis, into PyTorch's order."""
    gates = np.split(value, 4, axis=0)
    return np.concatenate([gates[g] for g in TORCH_GATES], axis=0)
