"""A message that asks for something becomes a case, whether the classifier saw it or a person did."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases.model import Band, Case, CaseRight, Classification, Right, Status


def opened(reference: str, reading: Classification, received_on: date, **facts: Any) -> Case:
    """A proposed case with the rights that were read; `facts` are the other fields of Case.

    A reading that is in doubt names its likeliest right, and the card asks.
    """
    said = {evidence.right: evidence.text for evidence in reversed(reading.evidence)}
    rights = tuple(
        CaseRight(
            right=right,
            received_on=received_on,
            score=round(reading.scores.get(right, 0.0), 4),
            evidence=said.get(right, ""),
        )
        for right in Right
        if right in reading.proposed
    )
    return Case(
        reference=reference,
        status=Status.PROPOSED,
        rights=rights,
        language=reading.language,
        received_on=received_on,
        doubtful=reading.band is Band.DOUBTFUL,
        **facts,
    )
