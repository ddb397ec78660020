"""Trains the passage reader with spaCy's own loop from config.cfg."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from spacy import util
from spacy.language import Language
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as spacy_loop
from spacy.util import registry

# Importing them registers the components and the architecture that config.cfg names.
from nlp.pipeline import architecture, concepts, rules, sentences  # noqa: F401
from nlp.training import convert
from nlp.training.corpus import Mail

CONFIG = Path(__file__).parent / "config.cfg"

#: What happens after each step of spaCy's loop; its loggers come from the registry and cannot be handed in.
_after_step: ContextVar[Callable[[], None]] = ContextVar("_after_step")


@registry.loggers("rightsdesk.Progress.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def progress_logger() -> Callable[..., Any]:
    def start(
        nlp: Language,  # noqa: ARG001 - spaCy passes them
        stdout: IO[str] = sys.stdout,  # noqa: ARG001
        stderr: IO[str] = sys.stderr,  # noqa: ARG001
    ) -> tuple[Callable[[Any], None], Callable[[], None]]:
        step = _after_step.get(lambda: None)
        return lambda info: step(), lambda: None  # noqa: ARG005 - spaCy passes the scores

    return start


def train_reader(
    train: Sequence[Mail],
    dev: Sequence[Mail],
    *,
    after_step: Callable[[], None] = lambda: None,
    overrides: Mapping[str, Any] | None = None,
) -> Language:
    """A pipeline without its combiner.  `overrides` are dotted names of config.cfg, as on spaCy's command
    line.
    """
    with TemporaryDirectory() as folder:
        paths = {"paths.train": f"{folder}/train.spacy", "paths.dev": f"{folder}/dev.spacy"}
        convert.write(train, Path(paths["paths.train"]))
        convert.write(dev, Path(paths["paths.dev"]))
        config = util.load_config(CONFIG, overrides={**(overrides or {}), **paths})
        token = _after_step.set(after_step)
        try:
            nlp = init_nlp(config)
            spacy_loop(nlp, None, stdout=io.StringIO(), stderr=io.StringIO())
        finally:
            _after_step.reset(token)
    # The stored model says where the project keeps its corpus, not in which folder it lay while training.
    nlp.config["paths"] = {**nlp.config["paths"], "train": "corpus/train.spacy", "dev": "corpus/dev.spacy"}
    return nlp
