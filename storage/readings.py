"""What the classifier read, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.messages import Language
from cases.model import Band, Classification, Evidence, Right


def reading_json(reading: Classification) -> dict[str, Any]:
    return {
        "scores": {right.value: score for right, score in reading.scores.items()},
        "rights": sorted(reading.rights),
        "language": reading.language,
        "model": reading.model,
        "request": reading.request,
        "band": reading.band,
        "evidence": [
            {"right": said.right, "text": said.text, "start": said.start, "end": said.end}
            for said in reading.evidence
        ],
    }


def reading_from(kept: Mapping[str, Any]) -> Classification:
    return Classification(
        scores={Right(right): score for right, score in kept["scores"].items()},
        rights=frozenset(Right(right) for right in kept["rights"]),
        language=Language(kept["language"]),
        model=kept["model"],
        request=kept.get("request", 0.0),  # readings of before the bands have none
        band=Band(kept.get("band") or (Band.CLEAR if kept["rights"] else Band.NONE)),
        evidence=tuple(
            Evidence(right=Right(said["right"]), text=said["text"], start=said["start"], end=said["end"])
            for said in kept["evidence"]
        ),
    )
