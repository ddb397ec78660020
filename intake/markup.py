"""HTML -> the text a person would see.  Total.  Nothing here ever shows a customer's HTML."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from inscriptis import get_text  # type: ignore[import-untyped]  # it ships no types
from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]  # it ships no types
from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]  # it ships no types
from lxml.etree import LxmlError  # type: ignore[import-untyped]  # it ships no types
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

MAX_HTML: Final = 1_000_000  #: characters
_WITH_LAYOUT: Final = 300_000  #: characters; beyond that only the words
#: inscriptis gives up silently at 256 nested elements, and slows down before
_LAYOUT_DEPTH: Final = 200
_TREE_DEPTH: Final = 5_000  #: a tree's building time grows with the square of its depth
_KEPT: Final = 0.9  #: of the letters: with fewer, inscriptis has lost something
_CONFIG: Final = ParserConfig(css=CSS_PROFILES["strict"])
_UNSEEN: Final = (
    "script, style, head, title, template, noscript, [style*='display:none'], [style*='display: none']"
)
_SPACE: Final = re.compile(r"\s+")
_XML: Final = re.compile(r"^\s*<\?xml[^>]{0,200}>")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_ANY_TAG: Final = re.compile(r"<[!/?A-Za-z][^<>]{0,5000}>")
_BLOCK: Final = re.compile(r"(?i)(?=<(?:br|p|div|tr|li|h[1-6]|table|blockquote|hr|pre|dt|dd)\b)|(?<=</p>)")
#: elements without content, and those that the next of their kind closes
_FLAT: Final = frozenset(
    re.findall(
        r"[\w:]+",
        "area base br col dd dt hr img input li link meta o:p option p source tbody td th tr wbr",
    )
)


def text_of_html(html: str) -> str:
    """The text with its layout (tables, lists) by inscriptis, or only its words where that loses some."""
    html = _XML.sub("", html[:MAX_HTML]).replace("\0", "")
    depth = _depth(html)
    if depth > _TREE_DEPTH:
        return unescape(_ANY_TAG.sub(" ", html))
    plain = _words(html)
    if depth > _LAYOUT_DEPTH or len(html) > _WITH_LAYOUT:
        return plain
    laid_out = _laid_out(html)
    return laid_out if _letters(laid_out) >= _KEPT * _letters(plain) else plain


def _letters(text: str) -> int:
    return len(_SPACE.sub("", text))


def _depth(html: str) -> int:
    """How deep the elements nest, at least; unclosed ones count as open."""
    depth = deepest = 0
    for tag in _TAG.finditer(html):
        if tag.group(2).lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _laid_out(html: str) -> str:
    try:
        return str(get_text(html, _CONFIG))
    except (LxmlError, RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError):
        return ""


def _words(html: str) -> str:
    """The words, a new line for each block; breaks in the source mean nothing."""
    try:
        tree = LexborHTMLParser(_BLOCK.sub("\n", _SPACE.sub(" ", html)))
        for node in tree.css(_UNSEEN):
            node.decompose()
        return tree.body.text() if tree.body is not None else ""
    except (SelectolaxError, ValueError, TypeError, UnicodeError, RuntimeError):
        return unescape(_ANY_TAG.sub(" ", html))
