"""What of a text is new, and what was only quoted.  Total and linear.

No library is good enough alone: quotequail misses Dutch Outlook blocks without a bar and empties answers
below the quote, so its finds count only where the text bears them out, and our own rules stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress
from operator import not_
from typing import Final

import quotequail

from intake.blocks import MAX_LINE, block_at, names_original, passes_on

MAX_LINES: Final = 5_000  #: what comes after is kept as it stands
_FEW_WORDS: Final = 5
_SHORT_NOTE: Final = 60  #: words above a mail that is passed on
_WORD: Final = re.compile(r"\w+")
#: A few words that are an answer all the same.
_THANKS: Final = re.compile(
    r"(?:(?:(?:hartelijk|heel erg|veel|oké?|ok) )?(?:be)?dank\w*|merci|top|super|prima|perfect|fijn"
    r"|(?:many |ok,? )?thank\w*|thx|cheers|great|brilliant|lovely)\b",
    re.IGNORECASE,
)
_BAR: Final = re.compile(r"\s*[_\-=]{5,}\s*")
_TELLS_WHEN: Final = re.compile(r"\d{1,2}[:.]\d{2}|[\w.+-]{1,64}@[\w.-]{1,255}")
#: lines above a quote: nl, en, de, fr.  A wrapped one is joined before it is looked at.
_INTRODUCTION: Final = re.compile(
    r"(?:"
    r"op .{4,300} (?:schreef|heeft) .{0,300}"
    r"|.{2,200} schreef (?:op|het volgende|:).{0,200}"
    r"|on .{4,300} wrote ?"
    r"|.{2,200} wrote (?:on|the following|:).{0,200}"
    r"|am .{4,300} schrieb .{0,300}"
    r"|le .{4,300} a écrit ?"
    r"):\s*",
    re.IGNORECASE,
)
_SEE_BELOW: Final = re.compile(
    r"\b(?:zie (?:hieronder|onderstaand\w*|bijgaand\w*|mail hieronder)"
    r"|onderstaand\w* (?:mail|e-mail|bericht|verzoek|klant)|doorgestuurd|ter info|graag oppakken"
    r"|see below|please see|forwarded?|forwarding|fyi|fwd)\b",
    re.IGNORECASE,
)
_FORWARD_SUBJECT: Final = re.compile(r"\s*(?:fw|fwd|doorst|doorsturen|wg|tr)\s*:", re.IGNORECASE)


def new_part(text: str, *, subject_line: str = "") -> tuple[str, str]:
    """What the sender wrote now, and what was cut.

    A mail that is passed on is no quote: it stays.  The whole text stays where fewer than five words would,
    unless they are thanks.
    """
    lines = text.split("\n")
    stays = _staying(lines, subject_line)
    new, cut = ("\n".join(compress(lines, chosen)).strip() for chosen in (stays, map(not_, stays)))
    return new, cut


def with_quotes_blank(text: str, *, subject_line: str = "") -> str:
    """The text, with blanks where `new_part` cuts, so that every character keeps its place."""
    lines = text.split("\n")
    stays = _staying(lines, subject_line)
    return "\n".join(line if stay else " " * len(line) for line, stay in zip(lines, stays, strict=True))


def _staying(lines: Sequence[str], subject_line: str) -> list[bool]:
    """Per line whether it is new; all of them where too few words would be."""
    stays = _divide(lines, is_forward=bool(_FORWARD_SUBJECT.match(subject_line)))
    new = "\n".join(compress(lines, stays)).strip()[:MAX_LINE]
    answers = len(_WORD.findall(new)) >= _FEW_WORDS or _THANKS.match(new)
    return stays if answers else [True] * len(lines)


def _divide(lines: Sequence[str], *, is_forward: bool) -> list[bool]:
    """Per line whether it stays."""
    kept: list[str] = []
    stays: list[bool] = []
    while len(stays) < min(len(lines), MAX_LINES):
        at = len(stays)
        passed_on = _passed_on(lines, at, kept, is_forward=is_forward)
        if passed_on > at:
            kept += lines[at:passed_on]
            stays += [True] * (passed_on - at)
            is_forward = False
            continue
        end = _quote_end(lines, at)
        if end > at:
            stays += [False] * (end - at)
            continue
        kept.append(lines[at])
        stays.append(True)
    return stays + [True] * (len(lines) - len(stays))


def _passed_on(lines: Sequence[str], at: int, above: Sequence[str], *, is_forward: bool) -> int:
    """Where the head of a mail that is passed on here ends, with the marked lines below; `at` for none."""
    first = _next_line(lines, at + 1)
    if passes_on(lines[at]):
        block = block_at(lines, first) if first < len(lines) else None
        end = block.end if block is not None and block.is_likely_mail else at + 1
        return _run_end(lines, _next_line(lines, end)) if lines[first:] and _is_marked(lines[first]) else end
    start = first if names_original(lines[at]) or _BAR.fullmatch(lines[at][:MAX_LINE]) else at
    block = block_at(lines, start) if start < len(lines) else None
    if block is None or not block.is_mail or not (is_forward or _only_notes(above)):
        return at
    return block.end


def says_forwarded(above: Sequence[str], subject_line: str) -> bool:
    """Whether a mail below these lines was passed on, rather than answered."""
    return bool(_FORWARD_SUBJECT.match(subject_line)) or _only_notes(above)


def _only_notes(above: Sequence[str]) -> bool:
    """Somebody says that what comes is somebody else's."""
    note = "\n".join(above)[-MAX_LINE:]
    return len(_WORD.findall(note)) <= _SHORT_NOTE and _SEE_BELOW.search(note) is not None


def _quote_end(lines: Sequence[str], at: int) -> int:
    """Where the quote that begins in this line ends; `at` when none does."""
    if not lines[at].strip():
        return at
    if _is_marked(lines[at]):
        return _run_end(lines, at)
    if names_original(lines[at]) or _heads_mail(lines, at):
        return len(lines)
    return _introduced_end(lines, at)


def _heads_mail(lines: Sequence[str], at: int) -> bool:
    """Whether a mail's header block stands here, perhaps below a bar."""
    start = _next_line(lines, at + 1) if _BAR.fullmatch(lines[at][:MAX_LINE]) else at
    block = block_at(lines, start) if start < len(lines) else None
    return block is not None and block.is_mail


def _introduced_end(lines: Sequence[str], at: int) -> int:
    """Where the quote ends that this line introduces; `at` when it introduces none.

    "Op 3 maart schreef ik u:" is how people tell a story: without quote marks below it, only a time or an
    address makes it a mailer's line.
    """
    introduced = _introduction_end(lines, at)
    below = _next_line(lines, introduced)
    if introduced > at and below < len(lines) and _is_marked(lines[below]):
        return _run_end(lines, below)
    words = " ".join(line[:MAX_LINE] for line in lines[at:introduced])
    return len(lines) if _TELLS_WHEN.search(words) else at


def _introduction_end(lines: Sequence[str], at: int) -> int:
    """After the line or lines that introduce a quote; `at` when these do not.

    A line above that only happens to stand there is no part of it, so the shortest that fits counts.
    """
    for count in (1, 2, 3):
        window = [line[:MAX_LINE].strip() for line in lines[at : at + count]]
        if not all(window) or len(window) < count:
            return at
        if _introduces(window):
            shorter = any(_introduces(window[skipped:]) for skipped in range(1, count))
            return at if shorter else at + count
    return at


def _introduces(window: Sequence[str]) -> bool:
    if not window[-1].endswith(":"):
        return False
    line = " ".join(window)
    return _INTRODUCTION.fullmatch(line) is not None or _quotequail_finds(line)


def _quotequail_finds(line: str) -> bool:
    """More languages than ours."""
    return len(quotequail.quote(line, limit=2, quote_intro_line=True)) > 1


def _is_marked(line: str) -> bool:
    return line.startswith(">")


def _run_end(lines: Sequence[str], at: int) -> int:
    """After the last of the marked lines, empty ones between them included."""
    end = at
    while at < len(lines) and (_is_marked(lines[at]) or not lines[at].strip()):
        at += 1
        if _is_marked(lines[at - 1]):
            end = at
    return end


def _next_line(lines: Sequence[str], at: int) -> int:
    """The next line that is not empty, at most three on."""
    for position in range(at, min(at + 3, len(lines))):
        if lines[position].strip():
            return position
    return len(lines)
