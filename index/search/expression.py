"""What an engine is asked: a small algebra over whitespace tokens, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """Letters whose `field` holds `token`."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Near:
    """Letters whose `field` holds a token at most one edit away from `token`."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Starting:
    """Letters whose `field` holds a token beginning with `prefix`."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Letters whose `field` holds the tokens one after another; one token is a term.

    Of tokens that overlap, as grams do, each `overlap`-th and the last say the same as all.
    """

    field: str
    tokens: tuple[str, ...]
    overlap: int = 1


@dataclass(frozen=True, slots=True)
class Between:
    """Letters whose number `field` lies between two bounds, both included."""

    field: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """Letters with one of these values in a number field (`letter_id`)."""

    field: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Letters that match every part; the scores add up. No parts: every letter."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Letters that match at least one part; the scores add up. No parts: no letter."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Letters that match `wanted` and do not match `unwanted`."""

    wanted: Expression
    unwanted: Expression


@dataclass(frozen=True, slots=True)
class Weighted:
    """The letters of `part`, its score times `factor`."""

    part: Expression
    factor: float


Expression: TypeAlias = (
    Term | Near | Starting | Phrase | Between | OneOf | AllOf | AnyOf | Without | Weighted
)

EVERYTHING = AllOf(())


def narrowed(wanted: Expression, limits: tuple[Expression, ...]) -> Expression:
    """Return the question for what matches `wanted` and every limit; limits must weigh nothing.

    The limits go beside each single question: an engine walks through all of an alternative, also
    within a limit, but compares places of words only in letters where the rest agrees (measured: a
    phrase in one of eleven groups takes a fifth of the time).
    """
    match wanted:
        case AnyOf(parts):
            return AnyOf(tuple(narrowed(part, limits) for part in parts))
        case AllOf(parts) if parts:
            return AllOf(tuple(narrowed(part, limits) for part in parts))
        case Without(part, unwanted):
            return Without(narrowed(part, limits), unwanted)
        case Weighted(part, factor):
            return Weighted(narrowed(part, limits), factor)
    return AllOf((wanted, *limits))
