"""Write the averaged network as ONNX beside its description, and prove that it reads the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from ocr.recognizer import CROP_HEIGHT
from ocr.training.alphabet import ALPHABET
from ocr.training.network import FRAMES_A_STEP, STEP_PIXELS, LineNetwork
from ocr.training.warm import load_shipped

OPSET = 17
PARITY = 2e-3  # largest difference of a log-probability that matters nowhere


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the model went, its size in bytes and the largest difference from PyTorch."""

    path: Path
    size: int
    difference: float


def load_average(checkpoint: Path, start: Path | None = None, share: float = 1.0) -> LineNetwork:
    """Return the averaged network of a checkpoint, ready to read.

    With `start`, the exported model it was trained on from, `share` (0 to 1) of every weight is the
    checkpoint's and the rest the start's: what was new is kept and less of the old forgotten
    (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).
    """
    state = torch.load(checkpoint, weights_only=True)["average"]
    network = LineNetwork(len(ALPHABET) + 1)
    if start is not None:
        old = load_shipped(start, len(ALPHABET) + 1).state_dict()
        state = {
            name: torch.lerp(old[name], value, share) if value.is_floating_point() else value
            for name, value in state.items()
        }
    network.load_state_dict(state)
    return network.eval()


def export(
    checkpoint: Path,
    path: Path,
    temperature: float = 1.0,
    *,
    start: Path | None = None,
    share: float = 1.0,
) -> Exported:
    """Export a checkpoint; raises RuntimeError when onnxruntime does not agree with PyTorch."""
    network = load_average(checkpoint, start, share)
    sample = torch.rand(2, 1, CROP_HEIGHT, 160)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        network,
        (sample,),
        str(path),
        opset_version=OPSET,
        dynamo=False,
        input_names=["ink"],
        output_names=["scores"],
        dynamic_axes={"ink": {0: "lines", 3: "width"}, "scores": {0: "lines", 1: "frames"}},
    )
    describe(path, temperature)
    return Exported(path, path.stat().st_size, check_parity(network, path))


def describe(path: Path, temperature: float) -> None:
    """Write the description that the recognizer reads beside the model."""
    description = {
        "alphabet": ALPHABET,
        "frame_pixels": STEP_PIXELS // FRAMES_A_STEP,
        "temperature": temperature,
    }
    text = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    path.with_suffix(".json").write_text(text, encoding="utf-8")


def check_parity(network: LineNetwork, path: Path) -> float:
    """Return the largest difference between onnxruntime and PyTorch over three shapes."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for count, width in ((1, 64), (3, 416), (2, 1504)):
        ink = torch.rand(count, 1, CROP_HEIGHT, width)
        with torch.no_grad():
            expected = network(ink).numpy()
        got = session.run(None, {"ink": ink.numpy()})[0]
        worst = float(np.maximum(worst, np.abs(got - expected).max()))
    if not worst <= PARITY:  # NaN too
        message = f"{path.name} differs from PyTorch by {worst:.4f}"
        raise RuntimeError(message)
    return worst
