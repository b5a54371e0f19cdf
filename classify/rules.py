"""The rule set an office edits: groups and their words, letter kinds, agencies, retention rules."""

from __future__ import annotations

from dataclasses import dataclass, field

from classify.agencies import AgencyTable
from classify.fuzzy import allowed_edits, skeleton
from classify.letter import Kind


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word of a rule. `bones` is its skeleton, `edits` how many reading errors it survives.

    Latin words (`DMC`, `ITA`) must stand alone and in this case; short Thai words must be exact.
    """

    text: str
    bones: str
    edits: int
    is_latin: bool

    @classmethod
    def of(cls, text: str) -> Keyword:
        """Make a keyword of its text."""
        bones = skeleton(text)
        is_latin = all(char.isascii() for char in text)
        return cls(text, bones, 0 if is_latin else allowed_edits(len(bones)), is_latin)


@dataclass(frozen=True, slots=True)
class SenderPrior:
    """A sender whose letters mostly go to one group: by number (`ศธ 0206`, `province 0017`) or name."""

    number: str
    name: Keyword | None


@dataclass(frozen=True, slots=True)
class Condition:
    """Points for a group when all of some words and none of others are there.

    `numbers` and `senders`, when given, must fit as well; `because` is what the clerk reads.
    """

    all_words: tuple[Keyword, ...]
    any_words: tuple[Keyword, ...]
    no_words: tuple[Keyword, ...]
    senders: tuple[SenderPrior, ...]
    points: float
    because: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the office and what tells its letters."""

    code: str
    name: str
    short: str
    english: str
    strong: tuple[Keyword, ...]
    weak: tuple[Keyword, ...]
    negative: tuple[Keyword, ...]
    senders: tuple[SenderPrior, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Groups that get a copy when one of the words is in the subject."""

    any_words: tuple[Keyword, ...]
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts.

    A strong word gives `strong` points times its skeleton's length to the power `length_power`
    (longer words say more), a weak word `weak`, a negative word takes `negative` away. Words found
    only in the body count `body` of that. A sender's number gives `sender_number`, its name
    `sender_name`. A group within `copy_share` of the first one's score gets a copy.
    """

    strong: float = 1.0
    length_power: float = 0.5
    weak: float = 0.3
    negative: float = 2.0
    body: float = 0.25
    sender_number: float = 0.75
    sender_name: float = 1.0
    copy_share: float = 0.7


@dataclass(frozen=True, slots=True)
class GroupRules:
    """All groups, in the official order, and how evidence is weighed."""

    groups: tuple[Group, ...]
    default_group: str
    weights: Weights
    copies: tuple[CopyRule, ...] = ()

    def group(self, code: str) -> Group:
        """Return the group of a code; raise KeyError when there is none."""
        for group in self.groups:
            if group.code == code:
                return group
        raise KeyError(code)


@dataclass(frozen=True, slots=True)
class Marker:
    """A text that tells a letter's kind, where it must stand, and its points.

    `where` is `title` (a line above the number and subject), `label` (a label of the letter's
    head), `line` (the start of any line) or `anywhere`.
    """

    text: str
    where: str
    points: float


@dataclass(frozen=True, slots=True)
class KindRule:
    """One letter kind with its Thai name and its markers."""

    kind: Kind
    name: str
    markers: tuple[Marker, ...]
    missing: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class KindRules:
    """All letter kinds, in the regulation's order."""

    kinds: tuple[KindRule, ...]

    def name(self, kind: Kind) -> str:
        """Return the Thai name of a kind."""
        return next((rule.name for rule in self.kinds if rule.kind is kind), kind.value)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """When to propose a class. The first rule that fits wins; every condition given must fit.

    `begins`: the subject is one of these, not a sentence that mentions it somewhere.
    """

    class_code: str
    because: str
    any_words: tuple[Keyword, ...]
    no_words: tuple[Keyword, ...]
    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    is_secret: bool | None
    is_circular: bool | None
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """The rules in order, the class of everything else, and the classes never lowered silently.

    What the classes mean (periods, clauses) is the law's table in `index/retention/data/law.toml`.
    """

    rules: tuple[RetentionRule, ...]
    default_class: str
    protected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Everything an office can edit. `fingerprint` is a SHA-256 over the files' bytes.

    `origins` says of each file whether it is the office's own or the shipped one.
    """

    groups: GroupRules
    kinds: KindRules
    agencies: AgencyTable
    retention: RetentionRules
    fingerprint: str = ""
    origins: tuple[tuple[str, str], ...] = field(default=())
