"""Where trained models lie: each in a folder of its own, and one of them in use.

`models/<version>/` beside the place that the settings name, and at that place a link to the one in use, so
that another is taken into use, or an old one again, at once and whole.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from spacy.language import Language

from cases.errors import RightsDeskError
from nlp.training.fingerprint import EXAMPLES, meta_of, version_of

_SHELF: Final = "models"
_FIGURES: Final = "figures.json"
#: So many are kept, the newest ones and the one in use.
KEPT: Final = 6


class NoSuchModel(RightsDeskError):
    """There is no model {version} here.  `rightsdesk model list` names those that are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """One model that lies on the shelf."""

    version: str
    trained_at: datetime
    examples: int  #: decisions of agents that it learned from, besides the corpus
    in_use: bool
    figures: dict[str, Any]  #: on the test split, as far as somebody asked


def lay_down(nlp: Language, place: Path, version: str) -> Path:
    """Save a pipeline on the shelf, not in use yet; its folder.  Nobody ever sees half of one."""
    shelf = place.parent / _SHELF
    shelf.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=".new-", dir=shelf))
    nlp.to_disk(beside)
    beside.chmod(0o755)
    target = shelf / version
    old = beside.with_name(f"{beside.name}-old")
    with suppress(FileNotFoundError):
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def use(place: Path, version: str) -> None:
    """Take a model of the shelf into use; NoSuchModel when it is not there."""
    target = place.parent / _SHELF / version
    if version != Path(version).name or version_of(target) != version:
        raise NoSuchModel(version=version)
    if place.is_dir() and not place.is_symlink():  # as earlier versions of Rights Desk left it
        place.rename(_free(place.parent / _SHELF / (version_of(place) or "before")))
    link = place.with_name(f".{place.name}-{version}")
    link.unlink(missing_ok=True)
    link.symlink_to(Path(_SHELF) / version, target_is_directory=True)
    os.replace(link, place)  # noqa: PTH105 - Path.replace follows nothing either, but this says what it is
    _tidy(place)


def shelved(place: Path) -> list[Shelved]:
    """All that lie there, newest first."""
    found = [folder for folder in (place.parent / _SHELF).glob("*") if version_of(folder) == folder.name]
    return sorted((_told(folder, place) for folder in found), key=lambda one: one.trained_at, reverse=True)


def note_figures(folder: Path, figures: dict[str, Any]) -> None:
    """What a model reached on the test split, kept with it."""
    (folder / _FIGURES).write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _told(folder: Path, place: Path) -> Shelved:
    meta = meta_of(folder)
    try:
        figures = json.loads((folder / _FIGURES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        figures = {}
    return Shelved(
        version=folder.name,
        trained_at=datetime.fromtimestamp((folder / "meta.json").stat().st_mtime, UTC),
        examples=int(meta.get(EXAMPLES) or 0),
        in_use=place.resolve() == folder.resolve(),
        figures=figures,
    )


def _tidy(place: Path) -> None:
    for old in shelved(place)[KEPT:]:
        if not old.in_use:
            shutil.rmtree(place.parent / _SHELF / old.version, ignore_errors=True)


def _free(path: Path) -> Path:
    """This name, or where something lies there already, one beside it."""
    return path if not path.exists() else path.with_name(f"{path.name}-before")
