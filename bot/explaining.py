"""An error of the trade as a sentence in the staff's language.  Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from bot.cards import standing
from bot.wordings import Texts
from cases.errors import AlreadyLookedAt, IllegalMove, RightsDeskError
from cases.model import Case, EventKind, Right, Status


class LetterSettled(RightsDeskError):
    """This letter has been decided on already."""


class TooSlow(RightsDeskError):
    """Slack's trigger had expired before the form could be opened."""


_RIGHT: Final = "right"


def explained(error: RightsDeskError, texts: Texts, *, reader: str, today: date) -> str | None:
    """The sentence for the agent who clicked; None for an error that the catalogue has no words for.

    `reader` is that agent: somebody who clicks twice is not told that a colleague was first.
    """
    if isinstance(error, IllegalMove):
        return _too_late(error, texts, reader, today)
    key = f"error.{type(error).__name__}"
    if not texts.has(key):
        return None
    facts = dict(error.facts)
    if isinstance(error, AlreadyLookedAt):
        facts = {"who": texts.person(str(facts["by"]))}
    if _RIGHT in facts:
        facts[_RIGHT] = texts.right(Right(str(facts[_RIGHT])))
    return texts(key, **facts)


def overtaken(case: Case, texts: Texts, *, reader: str, today: date) -> str:
    """What a stale form is told: who changed the case meanwhile, when the record knows."""
    last = case.last
    if last is None or last.by == reader or not texts.has(f"was.{last.kind.name.lower()}"):
        return texts("error.StaleCase", reference=case.reference)
    return texts(
        "error.StaleCase_known",
        who=texts.person(last.by),
        what=texts(f"was.{last.kind.name.lower()}"),
        when=texts.moment(last.at, today),
        reference=case.reference,
        status=standing(case, texts),
    )


def _too_late(error: IllegalMove, texts: Texts, reader: str, today: date) -> str:
    by, at = str(error.facts["last_by"]), error.facts["last_at"]
    kind, status = EventKind(str(error.facts["last_kind"])), Status(str(error.facts["status"]))
    facts = {
        "who": texts.person(by),
        "what": texts(f"was.{kind.name.lower()}"),
        "when": texts.moment(at, today) if isinstance(at, datetime) else "",
        "reference": error.facts["reference"],
        "status": texts(f"status.{status.value}"),
    }
    return texts("error.IllegalMove_own" if by == reader else "error.IllegalMove", **facts)
