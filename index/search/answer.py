"""Answering one search: the exact question first, then wider ones until something is found.

Whatever only a wider question finds is *near*: it is shown as such, and never among exact hits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from index.search.engine import Engine, EngineAnswer, EngineHit, Sort
from index.search.expression import AnyOf, Expression, OneOf, Weighted, Without
from index.search.keyboard import other_layouts
from index.search.near_places import SkeletonRow
from index.search.plan import Form, Planner
from index.search.query import Query, Words, parse_query, with_closed_spaces
from index.search.record import Record, bones_of, text_of
from index.search.resemblance import Likeness, Resembler, is_spelled_rightly
from index.search.verify import Comparer, misreadings
from ocr.thai_text import unknown_letters

ENOUGH_HITS = 1_000  # with as many certain hits nobody misses the misread ones
MOST_CANDIDATES = 1_000  # letters compared with what was typed, for one search
FORGIVEN_WEIGHT = 0.01  # misread letters come after the strict hits
MOST_WEIGHED = 40  # of these, whose slips are weighed one by one
MORE_SLIPS = 1.0  # letters that say it with so much more than the likest one are not shown
IN_SUBJECT = (
    0.25  # of a slip: of letters equally like, those that say it in their subject come first
)
MOST_MEANT = 3  # spellings whose hits are counted


@dataclass(frozen=True, slots=True)
class Page:
    """Which hits are wanted, in which order."""

    sort: Sort
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, by which question; `near` when nothing says what was typed, `meant` what it may mean.

    `only_misread`: letters may say it, but as they were read none does.
    """

    question: Expression
    found: EngineAnswer
    near: bool = False
    meant: str | None = None
    only_misread: bool = False


class Answerer:
    """Answers searches with one engine and one planner."""

    def __init__(
        self,
        engine: Engine,
        planner: Planner,
        filters: Mapping[str, Sequence[str]],
        page: Page,
        today: date,
    ) -> None:
        self._engine = engine
        self._planner = planner
        self._filters = filters
        self._page = page
        self._today = today

    def answer(self, query: Query) -> Answer:
        """Ask wider and wider questions until one finds something; a dense one is asked only once."""
        exact = self._exact(query)
        if exact.found.total and not exact.only_misread:
            return exact
        mistyped = any(
            unknown_letters(part.text) for part in query.root.parts if isinstance(part, Words)
        )
        if exact.found.total and not mistyped:
            return replace(exact, near=True)
        for wider in self._wider(query, mistyped=mistyped):
            if wider is not None and wider.found.total:
                return replace(wider, near=True)
        return replace(exact, near=exact.only_misread)

    def _wider(self, query: Query, *, mistyped: bool) -> Iterator[Answer | None]:
        yield self._asked(self._planner.nearly(query))
        yield from self._in_other_layouts(query)
        if not mistyped:
            yield self._asked(self._planner.relaxed(query))
        yield self._resembling(query)
        if mistyped:
            yield self._asked(self._planner.relaxed(query))
        yield self._asked(self._planner.most(query))

    def _ask(self, question: Expression) -> Answer:
        narrowed = self._planner.filtered(question, self._filters)
        page = self._page
        found = self._engine.run(narrowed, sort=page.sort, limit=page.limit, offset=page.offset)
        return Answer(narrowed, found)

    def _asked(self, question: Expression | None) -> Answer | None:
        return None if question is None else self._ask(question)

    # --- what was typed

    def _exact(self, query: Query) -> Answer:
        closed = with_closed_spaces(query)
        compared, strict = self._planner.compared(query), self._planner.strict(query)
        if closed is not None:
            strict = AnyOf((strict, self._planner.strict(closed)))
        certain = compared.certain if compared and closed is None else strict
        answer = self._ask(certain)
        if compared is None or answer.found.total >= ENOUGH_HITS:
            return answer
        loose = self._planner.filtered(compared.loose, self._filters)
        rightly = answer.found.total
        also = self._misread(answer.question, rightly, loose, compared.texts)
        in_all = rightly
        if strict != certain and (not rightly or rightly + len(also) >= ENOUGH_HITS):
            in_all = self._engine.count(self._planner.filtered(strict, self._filters))
        if in_all >= ENOUGH_HITS:
            return self._ask(strict)
        if not also:
            return answer
        return replace(self._with(answer, certain, also), only_misread=not in_all)

    def _with(self, answer: Answer, certain: Expression, also: tuple[int, ...]) -> Answer:
        """Return an answer with misread letters after the certain ones; asked anew only where they are seen."""
        both = AnyOf((certain, Weighted(OneOf("letter_id", also), FORGIVEN_WEIGHT)))
        page, found = self._page, answer.found
        if page.sort is not Sort.RELEVANCE or page.offset + page.limit > found.total:
            return self._ask(both)
        question = self._planner.filtered(both, self._filters)
        return Answer(question, replace(found, total=found.total + len(also)))

    def _misread(
        self, certain: Expression, rightly: int, loose: Expression, texts: Sequence[Sequence[Form]]
    ) -> tuple[int, ...]:
        """Return further letters that say what was typed: segmented otherwise, or misread."""
        left = self._engine.run(Without(loose, certain), limit=MOST_CANDIDATES).hits
        for forms in texts:
            wordings = _wordings(forms, left)
            accepted = misreadings(wordings, rightly)
            if forms[0][0].quoted:
                accepted &= {""}
            left = [hit for hit, said in zip(left, wordings, strict=True) if said in accepted]
        return tuple(hit.letter_id for hit in left)

    # --- what may be meant

    def _in_other_layouts(self, query: Query) -> Iterator[Answer]:
        for text in other_layouts(query.text):
            other = parse_query(text, self._today)
            kept = [
                part
                for part in query.root.parts
                if part not in parse_query(query.text, self._today).root.parts
            ]
            meant = Query(text, replace(other.root, parts=(*other.root.parts, *kept)))
            yield replace(self._exact(meant), meant=text)

    def _resembling(self, query: Query) -> Answer | None:
        """Return the letters that nearly say what was typed, the likest first."""
        wanted = self._planner.resembling(query)
        if wanted is None:
            return None
        question = self._planner.filtered(wanted.question, self._filters)
        resemblers = [(part, Resembler(part.text)) for part in wanted.texts]
        hits = _likest(resemblers, self._engine.run(question, limit=MOST_CANDIDATES).hits)
        like = [(hit, said) for hit in hits if (said := _likenesses(resemblers, hit))]
        if not like:
            return None
        least = min(sum(one.cost for one in said) for _, said in like)
        classes: dict[float, list[int]] = defaultdict(list)
        spellings: Counter[str] = Counter()
        for hit, said in like:
            cost = sum(one.cost for one in said)
            if cost <= least + MORE_SLIPS:
                inside = all(one.said in Record.from_bytes(hit.record).subject for one in said)
                classes[cost - (IN_SUBJECT if inside else 0)].append(hit.letter_id)
            if cost == least:
                spellings[_spelled(query.text, wanted.texts, said)] += 1
        ranked = (
            Weighted(OneOf("letter_id", tuple(ids)), 1 / (2 + cost))
            for cost, ids in classes.items()
        )
        return replace(self._ask(AnyOf(tuple(ranked))), meant=self._meant(query.text, spellings))

    def _meant(self, typed: str, spellings: Counter[str]) -> str | None:
        """Return the commonest spelling that finds letters as it stands; all words are of letters found."""
        for spelling, _ in spellings.most_common(MOST_MEANT):
            question = self._planner.strict(parse_query(spelling, self._today))
            if spelling != typed and self._engine.count(self._planner.filtered(question)):
                return spelling
        return None


def _wordings(forms: Sequence[Form], hits: Sequence[EngineHit]) -> list[str | None]:
    """Return for each letter the wording in which it says one of the forms; see `Comparer.wordings`."""
    found: dict[int, str] = {}
    laid: dict[str, SkeletonRow] = {}
    for form in forms:
        each: list[dict[int, str]] = []
        for one in form:
            if one.where not in laid:
                laid[one.where] = SkeletonRow.of([bones_of(hit.record, one.where) for hit in hits])
            text = partial(_text_of, hits, one.where)
            each.append(Comparer(one.text).wordings(laid[one.where], text, found))
        for place in set.intersection(*map(set, each)):
            said = (one[place] for one in each)
            found[place] = max(said, key=lambda wording: (wording[:1] != "?", len(wording)))
    return [found.get(place) for place in range(len(hits))]


def _text_of(hits: Sequence[EngineHit], where: str, place: int) -> bytes:
    return text_of(hits[place].record, where)


def _likest(
    resemblers: Sequence[tuple[Words, Resembler]], hits: Iterable[EngineHit]
) -> list[EngineHit]:
    """Return the hits that differ in fewest letters from what was typed."""
    ranked: list[tuple[int, int, EngineHit]] = []
    for place, hit in enumerate(hits):
        edits = [one.edits(bones_of(hit.record, part.where)) for part, one in resemblers]
        if None not in edits:
            ranked.append((sum(one or 0 for one in edits), place, hit))
    return [hit for _, _, hit in sorted(ranked)[:MOST_WEIGHED]]


def _likenesses(
    resemblers: Sequence[tuple[Words, Resembler]], hit: EngineHit
) -> list[Likeness] | None:
    found: list[Likeness] = []
    for part, resembler in resemblers:
        text = partial(text_of, hit.record, part.where)
        likeness = resembler.likeness(bones_of(hit.record, part.where), text)
        if likeness is None:
            return None
        found.append(likeness)
    return found


def _spelled(typed: str, parts: Sequence[Words], said: Sequence[Likeness]) -> str:
    """Return what was typed, each text spelled as the letter has it where the letter's words are known."""
    for part, likeness in zip(parts, said, strict=True):
        if likeness.said and is_spelled_rightly(likeness.said):
            typed = typed.replace(part.text, likeness.said, 1)
    return typed
