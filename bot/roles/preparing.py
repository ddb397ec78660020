"""What has to be there before the doors open: the newest schema, and a model."""

from __future__ import annotations

import subprocess
import sys

from bot.settings import Settings, child_environment
from cases.errors import ModelMissing
from nlp.training.fingerprint import is_current, version_of
from storage.schema import migrate


def prepare(settings: Settings, *, newest_model: bool) -> None:
    """Migrate, and train where there is no model, or on request no current one.

    Training runs in a process of its own, which shows its progress: spaCy has no place beside the listener.
    """
    migrate(settings.database_url)
    place = settings.model_dir
    if is_current(place) or (version_of(place) and not newest_model):
        return
    training = [sys.executable, "-m", "bot", "train"]
    done = subprocess.run(training, env=child_environment(), stdout=sys.stderr, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise ModelMissing(place=place)
