"""Train the network on generated lines for a given time; stops and resumes at any point.

Every process computes on one thread and they share gradients step by step: on a busy machine the
barriers inside a multi-threaded recurrent layer cost five times the arithmetic (measured).
"""

from __future__ import annotations

import copy
import json
import math
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor, nn

from ocr.recognizer import CROP_HEIGHT, to_ink
from ocr.training.alphabet import ALPHABET, decode, encode, frames_needed
from ocr.training.network import FRAMES_A_STEP, STEP_PIXELS, LineNetwork
from ocr.training.shards import PEAK_RATE, SHORT_SHARDS, read_shard, shard_path
from ocr.training.warm import freeze_statistics, load_shipped

Line = tuple[NDArray[np.uint8], list[int]]
BATCH_PIXELS = 5_500  # sum of the widths of a process's batch
SHORT_BATCH_PIXELS = 3_500
# CTC finds where characters stand sooner in short lines: long ones come when the loss says it has.
SHORT_UNTIL_LOSS = 1.3
FIRST_SHARD_SECONDS = 900
CHUNK_LINES = 768  # lines sorted by width together
RISE_STEPS, RISE_STEPS_GOING_ON = 150, 60  # until the rate has its peak
# Without AVX-512 a step in bfloat16 takes ten times as long as in float32 (measured: 7 s against 0.7).
HALVES = torch.backends.cpu.get_cpu_capability().startswith("AVX512")


@dataclass(slots=True)
class Plan:
    """What a run does: `minutes` of training in all, over however many sittings."""

    folder: Path
    lines: Path
    minutes: float
    seed: int = 1
    peak_rate: float = PEAK_RATE
    processes: int = 2
    check_every_minutes: float = 6.0
    start: Path | None = None  # an exported model to go on from


@dataclass(slots=True)
class Pool:
    """Hands out training lines: new shards as they appear, everything again when all were used."""

    folder: Path
    rng: random.Random
    rank: int = 0
    processes: int = 1
    loaded: int = 0
    lines: list[Line] = field(default_factory=list)
    queue: list[int] = field(default_factory=list)

    def load_new(self, limit: int) -> None:
        """Take in shards written since the last call, no more than `limit` in all, four at a time."""
        for _ in range(min(4, limit - self.loaded)):
            path = shard_path(self.folder, self.loaded)
            if not path.exists():
                return
            shard = read_shard(path)
            fresh = []
            mine = slice(self.rank, None, self.processes)
            for crop, text in zip(shard.crops[mine], shard.texts[mine], strict=True):
                classes = encode(text)
                if frames_needed(classes) <= crop.shape[1] // STEP_PIXELS * FRAMES_A_STEP:
                    fresh.append(len(self.lines))
                    self.lines.append((np.ascontiguousarray(crop), classes))
            self.queue = fresh + self.queue
            self.loaded += 1

    def wait(self) -> None:
        """Wait for the first shard; raises FileNotFoundError when none comes."""
        given_up = time.monotonic() + FIRST_SHARD_SECONDS
        while not self.lines:
            self.load_new(1)
            if self.lines:
                return
            if time.monotonic() > given_up:
                message = f"no lines in {self.folder}: run `python -m ocr.training generate` first"
                raise FileNotFoundError(message)
            time.sleep(2)

    def take(self, count: int) -> list[Line]:
        """Return `count` lines, mixed from all unused shards."""
        if len(self.queue) < count:
            again = list(range(len(self.lines)))
            self.rng.shuffle(again)
            self.queue += again
        window = self.queue[: 12 * count]
        picked = set(self.rng.sample(range(len(window)), min(count, len(window))))
        self.queue = [x for i, x in enumerate(window) if i not in picked] + self.queue[12 * count :]
        return [self.lines[window[i]] for i in picked]


def vary(crop: NDArray[np.uint8], rng: random.Random) -> NDArray[np.uint8]:
    """Make a line differ from pass to pass: place, width, level; cheap."""
    width = crop.shape[1]
    if rng.random() < 0.6:
        width = max(12, round(width * rng.uniform(0.97, 1.10)))
        crop = np.asarray(cv2.resize(crop, (width, CROP_HEIGHT)), dtype=np.uint8)
    rise = rng.choice((-2, -1, -1, 0, 0, 0, 1, 1, 2))
    if rise:
        crop = np.roll(crop, rise, axis=0)
        edge = crop[:rise] if rise > 0 else crop[rise:]
        edge[:] = 255
    return crop


def make_batch(
    lines: list[Line], rng: random.Random | None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return ink (N, 1, 48, W), joined targets, frame counts and target lengths."""
    crops = [vary(c, rng) if rng else c for c, _ in lines]
    widest = max(c.shape[1] for c in crops)
    widest = math.ceil(widest / 32) * 32
    ink = np.zeros((len(lines), 1, CROP_HEIGHT, widest), np.float32)
    for i, crop in enumerate(crops):
        ink[i, 0, :, : crop.shape[1]] = to_ink(crop)
    frames = [math.ceil(c.shape[1] / STEP_PIXELS) * FRAMES_A_STEP for c in crops]
    targets = [t for _, t in lines]
    return (
        torch.from_numpy(ink),
        torch.tensor([c for t in targets for c in t]),
        torch.tensor(frames),
        torch.tensor([len(t) for t in targets]),
    )


def cut_batches(lines: list[Line], pixels: int, rng: random.Random) -> list[list[Line]]:
    """Sort lines by width and cut them into batches of about `pixels` columns."""
    ordered = sorted(lines, key=lambda line: line[0].shape[1])
    batches: list[list[Line]] = [[]]
    for line in ordered:
        if batches[-1] and (len(batches[-1]) + 1) * line[0].shape[1] > pixels:
            batches.append([])
        batches[-1].append(line)
    rng.shuffle(batches)
    return batches


class Trainer:
    """One process of a training run, with its network, averaged network, optimizer and clock."""

    def __init__(self, plan: Plan, rank: int = 0) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(plan.seed)  # the same first weights in every process
        self.plan = plan
        self.rank = rank
        self.rng = random.Random(plan.seed * 1000 + rank)
        self.network = (
            load_shipped(plan.start, len(ALPHABET) + 1)
            if plan.start
            else LineNetwork(len(ALPHABET) + 1)
        )
        self.average = copy.deepcopy(self.network)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), plan.peak_rate, weight_decay=0.01
        )
        self.pool = Pool(plan.lines, self.rng, rank, plan.processes)
        self.seconds = 0.0
        self.steps = 0
        self.loss = 0.0
        self.short = plan.start is None
        if self.checkpoint.exists():
            self.resume()

    @property
    def checkpoint(self) -> Path:
        """Where the state of the run is kept."""
        return self.plan.folder / "checkpoint.pt"

    def resume(self) -> None:
        """Take up the run where its checkpoint left it."""
        state = torch.load(self.checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.seconds, self.steps = state["seconds"], state["steps"]
        self.rng.seed((self.plan.seed + self.steps) * 1000 + self.rank)
        torch.manual_seed(self.rng.randrange(2**31))

    def save(self) -> None:
        """Write the checkpoint; a crash leaves the old one whole."""
        part = self.checkpoint.with_suffix(".part")
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "seconds": self.seconds,
            "steps": self.steps,
        }
        torch.save(state, part)
        part.replace(self.checkpoint)

    def rate(self) -> float:
        """Return the learning rate: a short rise by steps, then a cosine over the run's time."""
        done = min(1.0, self.seconds / (self.plan.minutes * 60))
        cosine = 0.5 * (1 + math.cos(math.pi * done))
        rise = RISE_STEPS_GOING_ON if self.plan.start else RISE_STEPS
        return self.plan.peak_rate * min(1.0, (self.steps + 1) / rise) * max(0.004, cosine)

    def step(self, lines: list[Line]) -> float:
        """Train on one batch and return its loss a character."""
        ink, targets, frames, lengths = make_batch(lines, self.rng)
        self.network.train()
        if self.plan.start:
            freeze_statistics(self.network)
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
            scores = self.network(ink)
        loss = nn.functional.ctc_loss(
            scores.transpose(0, 1),
            targets,
            frames,
            lengths,
            reduction="sum",
            zero_infinity=True,
        ) / lengths.sum().clamp(min=1)
        loss.backward()
        self._share()
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        self._follow()
        return float(loss.detach())

    def _share(self) -> None:
        """Average the gradients over the processes; all take the first process's clock."""
        if self.plan.processes == 1:
            return
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        clock = torch.tensor([self.seconds if self.rank == 0 else 0.0])
        flat = torch.cat([*(g.reshape(-1) for g in gradients), clock])
        dist.all_reduce(flat)
        self.seconds = float(flat[-1])
        start = 0
        for gradient in gradients:
            count = gradient.numel()
            mean = flat[start : start + count].view_as(gradient) / self.plan.processes
            gradient.copy_(mean)
            start += count

    def _follow(self) -> None:
        keep = min(0.999, (self.steps + 1) / (self.steps + 20))
        with torch.no_grad():
            mine, theirs = self.average.state_dict(), self.network.state_dict()
            for name, value in theirs.items():
                if value.dtype.is_floating_point:
                    mine[name].lerp_(value, 1 - keep)
                else:
                    mine[name].copy_(value)

    def run(self) -> None:
        """Train until the planned minutes are used; the first process checks and saves."""
        self.pool.wait()
        next_check = self.seconds + self.plan.check_every_minutes * 60
        while True:
            self.short = self.short and not 0 < self.loss < SHORT_UNTIL_LOSS
            self.pool.load_new(SHORT_SHARDS if self.short else 1_000_000)
            pixels = SHORT_BATCH_PIXELS if self.short else BATCH_PIXELS
            for batch in cut_batches(self.pool.take(CHUNK_LINES), pixels, self.rng):
                started = time.monotonic()
                loss = self.step(batch)
                self.loss += (loss - self.loss) * (0.02 if self.loss else 1)
                if self.seconds >= self.plan.minutes * 60:
                    break
                if self.rank == 0:
                    self.seconds += time.monotonic() - started
                    if self.steps % 50 == 0:
                        print(
                            f"{self.seconds:.0f} s, step {self.steps}, loss {self.loss:.3f}",
                            flush=True,
                        )
                    if self.seconds >= next_check:
                        self.report()
                        next_check = self.seconds + self.plan.check_every_minutes * 60
            if self.seconds >= self.plan.minutes * 60:
                break
        if self.rank == 0:
            self.report()

    def report(self) -> None:
        """Save, score the averaged network on the held-out lines, and log one line of JSON."""
        self.save()
        scores = {
            path.stem: round(character_error(self.average, path, 200), 4)
            for path in sorted(self.plan.lines.glob("held-out-*.npz"))
        }
        entry = {
            "minutes": round(self.seconds / 60, 1),
            "steps": self.steps,
            "loss": round(self.loss, 4),
            "rate": round(self.rate(), 6),
            "shards": self.pool.loaded,
            **scores,
        }
        with (self.plan.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")
        print(json.dumps(entry), flush=True)


def _work(rank: int, plan: Plan) -> None:
    if plan.processes > 1:
        store = f"file://{(plan.folder / 'meeting').absolute()}"
        dist.init_process_group("gloo", store, rank=rank, world_size=plan.processes)
    Trainer(plan, rank).run()
    if plan.processes > 1:
        dist.destroy_process_group()


def train(plan: Plan) -> None:
    """Train by `plan`, in as many processes as it says; takes up a run that was stopped."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    (plan.folder / "meeting").unlink(missing_ok=True)
    if plan.processes == 1:
        _work(0, plan)
    else:
        torch.multiprocessing.spawn(_work, (plan,), nprocs=plan.processes)


def character_error(network: LineNetwork, path: Path, lines: int) -> float:
    """Return edits / characters of the network's greedy reading of a shard, spaces counted."""
    network.eval()
    shard = read_shard(path)
    order = sorted(range(min(lines, len(shard.texts))), key=lambda i: shard.crops[i].shape[1])
    edits = total = 0
    for start in range(0, len(order), 16):
        part = order[start : start + 16]
        ink, _, frames, _ = make_batch([(shard.crops[i], []) for i in part], None)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=HALVES):
            best = network(ink).argmax(-1)
        for row, count, i in zip(best.tolist(), frames.tolist(), part, strict=True):
            edits += edit_distance(decode(row[:count]), shard.texts[i])
            total += len(shard.texts[i])
    return edits / total


def edit_distance(a: str, b: str) -> int:
    """Return the Levenshtein distance, by rows."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
