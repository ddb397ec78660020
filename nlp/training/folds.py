"""What voices say of mails that they never saw: each fold is read by those that learned from the others."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from nlp.pipeline.combiner import READER, Voices, heard
from nlp.pipeline.passages import keep
from nlp.pipeline.words import LOGITS, WORDS
from nlp.training import material
from nlp.training.corpus import Mail
from nlp.training.material import Chosen, Material, truth
from nlp.training.reader import train_reader
from nlp.training.words import fit_words, said_of

Step = Callable[[], None]
Overrides = Mapping[str, Any] | None

#: So many folds are learned at a time, each in a process of its own.
PROCESSES: Final = min(2, os.cpu_count() or 1)
_LOOK_EVERY: Final = 0.2  #: seconds

#: In a process that learns folds: the steps done by all of them together.
_steps: Any = None


def learned(known: Material, after_step: Step, overrides: Overrides) -> Language:
    """A pipeline with reader and words, fitted to these mails."""
    with threadpool_limits(1):  # several run at a time, and their threads would fight for the processors
        nlp = train_reader(known.passages, known.answers, after_step=after_step, overrides=overrides)
        words: Any = nlp.add_pipe(WORDS)
        fit_words(words, known.counts, known.answers)
    return nlp


@contextmanager
def reading_unseen(
    mails: Sequence[Mail], folds: int, processes: int, after_step: Step, overrides: Overrides
) -> Iterator[tuple[Material, Callable[[], Voices]]]:
    """Begin to learn the folds beside whatever the body does; the call that it is given waits for them.

    The body gets what all of them learn from, too.  With one process they are learned at that call, in this
    process.
    """
    fold_of = np.array([int(_share(mail.family) * folds) for mail in mails])
    texts = [mail.whole for mail in mails]
    if processes == 1:
        found = Material(material.read(texts), material.counted(texts), truth(mails))
        yield (
            found,
            lambda: _together(
                fold_of, [_read(found, *part, after_step, overrides) for part in _parts(fold_of)]
            ),
        )
        return
    context = get_context("spawn")  # a fork would copy the progress bar's thread halfway
    counter = context.Value("q", 0)
    with TemporaryDirectory() as folder, ProcessPoolExecutor(processes, context, _enter, (counter,)) as pool:
        passages, counts = pool.submit(material.read, texts), pool.submit(material.counted, texts)
        found = Material(passages.result(), counts.result(), truth(mails))
        kept = Path(folder) / "material"
        kept.write_bytes(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
        running = [pool.submit(_read_kept, kept, *part, dict(overrides or {})) for part in _parts(fold_of)]
        yield found, lambda: _together(fold_of, _waited_for(running, counter, after_step))


def _share(family: str) -> float:
    """A number 0..1 that depends on the family's name alone, the same on every machine."""
    digest = blake2b(f"folds:{family}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _parts(fold_of: Chosen) -> list[tuple[Chosen, Chosen]]:
    """Per fold the others' mails, and its own."""
    return [
        (np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold))
        for fold in range(fold_of.max() + 1)
    ]


def _read_kept(kept: Path, seen: Chosen, unseen: Chosen, overrides: Overrides) -> Voices:
    return _read(_opened(kept), seen, unseen, _tick, overrides)


@cache
def _opened(kept: Path) -> Material:
    found: Material = pickle.loads(kept.read_bytes())  # noqa: S301 - this training wrote it a moment ago
    return found


def _read(found: Material, seen: Chosen, unseen: Chosen, after_step: Step, overrides: Overrides) -> Voices:
    nlp = learned(found.of(seen), after_step, overrides)
    reader: Any = nlp.get_pipe(READER)
    words: Any = nlp.get_pipe(WORDS)
    judged = found.of(unseen)
    docs = [_bearer(nlp, passages) for passages in judged.passages]
    for doc, logits in zip(reader.pipe(docs), said_of(words, judged.counts), strict=True):
        doc.user_data[LOGITS] = logits
    return heard(docs)


def _bearer(nlp: Language, passages: Any) -> Doc:
    """A Doc of one word that bears a mail's passages, which are all that reader and combiner look at."""
    doc = Doc(nlp.vocab, words=["mail"])
    keep(doc, passages)
    return doc


def _together(fold_of: NDArray[np.int64], told: Sequence[Voices]) -> Voices:
    """In the order of the mails again."""
    order = np.argsort(np.concatenate([np.flatnonzero(fold_of == fold) for fold in range(len(told))]))
    return Voices(
        reader=np.concatenate([one.reader for one in told])[order],
        words=np.concatenate([one.words for one in told])[order],
        hits=np.concatenate([one.hits for one in told])[order],
    )


def _waited_for(running: Sequence[Future[Voices]], counter: Any, after_step: Step) -> list[Voices]:
    told = 0
    while True:
        done, waiting = wait(running, timeout=_LOOK_EVERY)
        for _ in range(counter.value - told):
            after_step()
        told = max(told, counter.value)
        if not waiting or any(one.exception() for one in done):
            return [one.result() for one in running]


def _enter(counter: Any) -> None:
    global _steps  # noqa: PLW0603 - handed to each process once, when it starts
    _steps = counter


def _tick() -> None:
    with _steps.get_lock():
        _steps.value += 1
