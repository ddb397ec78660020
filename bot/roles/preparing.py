"""What has to be there before the doors open: the newest schema, and a model."""

from __future__ import annotations

import subprocess
import sys
import tempfile

from bot.settings import Settings, child_environment
from cases.errors import ModelMissing, RightsDeskError, StoreAway
from nlp.training.fingerprint import is_current
from storage.schema import migrate


class NoDatabase(RightsDeskError):
    """DATABASE_URL: no database answers there, or it is locked ({error}).  Is the server up?"""


class NoDataFolder(RightsDeskError):
    """RIGHTSDESK_DATA_DIR: {place} cannot be used ({why}).  Name a folder that you may write to."""


def prepare(settings: Settings) -> None:
    """Migrate, and train where there is no model, or one that other code trained: it may read nothing right.

    Training runs in a process of its own, which shows its progress: spaCy has no place beside the listener.
    """
    _make_data_folder(settings)
    try:
        migrate(settings.database_url)
    except StoreAway as fault:
        raise NoDatabase(error=fault.facts.get("error", "away")) from None
    place = settings.model_dir
    if is_current(place):
        return
    training = [sys.executable, "-m", "bot", "train"]
    done = subprocess.run(training, env=child_environment(), stdout=sys.stderr, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise ModelMissing(place=place)


def _make_data_folder(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as fault:
        why = (fault.strerror or type(fault).__name__).lower()
        raise NoDataFolder(place=settings.data_dir, why=why) from None
