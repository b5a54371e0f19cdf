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
