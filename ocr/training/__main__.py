"""`python -m ocr.training`: rebuild the line model from fonts and text with one command.

Without a subcommand everything is done in turn: lines are generated in the background while the network
trains for `--minutes`, then it is exported, calibrated and measured. Stop it at any time; the same
command goes on where it was. More `--minutes` later trains the same network further. The step `digits`
trains the small network for written digits and needs `--digits`; the step `marks` trains the finder of secrecy
marks (45 minutes suffice) on the heads and feet of the letters in `--pages`, of which none may be secret.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from ocr.mark_finder import FINDER_MODEL
from ocr.recognizer import MODEL
from ocr.training.fonts import load_faces, require_official
from ocr.training.mark_lessons import PEAK_RATE as MARK_RATE
from ocr.training.mark_lessons import MarkPlan
from ocr.training.shards import PEAK_RATE, Sources, start_generation, write_validation
from ocr.written_digits import DIGIT_MODEL

RUN = Path(".scratch") / "line-model"


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's settings."""
    parser = argparse.ArgumentParser(prog="python -m ocr.training", description=__doc__)
    steps = ("all", "generate", "train", "export", "evaluate", "digits", "marks")
    parser.add_argument("step", nargs="?", choices=steps, default="all")
    parser.add_argument("--run", type=Path, default=RUN, help="folder of lines and checkpoint")
    parser.add_argument("--model", type=Path, default=MODEL, help="where the .onnx goes")
    parser.add_argument(
        "--fonts", type=Path, action="append", default=[], help="further font folders"
    )
    parser.add_argument("--digits", type=Path, help="folder of written digits in the IDX format")
    parser.add_argument("--handwriting", type=Path, help="folder of `thai_digits.npz`")
    parser.add_argument(
        "--pages",
        type=Path,
        action="append",
        default=[],
        help="folder of letters for `marks`; given twice, it counts twice",
    )
    parser.add_argument(
        "--without", action="append", default=[], help="name of a file in `--pages` that is secret"
    )
    parser.add_argument(
        "--minutes", type=float, default=480, help="training time in all (default 480)"
    )
    parser.add_argument(
        "--shards", type=int, default=100, help="files of 2,000 lines (default 100)"
    )
    parser.add_argument(
        "--processes", type=int, default=2, help="training processes of one thread each"
    )
    parser.add_argument(
        "--start",
        type=Path,
        help="what to train on from: an exported line model; for `marks`, the marks.pt of another run",
    )
    parser.add_argument(
        "--share", type=float, default=1.0, help="share of the trained weights beside --start's"
    )
    parser.add_argument("--rate", type=float, help="peak learning rate (each network has its own)")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Run the steps asked for."""
    settings = parse(arguments)
    lines = settings.run / "lines"
    step = settings.step
    makers = []
    if step in {"all", "generate"}:
        require_official(load_faces(tuple(settings.fonts)))
        sources = Sources(
            tuple(settings.fonts), settings.digits, settings.start is None, settings.handwriting
        )
        makers = start_generation(
            lines, settings.shards, workers=1, seed=settings.seed, sources=sources
        )
        write_validation(lines, seed=settings.seed, sources=sources)
    if step == "generate":
        for maker in makers:
            maker.join()
    if step in {"all", "train"}:
        _train(settings, lines)
    for maker in makers:
        maker.terminate()
    if step in {"all", "export"}:
        _export(settings, lines)
    if step in {"all", "evaluate"}:
        _evaluate(settings, lines)
    if step == "digits":
        _train_digits(settings)
    if step == "marks":
        _train_marks(settings)


def _train(settings: argparse.Namespace, lines: Path) -> None:
    from ocr.training.train import Plan, train  # noqa: PLC0415 - PyTorch only when training

    train(
        Plan(
            settings.run,
            lines,
            settings.minutes,
            seed=settings.seed,
            peak_rate=settings.rate or PEAK_RATE,
            processes=settings.processes,
            start=settings.start,
        )
    )


def _export(settings: argparse.Namespace, lines: Path) -> None:
    from ocr.recognizer import LineRecognizer  # noqa: PLC0415
    from ocr.training.evaluate import fit_temperature  # noqa: PLC0415
    from ocr.training.export import describe, export  # noqa: PLC0415

    exported = export(
        settings.run / "checkpoint.pt", settings.model, start=settings.start, share=settings.share
    )
    temperature = fit_temperature(LineRecognizer(settings.model), lines / "held-out-text.npz")
    describe(settings.model, temperature)
    print(
        f"{exported.path}: {exported.size:,} bytes, parity {exported.difference:.1e}, T {temperature}"
    )


def _train_digits(settings: argparse.Namespace) -> None:
    from ocr.training.digits import train_digits  # noqa: PLC0415

    if settings.digits is None:
        raise SystemExit("say where the written digits lie: --digits FOLDER (MODEL_CARD.md)")
    faces = load_faces(tuple(settings.fonts))
    right = train_digits(
        settings.digits, faces, DIGIT_MODEL, seed=settings.seed, handwriting=settings.handwriting
    )
    print(f"{DIGIT_MODEL}: {right:.1%} of 2,000 worn digits told rightly")


def plan_marks(settings: argparse.Namespace) -> MarkPlan:
    """Return what the command line asks of `marks`. Raises SystemExit without pages to learn from."""
    if not settings.pages:
        raise SystemExit("say where letters without a secrecy mark lie: --pages FOLDER")
    return MarkPlan(
        tuple(settings.pages),
        frozenset(settings.without),
        tuple(settings.fonts),
        settings.run,
        settings.minutes,
        settings.seed,
        settings.start,
        settings.rate or MARK_RATE,
    )


def _train_marks(settings: argparse.Namespace) -> None:
    from ocr.training.mark_finder import export_marks, train_marks  # noqa: PLC0415

    difference = export_marks(train_marks(plan_marks(settings)), FINDER_MODEL)
    print(f"{FINDER_MODEL}: parity {difference:.1e}")


def _evaluate(settings: argparse.Namespace, lines: Path) -> None:
    from ocr.recognizer import LineRecognizer  # noqa: PLC0415
    from ocr.training.evaluate import evaluate  # noqa: PLC0415

    recognizer = LineRecognizer(settings.model)
    for name in ("held-out-text", "held-out-fonts"):
        table = evaluate(recognizer, lines / f"{name}.npz").as_table()
        print(json.dumps({name: table}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
