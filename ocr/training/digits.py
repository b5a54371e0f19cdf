"""Train the small network that tells written digits: `python -m ocr.training digits --digits FOLDER`.

Digits come from IDX files (see `hand.py`); each is brought to a line crop's resolution, turned, sheared
and inked as pens, copiers and scanners do, and normalised as at run time. Thai letters and pieces of
digits make the eleventh class: no digit.
"""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor, nn

from ocr.training.fonts import Face, load_font
from ocr.training.hand import Hand, load_hand
from ocr.training.lists import CONSONANTS
from ocr.written_digits import SIDE, to_digit_picture

NO_DIGIT = 10
BATCH = 128
OPSET = 17
PRINTED_SHARE, NO_DIGIT_SHARE = 0.15, 0.08
FOREIGN = "".join(CONSONANTS) + "๒๓๔๕๖๗๘๙/.-"

Picture = NDArray[np.uint8]


class DigitNetwork(nn.Module):
    """Ink (n, 1, 28, 28) to the scores of ten digits and of no digit; about 100,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Dropout(0.25), nn.Linear(48 * 49, 40), nn.ReLU(), nn.Linear(40, 11),
        )  # fmt: skip

    def forward(self, ink: Tensor) -> Tensor:
        """Return scores before the softmax."""
        scores: Tensor = self.layers(ink)
        return scores


def make_digit(hand: Hand, faces: tuple[Face, ...], rng: random.Random) -> tuple[Picture, int]:
    """Return ink as a line crop would show it (dark on 255, cut to it) and its class."""
    kind = rng.random()
    if kind < NO_DIGIT_SHARE:
        return _print(rng.choice(FOREIGN), rng.choice(faces)), NO_DIGIT
    digit = str(rng.randrange(10))
    if kind < NO_DIGIT_SHARE + PRINTED_SHARE:
        return _print(digit, rng.choice(faces)), int(digit)
    return rng.choice(hand.pictures[digit]), int(digit)


def _print(char: str, face: Face) -> Picture:
    font = load_font(face.path, 60)
    image = Image.new("L", (110, 130), 255)
    ImageDraw.Draw(image).text((20, 90), char, font=font, fill=0, anchor="ls")
    drawn = np.array(image)
    rows, columns = (np.flatnonzero((drawn < 128).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((12, 8), np.uint8)
    return drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def wear(glyph: Picture, rng: random.Random) -> NDArray[np.float32]:
    """Return worn ink (0 paper to 1) at a crop's resolution, cut to what is left of it."""
    padded = cv2.copyMakeBorder(glyph, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=(255,))
    height = rng.uniform(13, 30)
    scale = height / glyph.shape[0]
    middle = (padded.shape[1] / 2, padded.shape[0] / 2)
    turn = cv2.getRotationMatrix2D(middle, rng.gauss(0, 7), scale)
    turn[0, 1] += rng.gauss(0, 0.15) * scale  # a slant
    turn[0, 0] *= rng.uniform(0.8, 1.2)
    size = (round(padded.shape[1] * scale * 1.5) + 8, round(padded.shape[0] * scale * 1.3) + 8)
    turn[:, 2] += np.array(size) / 2 - (turn[:, :2] @ np.array(middle) + turn[:, 2])
    moved = 1 - cv2.warpAffine(padded, turn, size, borderValue=(255,)).astype(np.float32) / 255
    soft = cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.3, 1.1))
    level, steep = rng.uniform(0.15, 0.6), rng.uniform(2, 12)
    ink = np.clip((soft - level) * steep + 0.5, 0, 1).astype(np.float32)
    if rng.random() < 0.3:
        noise = np.random.default_rng(rng.randrange(2**32)).random(ink.shape)
        ink = np.where(noise < rng.uniform(0, 0.06), 1 - ink, ink).astype(np.float32)
    rows, columns = (np.flatnonzero((ink > 0.35).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return np.zeros((4, 4), np.float32)
    return np.asarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def make_batch(
    hand: Hand, faces: tuple[Face, ...], rng: random.Random, count: int
) -> tuple[Tensor, Tensor]:
    """Return ink (count, 1, 28, 28) and classes."""
    made = [make_digit(hand, faces, rng) for _ in range(count)]
    ink = np.stack([to_digit_picture(wear(glyph, rng)) for glyph, _ in made])
    classes = torch.tensor([digit for _, digit in made])
    return torch.from_numpy(ink.reshape(count, 1, SIDE, SIDE)), classes


def train_digits(
    folder: Path, faces: tuple[Face, ...], model: Path, *, steps: int = 3500, seed: int = 1
) -> float:
    """Train, export and return the share of 2,000 newly worn digits that is told rightly."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    hand = load_hand(folder)
    network = DigitNetwork()
    optimizer = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for step in range(steps):
        ink, classes = make_batch(hand, faces, rng, BATCH)
        network.train()
        loss = nn.functional.cross_entropy(network(ink), classes)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        plan.step()
        if step % 200 == 0:
            print(f"digits, step {step}, loss {float(loss.detach()):.3f}", flush=True)
    network.eval()
    ink, classes = make_batch(hand, faces, rng, 2000)
    with torch.no_grad():
        right = float((network(ink).argmax(1) == classes).float().mean())
    torch.onnx.export(
        network, (ink[:2],), str(model), opset_version=OPSET, dynamo=False,
        input_names=["ink"], output_names=["scores"], dynamic_axes={"ink": {0: "n"}, "scores": {0: "n"}},
    )  # fmt: skip
    return right
