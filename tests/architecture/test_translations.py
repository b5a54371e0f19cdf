"""Every Thai word that a page shows can be read in English, and the catalogue holds nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2 import nodes

from pipeline.web.site.language import PAGE_WORDS, Language
from pipeline.web.site.pages import TEMPLATES
from pipeline.web.site.templates import PLACE
from tests.catalogue import CATALOGUES, WEB, is_translated, kept, of, render, updated

THAI = re.compile("[ก-๙]+")
PAGES = sorted((WEB / "templates").rglob("*.html"))
CODE = sorted(WEB.rglob("*.py"))
WORDS = {"_", "mark", "message", "counted", "gettext"}
NO_WORDS_IN = {
    "api/models.py": "examples of what programs get",
    "site/problems.py": "programs get both languages",
    "entry/body_limit.py": "says both languages at once",
}
SHOWN_IN_THAI = {
    "ไทย": "the language's own name",
    "สารบรรณ": "the program's name on a page that shows nothing, before a log-in",
    "ข้อ": "a citation, written out in English where it is shown",
    "แบบที่": "the same",
    "ฉบับที่": "the same",
    "ภาคผนวก": "the same",
    "พ": "the same (พ.ศ.)",
    "ศ": "the same (พ.ศ.)",
    "ตารางกำหนดอายุการเก็บหนังสือการเงิน": "the same",
    "ระเบียบว่าด้วยการรักษาความลับฯ": "the same",
    "น": "the time on the receiving stamp, which is a form",
    "เลขรับ": "the name of a part that is cut off, kept in the book",
    "คัดลอกจากแบบที่": "the same, in a committee's opinion",
    "ที่ลงนามแล้ว": "the same",
    "และอีก": "what the send book says under ถึง, kept in the book",
    "แห่ง": "the same",
    "เผา": "what the certificate says, kept in the book; its label is translated",
    "ย่อยด้วยเครื่องทำลายเอกสาร": "the same",
    "ต้มเยื่อกระดาษ": "the same",
    "ก": "a range of letters to look for",
}
IN_PATTERNS = r"<code lang=\"th\">.*?</code>"
"""Examples of questions: the letters are in Thai."""


def _name(path: Path) -> str:
    return str(path.relative_to(WEB))


def bare_words(text: str) -> set[str]:
    """Return the Thai words of a text that no reason lets stand."""
    return set(THAI.findall(re.sub(IN_PATTERNS, "", text))) - set(SHOWN_IN_THAI)


def asked_for(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in PAGE_WORDS


def test_no_page_shows_an_english_sentence_to_whom_reads_thai() -> None:
    """What is marked as English is the name of the language, and nothing else."""
    marked = re.compile(r'lang="en"[^>]*>(?!English<)')
    assert [path.name for path in PAGES if marked.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_a_template_shows_no_word_that_is_not_translated(path: Path) -> None:
    tree = TEMPLATES[Language.THAI].env.parse(path.read_text("utf-8"))
    wrapped = {id(call.args[0]) for call in tree.find_all(nodes.Call) if asked_for(call)}
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        said = getattr(node, "data", None) or getattr(node, "value", None)
        if isinstance(said, str) and id(node) not in wrapped:
            assert bare_words(said) == set(), f"line {node.lineno}: wrap it as _(...)"


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_only_words_of_ours_are_trusted_as_a_page_s_own(path: Path) -> None:
    """What `_` gives is not escaped: text from the register in it would be the page's own."""
    tree = TEMPLATES[Language.THAI].env.parse(path.read_text("utf-8"))
    for call in tree.find_all(nodes.Call):
        if asked_for(call):
            assert isinstance(call.args[0], nodes.Const), f"line {call.lineno}"


def unwrapped(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the words of code outside of docstrings, refusals (which say both) and translations."""

    def walk(node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in WORDS or name.endswith("Error"):
                return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        for child in ast.iter_child_nodes(node):
            yield from walk(child)

    return walk(tree)


@pytest.mark.parametrize("path", [one for one in CODE if _name(one) not in NO_WORDS_IN], ids=_name)
def test_page_code_says_no_word_that_is_not_translated(path: Path) -> None:
    for line, said in unwrapped(ast.parse(path.read_text("utf-8"))):
        if re.search(r"\[.*\]|\\|\(\?", said) is None:  # no pattern
            assert bare_words(said) == set(), f"line {line}: use _(...), or mark(...) in a table"


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_no_word_is_asked_for_inside_an_f_string(path: Path) -> None:
    """Before Python 3.12 such words do not come into the catalogue, and stay Thai."""
    for text in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(text, ast.JoinedStr):
            asked = {
                getattr(one.func, "id", "") for one in ast.walk(text) if isinstance(one, ast.Call)
            }
            assert not asked & set(WORDS), f"line {text.lineno}"


@pytest.mark.parametrize("path", sorted((WEB / "static").glob("*.js")), ids=_name)
def test_a_script_takes_its_words_from_the_page(path: Path) -> None:
    said = path.read_text("utf-8").replace("๐๑๒๓๔๕๖๗๘๙", "").replace("[/ว]", "")
    code = "\n".join(line for line in said.splitlines() if not line.strip().startswith("//"))
    assert bare_words(code) == set()


def test_the_list_of_what_stays_thai_is_no_longer_than_needed() -> None:
    said = "\n".join(path.read_text("utf-8") for path in (*PAGES, *CODE))
    assert {word for word in SHOWN_IN_THAI if word not in said} == set()
    assert {
        name for name in NO_WORDS_IN if not THAI.search((WEB / name).read_text("utf-8"))
    } == set()


@pytest.fixture(scope="module", params=CATALOGUES, ids=lambda path: str(path.stem))
def catalogue(request: pytest.FixtureRequest) -> tuple[Path, Catalog]:
    return request.param, updated(request.param)


def test_every_word_has_its_english_with_the_same_places(
    catalogue: tuple[Path, Catalog],
) -> None:
    missing = [message.id for message in of(catalogue[1]) if not is_translated(message)]
    assert missing == [], "run python -m tests.catalogue and translate them"
    for message in of(catalogue[1]):
        thai = message.id if isinstance(message.id, str) else message.id[0]
        english = message.string
        for words in (english,) if isinstance(english, str) else english or ():
            assert sorted(PLACE.findall(words)) == sorted(PLACE.findall(thai)), thai
            assert THAI.search(words) is None, thai
            assert ('"' in words) == ('"' in thai), f"{thai}: a quote would end an attribute"
            assert re.findall("<[^>]*>", words) == re.findall("<[^>]*>", thai), thai


def test_the_catalogue_is_what_the_command_writes(catalogue: tuple[Path, Catalog]) -> None:
    path, words = catalogue
    assert {message.id for message in of(kept(path))} <= {message.id for message in of(words)}
    assert path.read_text("utf-8") == render(words), "run python -m tests.catalogue"


def test_no_sentence_has_two_englishes() -> None:
    """The pages look a word up in both catalogues."""
    pages, book = (
        {message.id: message.string for message in of(kept(path))} for path in CATALOGUES
    )
    assert {
        thai: (pages[thai], book[thai])
        for thai in pages.keys() & book.keys()
        if pages[thai] != book[thai]
    } == {}
