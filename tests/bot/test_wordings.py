"""Both catalogues hold the same sentences, with the same facts, and exactly those that the code asks for."""

import ast
import re
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from bot.explaining import LetterSettled, TooSlow
from bot.wordings import Texts, UnknownText, catalogue
from cases import errors
from cases.effects import StaffLine
from cases.messages import Automatic, Language
from cases.model import EventKind, LetterKind, Nudge, Outcome, Right, Status

NL, EN = catalogue(Language.NL), catalogue(Language.EN)
ROOM = Path(__file__).parents[2] / "bot"
SOURCES = [path for path in sorted(ROOM.glob("*.py")) if path.name != "settings.py"]

#: Errors that a click can end in, each with its sentence.
CLICKED = (
    errors.CaseNotFound,
    errors.IllegalMove,
    errors.StaleCase,
    errors.TooLate,
    errors.NoRights,
    errors.ReasonMissing,
    errors.OutcomeMissing,
    errors.NothingToStop,
    errors.AlreadyLookedAt,
    errors.ContentGone,
    errors.NoSuchMessage,
    errors.NotAllowed,
    errors.StoreAway,
    LetterSettled,
    TooSlow,
)


def test_no_sentence_is_missing_in_one_language():
    assert NL.keys() == EN.keys()


@pytest.mark.parametrize("key", sorted(NL))
def test_a_sentence_has_the_same_facts_in_both_languages(key):
    assert facts_in(NL[key]) == facts_in(EN[key])
    assert NL[key].strip()
    assert EN[key].strip()


def test_every_sentence_that_the_code_asks_for_is_there():
    literal, families = asked_for()

    assert literal
    assert not literal - NL.keys()
    assert all(any(family.fullmatch(key) for key in NL) for family in families)


def test_no_sentence_is_kept_that_nobody_asks_for():
    literal, families = asked_for()

    unused = {key for key in NL if key not in literal and not any(one.fullmatch(key) for one in families)}

    assert not unused


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("status", Status),
        ("outcome", Outcome),
        ("automatic", Automatic),
        ("letter", LetterKind),
        ("right", Right),
        ("reminder", Nudge),
        ("language", Language),
    ],
)
def test_every_member_of_a_family_has_its_words(family: str, members: type[StrEnum]):
    assert all(f"{family}.{member.value}" in NL for member in members)


def test_every_event_has_its_line_and_every_move_its_story():
    moves = [
        kind for kind in EventKind if kind.value.partition(":")[0] in {"case", "confirmation", "dismissal"}
    ]

    assert all(f"brief.{kind.name.lower()}" in NL for kind in EventKind)
    assert all(f"did.{kind.name.lower()}" in NL for kind in moves if kind is not EventKind.BECAME_OVERDUE)
    assert all(f"was.{kind.name.lower()}" in NL for kind in moves if kind is not EventKind.BECAME_OVERDUE)


def test_every_staff_line_and_every_error_of_a_click_has_its_sentence():
    assert all(f"staff.{line.value}" in NL for line in StaffLine)
    assert all(f"error.{error.__name__}" in NL for error in CLICKED)


def test_an_unknown_sentence_is_an_error_of_ours():
    with pytest.raises(UnknownText):
        Texts(Language.NL)("card.no_such_thing")


def test_a_fact_that_looks_like_a_template_stays_a_fact():
    said = Texts(Language.EN)("card.context", reference="{status} {0.__class__}", status="open")

    assert said == "{status} {0.__class__} · open"


def test_the_singular_is_used_for_one():
    nl = Texts(Language.NL)

    assert [nl.count("days", number) for number in (0, 1, 2)] == ["0 dagen", "1 dag", "2 dagen"]


def test_a_colleague_is_mentioned_and_anything_else_is_written_out_harmlessly():
    nl = Texts(Language.NL)

    assert nl.person("U0ANNA") == "<@U0ANNA>"
    assert nl.person("rights-desk") == "Rights Desk"
    assert nl.person("<!channel>") == "&lt;!channel&gt;"
    assert nl.person(None) == "niemand"


def test_words_for_other_languages_are_english():
    assert Texts(Language.OTHER)("button.confirm") == "Confirm"


def facts_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """Keys written out in the code, and patterns of keys that are put together there."""
    nodes = [node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    literal = {node.value for node in nodes if isinstance(node, ast.Constant) and is_key(node.value)}
    counted = [node.args[0] for node in nodes if isinstance(node, ast.Call) and is_count(node)]
    for key in counted:
        literal |= {f"{key.value}.one", f"{key.value}.many"}
    families = [family(node) for node in nodes if isinstance(node, ast.JoinedStr) and is_family(node)]
    return literal, families


def is_key(value: object) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z_]+\.[A-Za-z_]+", value):
        return False
    return value.partition(".")[0] in {key.partition(".")[0] for key in NL}


def is_count(call: ast.Call) -> bool:
    """`texts.count("days", …)` puts its own two endings behind the key."""
    named = isinstance(call.func, ast.Attribute) and call.func.attr == "count"
    return (
        named
        and bool(call.args)
        and isinstance(call.args[0], ast.Constant)
        and f"{call.args[0].value}.one" in NL
    )


def is_family(text: ast.JoinedStr) -> bool:
    first = text.values[0]
    head = first.value if isinstance(first, ast.Constant) else ""
    return (
        isinstance(head, str)
        and is_key(f"{head}x")
        and head.partition(".")[0] in {key.partition(".")[0] for key in NL}
    )


def family(text: ast.JoinedStr) -> re.Pattern[str]:
    parts = [re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in text.values]
    return re.compile("".join(parts))
