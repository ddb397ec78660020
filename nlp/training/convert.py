"""Turns mails into spaCy's DocBin files, and DocBin files into examples that are ready to be learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import registry

from nlp.pipeline.combiner import COLUMNS
from nlp.training.corpus import Mail, choosing, judging, read
from nlp.training.material import truth


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
def examples_of(path: Path) -> Callable[[Language], Iterator[Example]]:
    """Examples of whole mails; spaCy makes the layers from them."""

    def examples(nlp: Language) -> Iterator[Example]:
        for reference in DocBin().from_disk(path).get_docs(nlp.vocab):
            yield Example(nlp.make_doc(reference.text), reference)

    return examples


def main() -> None:
    """`python -m nlp.training.convert`: the step of project.yml."""
    folder = Path(__file__).parent / "corpus"
    for split, mails in {"train": list(read()), "dev": choosing(), "test": judging()}.items():
        write(mails, folder / f"{split}.spacy")
        print(f"{split}: {len(mails)} mails")  # noqa: T201 - a command speaks to its caller


if __name__ == "__main__":
    main()
