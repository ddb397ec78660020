"""The whole training: a reader per fold, the combiner on what they said, the final reader, one saved
pipeline.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from spacy import util
from spacy.language import Language
from thinc.api import fix_random_seed

from nlp.training import calibrate, corpus
from nlp.training.corpus import Mail, Split
from nlp.training.fingerprint import META, fingerprint
from nlp.training.reader import CONFIG, train_reader

Progress = Callable[[int, int], None]
FOLDS: Final = 5


def train(
    output: Path,
    progress: Progress | None = None,
    *,
    mails: Sequence[Mail] | None = None,
    folds: int = FOLDS,
    overrides: Mapping[str, Any] | None = None,
) -> str:
    """Train on train and dev, save to `output` (replaced whole, at once) and return the model's version.

    `progress` hears (steps done, steps in all).  The same corpus and seed give the same model.
    `overrides` are dotted names of config.cfg; the version says nothing of them, so they are for tests and
    trials.
    """
    dealt = corpus.deal(corpus.read() if mails is None else mails)
    nlp = fitted(dealt[Split.TRAIN], dealt[Split.DEV], progress, folds=folds, overrides=overrides)
    version = nlp.meta[META] = fingerprint()
    _save(nlp, output)
    return str(version)


def fitted(
    train_mails: Sequence[Mail],
    dev_mails: Sequence[Mail],
    progress: Progress | None = None,
    *,
    folds: int = FOLDS,
    overrides: Mapping[str, Any] | None = None,
) -> Language:
    """A whole pipeline.  Dev mails choose nothing that the folds do not choose too, so the final reader
    learns from them.
    """
    both = [*train_mails, *dev_mails]
    step = _counter(progress, folds + 1, overrides)
    logits, hits = calibrate.read_unseen(both, folds, after_step=step, overrides=overrides)
    nlp = train_reader(both, dev_mails, after_step=step, overrides=overrides)
    calibrate.fit(nlp.add_pipe("rightsdesk_combiner"), both, logits, hits)  # type: ignore[arg-type]  # spaCy types a pipe as any callable
    return nlp


def _counter(progress: Progress | None, runs: int, overrides: Mapping[str, Any] | None) -> Callable[[], None]:
    config = util.load_config(CONFIG, overrides=dict(overrides or {}))
    total = runs * (int(config["training"]["max_steps"]) + 1)  # spaCy's loop counts from nought, inclusive
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(min(done, total), total)

    return step


def _save(nlp: Language, output: Path) -> None:
    """Beside it first, then in its place: nobody ever loads half a model."""
    output.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    nlp.to_disk(beside)
    beside.chmod(0o755)
    old = beside.with_name(f"{beside.name}-old")
    with suppress(FileNotFoundError):
        output.rename(old)
    beside.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _print_progress(done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        print(f"\rtraining: {100 * done // total:3d} %", end="" if done < total else "\n", flush=True)  # noqa: T201 - a command speaks to its caller


def main() -> None:
    """`python -m nlp.training.train OUTPUT`: the step of project.yml."""
    import sys  # noqa: PLC0415 - only the command looks at its arguments

    fix_random_seed(0)
    print(f"version {train(Path(sys.argv[1]), _print_progress)}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
