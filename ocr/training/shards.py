"""Keep generated lines in files, made by background processes, so that training never waits.

A shard is an uncompressed .npz: `crops` uint8 (48, sum of widths), `widths` int32, `texts` (one
string, lines apart by newline). Its seed is its number, so the set is the same on every machine.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.training.crops import LineFactory
from ocr.training.fonts import load_faces
from ocr.training.hand import load_hands

SHARD_LINES = 2000
PEAK_RATE = 1.8e-3
# The first shards hold short, cleaner lines: CTC finds the alignment of short lines sooner.
SHORT_SHARDS = 4


@dataclass(frozen=True, slots=True)
class Sources:
    """What lines are made from besides the standard fonts: further font folders, written digits."""

    fonts: tuple[Path, ...] = ()
    digits: Path | None = None
    short_first: bool = True  # not for a network that reads already
    handwriting: Path | None = None


STANDARD = Sources()


@dataclass(frozen=True, slots=True)
class Shard:
    """The lines of one file."""

    crops: list[NDArray[np.uint8]]
    texts: list[str]


def write_shard(
    path: Path,
    seed: int,
    *,
    lines: int = SHARD_LINES,
    longest: int = 110,
    worst: float = 1.0,
    held_out_text: bool = False,
    held_out_fonts: bool = False,
    sources: Sources = STANDARD,
) -> None:
    """Generate one shard; the file appears whole or not at all."""
    factory = LineFactory(
        load_faces(sources.fonts),
        seed,
        held_out_text=held_out_text,
        held_out_fonts=held_out_fonts,
        hand=load_hands(sources.digits, sources.handwriting) if sources.digits else None,
    )
    made = [factory.make(longest, worst) for _ in range(lines)]
    part = path.with_suffix(".part.npz")
    np.savez(
        part,
        crops=np.concatenate([m.crop for m in made], axis=1),
        widths=np.array([m.crop.shape[1] for m in made], np.int32),
        texts=np.array("\n".join(m.text for m in made)),
    )
    part.replace(path)


def read_shard(path: Path) -> Shard:
    """Read one shard into memory."""
    with np.load(path) as stored:
        ends = np.cumsum(stored["widths"])
        crops = np.split(stored["crops"], ends[:-1], axis=1)
        return Shard(crops, str(stored["texts"]).split("\n"))


def shard_path(folder: Path, number: int) -> Path:
    """Return the name of shard `number`."""
    return folder / f"train-{number:05d}.npz"


def _fill(folder: Path, numbers: range, seed: int, sources: Sources) -> None:
    os.nice(10)
    cv2.setNumThreads(1)
    for number in numbers:
        path = shard_path(folder, number)
        if path.exists():
            continue
        short = sources.short_first and number < SHORT_SHARDS
        write_shard(
            path,
            seed * 1_000_000 + number,
            longest=26 if short else 110,
            worst=0.4 if short else 1.0,
            sources=sources,
        )


def start_generation(
    folder: Path, count: int, *, workers: int, seed: int, sources: Sources = STANDARD
) -> list[BaseProcess]:
    """Start processes that fill the folder up to `count` shards; finished shards are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    started: list[BaseProcess] = []
    for worker in range(workers):
        arguments = (folder, range(worker, count, workers), seed, sources)
        process = context.Process(target=_fill, args=arguments, daemon=True)
        process.start()
        started.append(process)
    return started


def write_validation(
    folder: Path, *, seed: int, lines: int = 600, sources: Sources = STANDARD
) -> list[Path]:
    """Write the two held-out sets: unseen phrases in seen fonts, and unseen phrases in unseen fonts."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "held-out-text.npz", folder / "held-out-fonts.npz"]
    for i, path in enumerate(paths):
        if not path.exists():
            write_shard(
                path,
                seed * 1_000_000 + 900_000 + i,
                lines=lines,
                held_out_text=True,
                held_out_fonts=i == 1,
                sources=sources,
            )
    return paths
