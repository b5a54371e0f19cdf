"""Train the small network that tells written digits: `python -m ocr.training digits --digits FOLDER`.

Digits come from `pens.py`; each is bent as by a hand, brought to a line crop's resolution, turned,
sheared and inked as pens, copiers and scanners do, and normalised as at run time. Letters, blots, pieces
of digits and two digits in one make the last class: no digit.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr.training.fonts import Face
from ocr.training.hand import Hand, load_hands
from ocr.training.pens import (
    hand_digit,
    no_digit,
    pen_faces,
    printed,
    stamp_faces,
    stamped_digit,
    written_digit,
)
from ocr.written_digits import DIGITS, INK_LEVEL, SIDE, to_digit_picture

NO_DIGIT = len(DIGITS)
BATCH = 128
AGAIN = 30  # batches after which some are shown again
STEPS = 6000
OPSET = 17
SMOOTHING = 0.05  # of the labels, so that what is said to be likely is
# Shares of what is shown; the rest is Arabic digits of real hands.
THAI_SHARE, PRINTED_SHARE, STAMPED_SHARE, NO_DIGIT_SHARE = 0.46, 0.07, 0.07, 0.14
THAI_PRINTED_SHARE = 0.15  # of Thai digits
REAL_SHARE = 0.85  # of written Thai digits, where real hands are at hand; else fonts
# Of a batch's written digits the worst are not learnt: 2 to 3 % of the drawings are scribbles, two
# digits or another one (looked at).
FORGOTTEN, FORGET_AFTER = 0.025, 0.25

Picture = NDArray[np.uint8]
Ink = NDArray[np.float32]


class DigitNetwork(nn.Module):
    """Ink (n, 1, 28, 28) to the scores of ten Arabic, ten Thai digits and of no digit."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_convolution(1, 16),
            nn.MaxPool2d(2),
            *_convolution(16, 40),
            *_convolution(40, 40),
            nn.MaxPool2d(2),
            *_convolution(40, 72),
            *_convolution(72, 72),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(72 * 9, NO_DIGIT + 1),
        )

    def forward(self, ink: Tensor) -> Tensor:
        """Return scores before the softmax."""
        scores: Tensor = self.layers(ink)
        return scores


def _convolution(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()


@dataclass(frozen=True, slots=True)
class Pens:
    """What digits are made from."""

    hand: Hand
    faces: tuple[Face, ...]
    pens: tuple[Face, ...]
    stamps: tuple[Face, ...]


def load_pens(folder: Path, faces: tuple[Face, ...], handwriting: Path | None = None) -> Pens:
    """Read the hands' digits and sort the faces; `handwriting` brings Thai digits of real hands."""
    hand = load_hands(folder, handwriting)
    return Pens(hand, faces, pen_faces(faces), stamp_faces(faces))


def make_digit(pens: Pens, rng: random.Random) -> tuple[Picture, int]:
    """Return ink dark on 255 and its class."""
    kind = rng.random()
    if kind < NO_DIGIT_SHARE:
        return no_digit(pens.hand, pens.pens, rng), NO_DIGIT
    kind -= NO_DIGIT_SHARE
    value = rng.randrange(10)
    if kind < THAI_SHARE:
        digit = DIGITS[10 + value]
        if rng.random() < THAI_PRINTED_SHARE:
            return printed(rng.choice(pens.faces), digit), 10 + value
        if digit in pens.hand.pictures and rng.random() < REAL_SHARE:
            return hand_digit(pens.hand, digit, rng), 10 + value
        return written_digit(digit, rng.choice(pens.pens), rng), 10 + value
    kind -= THAI_SHARE
    digit = DIGITS[value]
    if kind < PRINTED_SHARE:
        return printed(rng.choice(pens.faces), digit), value
    if kind < PRINTED_SHARE + STAMPED_SHARE:
        return stamped_digit(digit, rng.choice(pens.stamps), rng), value
    return hand_digit(pens.hand, digit, rng), value


def wear(glyph: Picture, rng: random.Random) -> Ink:
    """Return bent and worn ink (0 paper to 1) at a crop's resolution, cut to what is left of it."""
    noise = np.random.default_rng(rng.randrange(2**32))
    height = rng.uniform(13, 38)
    scale = height / glyph.shape[0]
    padded = cv2.copyMakeBorder(glyph, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=(255,))
    if scale < 1:
        padded = cv2.GaussianBlur(padded, (0, 0), 0.35 / scale)
    rows, columns = (round(side * scale * 1.35) + 6 for side in padded.shape)
    ys, xs = np.mgrid[0:rows, 0:columns].astype(np.float32)
    ys, xs = (ys - rows / 2) / scale, (xs - columns / 2) / scale
    turn, slant, wide = rng.gauss(0, 0.12), rng.gauss(0.05, 0.18), rng.uniform(0.8, 1.2)
    bends = noise.normal(0, rng.uniform(0.0, 0.055) * glyph.shape[0], (2, 4, 4)).astype(np.float32)
    bend = [cv2.resize(one, (columns, rows), interpolation=cv2.INTER_CUBIC) for one in bends]
    x = (np.cos(turn) * xs - np.sin(turn) * ys) / wide + slant * ys + bend[0] + padded.shape[1] / 2
    y = np.sin(turn) * xs + np.cos(turn) * ys + bend[1] + padded.shape[0] / 2
    moved = cv2.remap(
        padded, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=(255,)
    )
    soft = cv2.GaussianBlur(1 - moved.astype(np.float32) / 255, (0, 0), rng.uniform(0.3, 1.1))
    level, steep = rng.uniform(0.15, 0.6), rng.uniform(2, 12)
    paper = max(0.0, 0.5 - level * steep)
    ink = np.clip(((soft - level) * steep + 0.5 - paper) / (1 - paper), 0, 1).astype(np.float32)
    return _soil(_cut(ink), rng, noise)


def _cut(ink: Ink) -> Ink:
    rows, columns = (np.flatnonzero((ink > INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((4, 4), np.float32)
    return np.asarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _soil(ink: Ink, rng: random.Random, noise: np.random.Generator) -> Ink:
    """Add what clings to ink on paper: specks, gaps, a rule through the foot, a neighbour's stroke."""
    kind = rng.random()
    if kind < 0.2:
        near = cv2.dilate((ink > INK_LEVEL).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        flips = near & (noise.random(ink.shape) < rng.uniform(0, 0.08))
        return np.where(flips, 1 - ink, ink).astype(np.float32)
    if kind < 0.32:  # pale or gritty ink
        grain = cv2.GaussianBlur(noise.random(ink.shape).astype(np.float32), (0, 0), 0.8)
        return np.where(grain > np.quantile(grain, rng.uniform(0.6, 0.9)), 0, ink).astype(
            np.float32
        )
    if kind > 0.86:
        ink = cv2.copyMakeBorder(ink, 1, 3, 3, 3, cv2.BORDER_CONSTANT, value=(0,))
        height, width = ink.shape
        if kind > 0.95:  # a rule, dotted or not
            row = min(height - 1, round(height * rng.uniform(0.75, 1.0)))
            ink[row, :: rng.choice((1, 1, 3, 4))] = 1.0
        else:
            edge, top = rng.choice((1, width - 3)), rng.randrange(height)
            low = min(height - 1, top + rng.randint(3, max(4, height // 2)))
            cv2.line(ink, (edge, top), (edge + rng.randint(-1, 2), low), (1.0,), rng.randint(1, 2))
    return np.asarray(ink, dtype=np.float32)


def make_batch(pens: Pens, rng: random.Random, count: int) -> tuple[Tensor, Tensor]:
    """Return ink (count, 1, 28, 28) and classes."""
    made = [make_digit(pens, rng) for _ in range(count)]
    ink = np.stack([to_digit_picture(wear(glyph, rng)) for glyph, _ in made])
    classes = torch.tensor([digit for _, digit in made])
    return torch.from_numpy(ink.reshape(count, 1, SIDE, SIDE)), classes


def train_digits(
    folder: Path,
    faces: tuple[Face, ...],
    model: Path,
    *,
    steps: int = STEPS,
    seed: int = 1,
    handwriting: Path | None = None,
) -> float:
    """Train, export and return the share of 2,000 newly worn digits that is told rightly."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    pens = load_pens(folder, faces, handwriting)
    network = DigitNetwork().to(memory_format=torch.channels_last)  # a fifth faster
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    made: list[tuple[Tensor, Tensor]] = []
    for step in range(steps):
        if step % 2 == 0 or len(made) < AGAIN:
            made.append(make_batch(pens, rng, BATCH))
            ink, classes = made[-1]
        else:  # drawing costs as much as learning: every other batch is an earlier one
            ink, classes = rng.choice(made)
        network.train()
        losses = nn.functional.cross_entropy(
            network(ink), classes, label_smoothing=SMOOTHING, reduction="none"
        )
        forgotten = round(FORGOTTEN * BATCH) if step > FORGET_AFTER * steps else 0
        loss = losses.sort().values[: BATCH - forgotten].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        plan.step()
        if step % 200 == 0:
            print(f"digits, step {step}, loss {float(loss.detach()):.3f}", flush=True)
    network.eval()
    ink, classes = make_batch(pens, rng, 2000)
    with torch.no_grad():
        right = float((network(ink).argmax(1) == classes).float().mean())
    export(network, model)
    return right


def export(network: DigitNetwork, model: Path) -> None:
    """Write the network as ONNX."""
    torch.onnx.export(
        network,
        (torch.zeros(2, 1, SIDE, SIDE),),
        str(model),
        opset_version=OPSET,
        dynamo=False,
        input_names=["ink"],
        output_names=["scores"],
        dynamic_axes={"ink": {0: "n"}, "scores": {0: "n"}},
    )
