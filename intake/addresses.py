"""Who is named in an address field.  Total, linear, and never decodes inside an address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from cases.messages import Person
from intake.headers import ENCODED_WORD, MAX_TEXT, clean_line, decode_words

MAX_PEOPLE: Final = 100
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\",;:]{1,256}@[^\s<>()\",;]{1,255}")
_OUTLOOK: Final = re.compile(r"\[(?:mailto|smtp):([^\[\]\s]{1,512})\]", re.IGNORECASE)
_ENDS: Final = {'"': '"', "(": ")", "<": ">"}


@dataclass(slots=True)
class _Draft:
    """One entry of an address list while it is read."""

    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    quoted: bool = False

    def person(self) -> Person:
        """The name decoded, the address as it stands: `=?…?=` in an address is no encoding (RFC 2047, 5)."""
        words = " ".join(word for word in self.words if word)
        address = _bare(self.angle) if self.angle is not None else ""
        if not address and not self.quoted and (found := _ADDRESS.search(words)):
            address = found.group()
            words = words.replace(address, " ", 1)
        name = words.strip("<> ") or " ".join(self.comments) or ("" if address else self.angle or "")
        name = clean_line(decode_words(name), 500).strip("'\" ")
        return Person(name="" if name == address else name, address=clean_line(address, 512))


def people(value: str) -> tuple[Person, ...]:
    """The people of an address field, in order: groups opened, empty entries left out, a hundred at most.

    `Jansen, Jan <jan@…>` without quotes is one person.
    """
    found: list[Person] = []
    pending = ""
    for draft in _drafts(_OUTLOOK.sub(r"<\1>", value[: MAX_TEXT * 6])):
        person = draft.person()
        if not person.name and not person.address:
            continue
        if not person.address and not draft.quoted:
            pending = f"{pending}, {person.name}".strip(", ")
            continue
        if pending:
            person = Person(name=f"{pending}, {person.name}".strip(", "), address=person.address)
            pending = ""
        found.append(person)
        if len(found) >= MAX_PEOPLE:
            break
    return tuple([*found, Person(name=pending[:500])] if pending else found)


def person_of(value: str) -> Person:
    """The first who has an address, else the first; an empty person when there is none."""
    found = people(value)
    return next((person for person in found if person.address), found[0] if found else Person())


def _drafts(value: str) -> list[_Draft]:
    """Split at commas and semicolons outside quotes, comments and angles."""
    drafts = [_Draft()]
    at, word = 0, 0
    unclosed: set[str] = set()
    while at < len(value):
        sign = value[at]
        if sign == "=" and (encoded := ENCODED_WORD.match(value, at)) is not None:
            at = max(value.find("?=", encoded.end()) + 2, at + 1)
            continue
        if sign in _ENDS and sign not in unclosed:
            drafts[-1].words.append(value[word:at].strip())
            end = _closing(value, at)
            if end < 0:
                unclosed.add(sign)
                word = at = at + 1
                if sign == "<":
                    end = len(value)
                    _take(drafts[-1], sign, value[at:end])
                    word = at = end
                continue
            _take(drafts[-1], sign, value[at + 1 : end])
            word = at = end + 1
            continue
        if sign in ",;" or (sign == ":" and _opens_group(value[word:at], drafts[-1])):
            drafts[-1].words.append("" if sign == ":" else value[word:at].strip())
            if sign == ":":
                drafts.pop()
            drafts.append(_Draft())
            word = at + 1
        at += 1
    drafts[-1].words.append(value[word:].strip())
    return drafts


def _opens_group(words: str, draft: _Draft) -> bool:
    return "@" not in words and "[" not in words and draft.angle is None


def _take(draft: _Draft, sign: str, inside: str) -> None:
    if sign == '"':
        draft.words.append(re.sub(r"\\(.)", r"\1", inside))
        draft.quoted = True
    elif sign == "(":
        draft.comments.append(inside)
    elif draft.angle is None or "@" not in draft.angle:
        draft.angle = inside


def _closing(value: str, at: int) -> int:
    """Where what opens here is closed; -1 when it never is."""
    if value[at] == "<":
        return value.find(">", at)
    depth, position = 0, at + 1
    while position < len(value):
        if value[position] == "\\":
            position += 2
            continue
        if value[position] == _ENDS[value[at]]:
            if not depth:
                return position
            depth -= 1
        elif value[at] == "(" and value[position] == "(":
            depth += 1
        position += 1
    return -1


def _bare(angle: str) -> str:
    """The address in angle brackets: without a route (RFC 5322, 4.4), `mailto:` and stray spaces."""
    inside = re.sub(r"\s+", "", angle).lstrip("<").removeprefix("mailto:").strip("'\"")
    if inside.startswith("@") and ":" in inside:
        inside = inside.partition(":")[2]
    return inside if "@" in inside else ""
