"""What the README tells is what the code does."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, environment_name, names
from cases.lifecycle import MOVES
from cases.model import EventKind, Status

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def shown(default):
    if default in {"", None}:
        return ""
    return f"`{default:%H:%M}`" if hasattr(default, "hour") else f"`{default}`"


def test_the_drawing_is_the_table_of_moves():
    drawn = set(re.findall(r"^    (\w+) --> (\w+): (\S+)$", README, re.MULTILINE))

    coded = {
        (source.value, (to or source).value, kind.value)
        for kind, (sources, to) in MOVES.items()
        for source in sources
    }
    assert drawn == coded
    assert f"[*] --> {Status.PROPOSED}: {EventKind.CASE_PROPOSED}" in README


def test_the_table_of_settings_is_that_of_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*) \| (.*) \|$", README, re.MULTILINE)

    defaults = {environment_name(name): shown(info.default) for name, info in Settings.model_fields.items()}
    assert rows == [(name, meaning, defaults[name]) for name, meaning in names().items()]


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+) ", README, re.MULTILINE)))
)
def test_every_make_target_that_is_named_is_there(target):
    name = target[0] or target[1]

    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_every_path_that_is_named_is_there():
    named = re.findall(r"`((?:bot|cases|intake|nlp|storage|tests)/[\w./]+)`", README)

    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_picture_is_there():
    [picture] = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)

    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
