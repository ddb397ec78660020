"""What voices say of mails that they never saw: each fold is read by those that learned from the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from threadpoolctl import threadpool_limits

from nlp.pipeline.combiner import READER, Voices, heard
from nlp.training.convert import bearer, truth
from nlp.training.corpus import Mail, share
from nlp.training.reader import train_reader
from nlp.training.words import fit_words

Step = Callable[[], None]
Overrides = Mapping[str, Any] | None

WORDS: Final = "rightsdesk_words"
#: So many folds are learned at a time, each in a process of its own.
PROCESSES: Final = min(2, os.cpu_count() or 1)
_LOOK_EVERY: Final = 0.2  #: seconds

#: In a process that learns folds: the steps done by all of them together.
_steps: Any = None


def learned(mails: Sequence[Mail], after_step: Step, overrides: Overrides) -> Language:
    """A pipeline with reader and words, fitted to these mails."""
    with threadpool_limits(1):  # several run at a time, and their threads would fight for the processors
        nlp = train_reader(mails, after_step=after_step, overrides=overrides)
        words: Any = nlp.add_pipe(WORDS)
        fit_words(words, [mail.whole for mail in mails], truth(mails))
    return nlp


@contextmanager
def reading_unseen(
    mails: Sequence[Mail], folds: int, processes: int, after_step: Step, overrides: Overrides
) -> Iterator[Callable[[], Voices]]:
    """Begin to learn the folds beside whatever the body does; the call that it is given waits for them.

    With one process they are learned at that call, in this process.
    """
    fold_of = np.array([int(share(mail.family, "folds") * folds) for mail in mails])
    parts = [_parted(mails, fold_of == fold) for fold in range(folds)]
    if processes == 1:
        yield lambda: _together(fold_of, [_read(*part, after_step, overrides) for part in parts])
        return
    context = get_context("spawn")  # a fork would copy the progress bar's thread halfway
    counter = context.Value("q", 0)
    with ProcessPoolExecutor(processes, context, _enter, (counter,)) as pool:
        running = [pool.submit(_read, *part, _tick, dict(overrides or {})) for part in parts]
        yield lambda: _together(fold_of, _waited_for(running, counter, after_step))


def _parted(mails: Sequence[Mail], chosen: NDArray[np.bool_]) -> tuple[list[Mail], list[Mail]]:
    """The others, and those of the fold."""
    pairs = list(zip(mails, chosen, strict=True))
    return [mail for mail, mine in pairs if not mine], [mail for mail, mine in pairs if mine]


def _read(seen: Sequence[Mail], unseen: Sequence[Mail], after_step: Step, overrides: Overrides) -> Voices:
    nlp = learned(seen, after_step, overrides)
    reader: Any = nlp.get_pipe(READER)
    words: Any = nlp.get_pipe(WORDS)
    docs = list(reader.pipe(bearer(nlp, mail.whole) for mail in unseen))
    for doc, mail in zip(docs, unseen, strict=True):
        words.hear(doc, mail.whole)
    return heard(docs)


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
