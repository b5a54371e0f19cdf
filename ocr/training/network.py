"""The recognizer's network: convolutions to a quarter of the width, recurrence, two CTC frames a step.

Thai stacks up to three characters in one column (a letter, a vowel, a tone), so CTC needs fine frames
where the recurrence does not: every recurrent step, four crop pixels wide, emits two frames.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

STEP_PIXELS = 4  # crop pixels a recurrent step
FRAMES_A_STEP = 2


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Return a 3x3 convolution with batch normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


class LineNetwork(nn.Module):
    """Maps ink pictures (N, 1, 48, W), 0 paper to 1 ink, to log-probabilities (N, W / 2, classes).

    W is a multiple of 4; class 0 is the CTC blank. Pixels are folded 2 x 2 into channels first: on
    processors the full-resolution layers cost most and brought nothing (measured in the model card).
    """

    def __init__(
        self, classes: int, widths: tuple[int, ...] = (32, 64, 80, 112, 128), hidden: int = 160
    ) -> None:
        super().__init__()
        self.classes = classes
        a, b, c, d, e = widths
        self.trunk = nn.Sequential(
            nn.PixelUnshuffle(2),
            block(4, a),
            block(a, b, stride=2),
            block(b, c),
            block(c, c),
            nn.MaxPool2d((2, 1)),
            block(c, d),
            nn.MaxPool2d((2, 1)),
            nn.Conv2d(d, e, 3, padding=(0, 1), bias=False),
            nn.BatchNorm2d(e),
            nn.ReLU(),
        )
        self.drop = nn.Dropout(0.08)
        self.first = nn.LSTM(e, hidden, batch_first=True, bidirectional=True)
        self.second = nn.LSTM(2 * hidden, hidden, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * hidden, classes * FRAMES_A_STEP)

    def forward(self, ink: Tensor) -> Tensor:
        """Return log-probabilities of every frame."""
        seen = self.trunk(ink)
        steps = seen.squeeze(2).transpose(1, 2)
        steps, _ = self.first(self.drop(steps))
        steps, _ = self.second(self.drop(steps))
        scores = self.head(self.drop(steps))
        frames = scores.reshape(scores.shape[0], -1, self.classes)
        return torch.log_softmax(frames.float(), dim=-1)
