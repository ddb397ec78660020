"""The whole training: a reader per fold, the combiner on what they said, the final reader, one saved
pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from spacy import util
from spacy.language import Language
from thinc.api import fix_random_seed

from nlp.pipeline.combiner import heard
from nlp.training import calibrate, corpus, shelf
from nlp.training.corpus import Mail
from nlp.training.fingerprint import BASE, EXAMPLES, META, fingerprint, version_with
from nlp.training.folds import PROCESSES, learned, reading_unseen
from nlp.training.reader import CONFIG

Progress = Callable[[int, int], None]
#: Voices of half the corpus teach the combiner as well as those of two thirds, in two thirds of the time.
FOLDS: Final = 2


def train(
    place: Path,
    progress: Progress | None = None,
    *,
    mails: Sequence[Mail] | None = None,
    folds: int = FOLDS,
    processes: int = PROCESSES,
    overrides: Mapping[str, Any] | None = None,
) -> str:
    """Train on the corpus, lay the model on the shelf beside `place`, take it into use, return its version.

    `progress` hears (steps done, steps in all).  The same corpus and seed give the same model.
    `overrides` are dotted names of config.cfg; the version says nothing of them, so they are for tests and
    trials.
    """
    learned_from = list(corpus.read()) if mails is None else mails
    nlp = fitted(learned_from, progress, folds=folds, processes=processes, overrides=overrides)
    folder = laid_down(nlp, place)
    shelf.use(place, folder.name)
    return folder.name


def laid_down(nlp: Language, place: Path, examples: Sequence[Mail] = ()) -> Path:
    """A fitted pipeline on the shelf beside `place`, with its version; not in use yet.  Its folder."""
    nlp.meta[META] = version = version_with(examples)
    nlp.meta[BASE], nlp.meta[EXAMPLES] = fingerprint(), len(examples)
    return shelf.lay_down(nlp, place, version)


def fitted(
    mails: Sequence[Mail],
    progress: Progress | None = None,
    *,
    folds: int = FOLDS,
    processes: int = PROCESSES,
    overrides: Mapping[str, Any] | None = None,
) -> Language:
    """A whole pipeline.  The combiner learns from what was said of unseen mails; thresholds: calibrate.py."""
    step = _counter(progress, folds + 1, overrides)
    with reading_unseen(mails, folds, processes, step, overrides) as (material, unseen):
        nlp = learned(material, step, overrides)
        dev = corpus.choosing()
        of_dev = heard(list(nlp.pipe(mail.whole for mail in dev)))
        voices = unseen()
    combiner: Any = nlp.add_pipe("rightsdesk_combiner")
    calibrate.weigh(combiner, mails, voices)
    calibrate.choose(combiner, dev, of_dev)
    return nlp


def with_examples(examples: Sequence[Mail]) -> list[Mail]:
    """The corpus, and what agents decided besides."""
    return [*corpus.read(), *examples]


def _counter(progress: Progress | None, runs: int, overrides: Mapping[str, Any] | None) -> Callable[[], None]:
    config = util.load_config(CONFIG, overrides=dict(overrides or {}))
    total = runs * int(config["reader"]["rounds"])
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(min(done, total), total)

    return step


def _print_progress(done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        print(f"\rtraining: {100 * done // total:3d} %", end="" if done < total else "\n", flush=True)  # noqa: T201 - a command speaks to its caller


def main() -> None:
    """`python -m nlp.training.train PLACE`: the step of project.yml."""
    import sys  # noqa: PLC0415 - only the command looks at its arguments

    fix_random_seed(0)
    print(f"version {train(Path(sys.argv[1]), _print_progress)}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
