"""Decide: find a letter's fields, its kind, its group and its retention class, with the evidence."""

from classify.agencies import Agency, AgencyTable
from classify.batches import SEPARATOR_PAYLOAD, LetterPages, split_document
from classify.dates import format_thai_date, parse_thai_date
from classify.decide import DEFAULT_THRESHOLDS, Thresholds, decide
from classify.errors import ClassifyError, RuleFileError
from classify.explain import explain
from classify.fields import find_fields
from classify.laid_out import LaidOut, lay_out_document, take_pages
from classify.letter import (
    Decision,
    Found,
    GroupScore,
    Kind,
    Letter,
    ReviewReason,
    Secrecy,
    Urgency,
)
from classify.load_rules import load_rules
from classify.numbers import LetterNumber, numbers_equal, parse_number
from classify.replay import Case, Replayed, ReplayReport, replay
from classify.rules import RuleSet
from classify.shipped_rules import (
    RULE_FILES,
    OfficeCopy,
    Standing,
    compare_with_shipped,
    install_default_rules,
    take_over_shipped,
)

__all__ = [
    "DEFAULT_THRESHOLDS",
    "RULE_FILES",
    "SEPARATOR_PAYLOAD",
    "Agency",
    "AgencyTable",
    "Case",
    "ClassifyError",
    "Decision",
    "Found",
    "GroupScore",
    "Kind",
    "LaidOut",
    "Letter",
    "LetterNumber",
    "LetterPages",
    "OfficeCopy",
    "ReplayReport",
    "Replayed",
    "ReviewReason",
    "RuleFileError",
    "RuleSet",
    "Secrecy",
    "Standing",
    "Thresholds",
    "Urgency",
    "compare_with_shipped",
    "decide",
    "explain",
    "find_fields",
    "format_thai_date",
    "install_default_rules",
    "lay_out_document",
    "load_rules",
    "numbers_equal",
    "parse_number",
    "parse_thai_date",
    "replay",
    "split_document",
    "take_over_shipped",
    "take_pages",
]
