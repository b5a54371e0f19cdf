"""Where a line falls into words: maximal matching over the dictionary, in Rust (nlpo3).

The same method and dictionary as `ocr.thai_text.split_words` (newmm), and the same words in 3,864 of 3,886
lines with 3 % reading errors (the others hold misread words, which no dictionary cuts rightly; without
errors all 783 agree), at an eighth of the cost. Only search uses it, so that the processes that read
letters need not hold its dictionary (67 MB).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import distribution, version

_NAME = "thai"


@lru_cache(maxsize=4096)
def cut_words(text: str) -> tuple[str, ...]:
    """Cut a text into Thai words; what stands between them is kept, joined it is the text again."""
    import nlpo3  # noqa: PLC0415 - only who searches or indexes needs it

    # Half a character, which a command line may hand over, is none to Rust.
    whole = text.encode("utf-8", "replace").decode() if not text.isprintable() else text
    return tuple(nlpo3.segment(whole, _dictionary()))


def cutter_version() -> str:
    """Return what decides where words end: the program and the dictionary."""
    return f"nlpo3 {version('nlpo3')} words {version('pythainlp')}"


@lru_cache(maxsize=1)
def _dictionary() -> str:
    """Load pythainlp's words, once a process (0.2 s), and return their name in nlpo3."""
    import nlpo3  # noqa: PLC0415

    words = distribution("pythainlp").locate_file("pythainlp/corpus/words_th.txt")
    answer, loaded = nlpo3.load_dict(str(words), _NAME)
    if not loaded:
        raise FileNotFoundError(f"pythainlp is not whole, install it anew: {answer}")
    return _NAME
