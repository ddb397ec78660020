"""Requests in languages that the model was not taught: German, French, Spanish, Italian, Polish.

>>> find("Bitte löschen Sie alle meine Daten.")
{<Right.ERASURE: 'erasure'>: (0, 35)}
>>> find("Demande au titre de l'article 15 du RGPD")
{<Right.ACCESS: 'access'>: (0, 40)}
>>> find("Bitte löschen Sie das Ticket.")
{}

A lexicon (`foreign.toml`) and no learning.  SCORE is not calibrated, unlike the model's scores: it says that
a person should look.  A doubtful mail gets a card that asks; a request that nobody saw gets nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from cases.model import Right
from nlp.foreign_words import PLAIN, Words, lexicon

#: What each right found here is worth; a guess, see above.
SCORE: Final = 0.6

#: What machines' troubles sound like too.
_TECHNICAL: Final = frozenset({Right.ACCESS, Right.RESTRICTION, Right.RECTIFICATION})
#: So many words tell the language; a fifth of them small words of ours says that it is one of ours.
_ENOUGH: Final = 40
_SHARE: Final = 0.2
_NUMBERED: Final = re.compile(
    r"\bart(?:t|s|ikeln?|icles?|iculos?|icol[oi]|ykul\w*)?\b\.?\s{0,3}"
    r"(\d{1,3}(?:\s{0,3}(?:,|-|–|&|und|et|y|ed?|i|oraz|and|en)\s{0,3}\d{1,3}\b){0,9})",  # noqa: RUF001 - typed
    re.IGNORECASE,
)
#: A full stop before a capital, an empty line, or an item of a list; `gem. Art. 15` goes on.
_END: Final = re.compile(
    r"(?<=[.!?])(?<!\bgem\.)(?<!\bArt\.)\s+(?=[^\W\da-zà-ÿ]|[¿¡\"'«„])|\n\s*\n|\n(?=\s*[-*•])"
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def is_foreign(text: str) -> bool:
    """Spanish, Italian and Polish pass for English elsewhere; their small words tell."""
    words = [found[0] for found in islice(_WORD.finditer(text), _ENOUGH)]
    known = sum(word.translate(PLAIN).lower() in lexicon().small for word in words)
    return known >= max(2.0, _SHARE * len(words))


def find(text: str) -> dict[Right, tuple[int, int]]:
    """Right -> start and end of the first sentence that carries it.  Total; linear in the text's length."""
    plain = text.translate(PLAIN)
    in_person = lexicon().words["me"].search(plain) is not None
    return _first(plain, lambda sentence: _asked(sentence, in_person=in_person))


def cite(text: str) -> dict[Right, tuple[int, int]]:
    """The same for Dutch and English, which the model reads: only what must not be left to it.

    That is articles that somebody cites for himself, and a complaint that names his own data.

    >>> cite("Ik doe een verzoek op grond van art. 16 AVG.")
    {<Right.RECTIFICATION: 'rectification'>: (0, 44)}
    """
    if not _NUMBERED.search(text) and not any(hint in text.lower() for hint in lexicon().hints):
        return {}  # nearly every mail
    plain = text.translate(PLAIN)
    return _first(plain, _told_in_person)


def _told_in_person(sentence: str) -> set[Right]:
    told = _cited(sentence) | _named(lexicon().ours, sentence)
    return told if told and lexicon().words["speaks"].search(sentence) else set()


def _first(plain: str, rights: Callable[[str], set[Right]]) -> dict[Right, tuple[int, int]]:
    words = lexicon().words
    found: dict[Right, tuple[int, int]] = {}
    for start, end in _sentences(plain):
        sentence = plain[start:end]
        told = rights(sentence)
        if told and (words["mine"].search(sentence) or not words["lecture"].search(sentence)):
            for right in sorted(told):
                found.setdefault(right, (start, end))
    return found


def _asked(sentence: str, *, in_person: bool) -> set[Right]:
    """A statute with an article's number, a right's own name, or its words beside data or a statute."""
    words = lexicon().words
    statute = words["statute"].search(sentence) is not None
    found = _named(lexicon().alone, sentence) | _cited(sentence)
    if words["mine"].search(sentence) or (in_person and (statute or words["personal"].search(sentence))):
        found |= _named(lexicon().beside, sentence)
    return found - _TECHNICAL if not statute and words["elsewhere"].search(sentence) else found


def _cited(sentence: str) -> set[Right]:
    numbers = {int(one) for cited in _NUMBERED.findall(sentence) for one in re.findall(r"\d+", cited)}
    if not numbers or not lexicon().words["statute"].search(sentence):
        return set()
    return {lexicon().articles[number] for number in numbers & lexicon().articles.keys()}


def _named(words: Mapping[Right, Words], sentence: str) -> set[Right]:
    return {right for right, pattern in words.items() if pattern.search(sentence)}


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each, without the blanks around it."""
    start = 0
    for end, following in (*(found.span() for found in _END.finditer(text)), (len(text), len(text))):
        words = text[start:end]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        start = following
