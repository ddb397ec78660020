"""Turns mails into spaCy's DocBin files, and DocBin files into examples that are ready to be learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import registry

from nlp.pipeline.combiner import COLUMNS, RIGHTS, Floats
from nlp.pipeline.passages import Passages, keep, passages_of
from nlp.training.corpus import Mail, Split, deal, judging, read

#: Text -> its passages, while one training lasts: every fold reads every mail.
_found: dict[str, Passages] = {}


def truth(mails: Sequence[Mail]) -> Floats:
    """(mails x columns), 0 or 1; the last column is any right at all."""
    rows = [[right in mail.labels for right in RIGHTS] + [bool(mail.labels)] for mail in mails]
    return np.array(rows, dtype=np.float64)


def write(mails: Iterable[Mail], path: Path) -> None:
    """One Doc per mail with its categories; the order of the mails is kept."""
    nlp = spacy.blank("xx")
    kept = DocBin()
    for mail in mails:
        doc = Doc(
            nlp.vocab, words=[mail.whole], spaces=[False]
        )  # one word: it is read later, when it is needed
        doc.cats = dict(zip(COLUMNS, truth([mail])[0].tolist(), strict=True))
        kept.add(doc)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept.to_disk(path)


@registry.readers("rightsdesk.Mails.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def mails(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Examples whose passages are found once, not again in each epoch."""

    def examples(nlp: Language) -> Iterator[Example]:
        for doc in DocBin().from_disk(path).get_docs(nlp.vocab):
            predicted, reference = bearer(nlp, doc.text), bearer(nlp, doc.text)
            reference.cats = doc.cats
            yield Example(predicted, reference)

    return examples


def bearer(nlp: Language, text: str) -> Doc:
    """A Doc of one word that bears a mail's passages, which are all that reader and combiner look at.

    spaCy's loop copies every Doc before every step; copying whole mails took two thirds of the training time.
    """
    if text not in _found:
        doc = nlp.make_doc(text)
        for (
            name,
            mark,
        ) in nlp.components:  # not `pipeline`: spaCy disables the frozen ones while it initializes
            if name.startswith("rightsdesk_"):
                doc = mark(doc)
        _found[text] = passages_of(doc)
    made = Doc(nlp.vocab, words=["mail"])
    keep(made, _found[text])
    return made


def forget() -> None:
    """The training is over."""
    _found.clear()


def main() -> None:
    """`python -m nlp.training.convert`: the step of project.yml."""
    folder = Path(__file__).parent / "corpus"
    for split, dealt in (deal(read()) | {Split.TEST: judging()}).items():
        write(dealt, folder / f"{split}.spacy")
        print(f"{split}: {len(dealt)} mails")  # noqa: T201 - a command speaks to its caller


if __name__ == "__main__":
    main()
