"""The classifier that a worker reads with: the model in use, and another one once that is in use."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import structlog

from cases.errors import ModelMissing
from cases.model import Classification
from nlp.classifier import SpacyClassifier
from nlp.training.fingerprint import version_of

log = structlog.get_logger()

_LOOK_EVERY: Final = 5.0  #: seconds


class InUse:
    """cases.ports.Classifier."""

    def __init__(self, place: Path) -> None:
        """ModelMissing when no whole model is stored there."""
        self._place = place
        self._classifier = SpacyClassifier.load(place)

    @property
    def version(self) -> str:
        return self._classifier.version

    def classify(self, subject_line: str, text: str) -> Classification:
        return self._classifier.classify(subject_line, text)

    async def kept_current(self, every: float = _LOOK_EVERY) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(every)
            self.renew()

    def renew(self) -> None:
        """Load what is in use now, when that is another version; half a model leaves us with the old one."""
        if version_of(self._place) in {None, self._classifier.version}:
            return
        try:
            self._classifier = SpacyClassifier.load(self._place)
        except ModelMissing:
            log.warning("the new model cannot be loaded; the old one reads on", version=self.version)
        else:
            log.info("another model is in use", version=self.version)
