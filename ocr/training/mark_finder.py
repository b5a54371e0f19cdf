"""Train the network that finds a secrecy mark's ink, and write it as ONNX (`python -m ocr.training marks`).

A network of convolutions with one look at a wider neighbourhood; for every cell of eight pixels it says how likely
a mark's letters stand there. Trained against processor time, with an average of its weights (exponential
moving average).
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from torch.nn import functional

from ocr.mark_finder import CELL
from ocr.training.mark_lessons import Lesson, MarkLessons, MarkPlan, find_faces, load_parts
from ocr.training.network import block

BATCH, NEW_IN_BATCH, POOL = 16, 6, 2000  # lessons; the others are seen again, cut out elsewhere
SEEN = (144, 192)  # pixels of a lesson that are shown at a time
KEPT_OF_AVERAGE = 0.998
OPSET, PARITY = 17, 2e-3
_MARK, _BARE = (
    0.25,
    0.02,
)  # share of a cell covered by letters: from here it is a mark's, below it is not
_MARK_WEIGHT, _WHOLE_WEIGHT, _SUREST = 3.0, 0.3, 5


class MarkNetwork(nn.Module):
    """Maps (N, 3, H, W) channels to logits (N, 1, H / 8, W / 8); H and W are multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(
            nn.PixelUnshuffle(2),
            block(12, 16),
            block(16, 32, 2),
            block(32, 32),
            block(32, 64, 2),
            block(64, 64),
        )
        self.wide = nn.Sequential(
            block(64, 96, 2),
            block(96, 96),
            block(96, 96),
            nn.Conv2d(96, 64, 1),
            nn.Upsample(scale_factor=2, mode="nearest"),
        )
        self.head = nn.Sequential(block(64, 48), nn.Conv2d(48, 1, 1))

    def forward(self, channels: Tensor) -> Tensor:
        """Return the logits."""
        fine = self.fine(channels)
        logits: Tensor = self.head(functional.relu(fine + self.wide(fine)))
        return logits


def train_marks(plan: MarkPlan) -> Path:
    """Train for `minutes` of processor time and return the checkpoint; one thread."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    loaded = {folder: load_parts((folder,), plan.without) for folder in sorted(set(plan.pages))}
    parts = [loaded[folder] for folder in plan.pages]
    lessons = iter(MarkLessons(find_faces(plan.fonts), parts, plan.seed))
    pool, rng = deque[Lesson](maxlen=POOL), random.Random(plan.seed)
    network, average = MarkNetwork(), MarkNetwork()
    if plan.start is not None:
        network.load_state_dict(torch.load(plan.start, weights_only=True))
    average.load_state_dict(network.state_dict())
    rule = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=0.01)
    start, step, losses = time.process_time(), 0, 0.0
    plan.run.mkdir(parents=True, exist_ok=True)
    checkpoint = plan.run / "marks.pt"
    while (share := (time.process_time() - start) / (60 * plan.minutes)) < 1:
        for group in rule.param_groups:
            group["lr"] = (
                plan.rate * min(1.0, (step + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * share))
            )
        pool.extend(islice(lessons, NEW_IN_BATCH if len(pool) > 4 * BATCH else BATCH))
        channels, covered = _batch(
            [pool[-1 - i] if i < NEW_IN_BATCH else rng.choice(pool) for i in range(BATCH)], rng
        )
        loss = _loss(network(channels), covered)
        rule.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        rule.step()
        _average(average, network, min(KEPT_OF_AVERAGE, (step + 1) / (step + 20)))
        losses += float(loss.detach())
        step += 1
        if step % 50 == 0:
            torch.save(average.state_dict(), checkpoint)
            print(f"{step} steps, {share:.0%}, loss {losses / 50:.4f}", flush=True)
            losses = 0.0
    torch.save(average.state_dict(), checkpoint)
    return checkpoint


def _batch(lessons: Sequence[Lesson], rng: random.Random) -> tuple[Tensor, Tensor]:
    """Cut a part out of every lesson, at a whole cell."""
    channels, covered = [], []
    rows, columns = SEEN[0] // CELL, SEEN[1] // CELL
    for lesson in lessons:
        y = rng.randint(0, lesson.covered.shape[0] - rows)
        x = rng.randint(0, lesson.covered.shape[1] - columns)
        covered.append(lesson.covered[None, y : y + rows, x : x + columns])
        channels.append(
            lesson.channels[:, y * CELL : y * CELL + SEEN[0], x * CELL : x * CELL + SEEN[1]]
        )
    return torch.from_numpy(np.stack(channels)), torch.from_numpy(np.stack(covered))


def _loss(logits: Tensor, covered: Tensor) -> Tensor:
    """Cell by cell, and once for the surest cells together: a single wrong blot holds a letter."""
    target = (covered >= _MARK).float()
    counted = ((covered >= _MARK) | (covered <= _BARE)).float()
    weight = counted * (1 + (_MARK_WEIGHT - 1) * target)
    cells = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="sum")
    surest = (logits - 50 * (1 - counted)).flatten(1).topk(_SUREST, dim=1).values.mean(dim=1)
    whole = functional.binary_cross_entropy_with_logits(surest, target.flatten(1).amax(dim=1))
    return cells / weight.sum() * 10 + _WHOLE_WEIGHT * whole


def _average(average: nn.Module, network: nn.Module, kept: float) -> None:
    with torch.no_grad():
        own = network.state_dict()
        for name, value in average.state_dict().items():
            if value.is_floating_point():
                value.lerp_(own[name], 1 - kept)
            else:
                value.copy_(own[name])


def export_marks(checkpoint: Path, model: Path) -> float:
    """Write a checkpoint as ONNX; return the largest difference. Raises RuntimeError where the two disagree."""
    network = MarkNetwork()
    network.load_state_dict(torch.load(checkpoint, weights_only=True))
    network.eval()
    axes = {"channels": {2: "height", 3: "width"}, "logits": {2: "rows", 3: "columns"}}
    torch.onnx.export(
        network,
        (torch.rand(1, 3, 192, 256),),
        str(model),
        opset_version=OPSET,
        dynamo=False,
        input_names=["channels"],
        output_names=["logits"],
        dynamic_axes=axes,
    )
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    worst = 0.0
    for height, width in ((192, 256), (368, 800)):
        channels = torch.rand(1, 3, height, width)
        with torch.no_grad():
            expected = network(channels).numpy()
        got = session.run(None, {"channels": channels.numpy()})[0]
        worst = max(worst, float(np.abs(got - expected).max()))
    if not worst <= PARITY:  # NaN too
        message = f"{model.name} differs from PyTorch by {worst:.4f}"
        raise RuntimeError(message)
    return worst
