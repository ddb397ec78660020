"""Which language detector: accuracy on short messages and on mails, memory, loading and speed.

`python -m tests.bench.languages`.  Ours and lingua alone are always measured; py3langid and langdetect
when they are installed, which the product does not need.  Each runs in a process of its own, so that memory
is its own.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
import tomllib
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from nlp.training.corpus import judging

Detect = Callable[[str], str]

SHORT: Final = Path(__file__).with_name("short_sentences.toml")
_KNOWN: Final = frozenset({"nl", "en"})
_MAILS: Final = 200


@dataclass(frozen=True, slots=True)
class Measured:
    short: Mapping[str, float]  #: language -> share told right of the short messages
    mails: float  #: the same of whole mails, Dutch and English
    memory: float  #: megabytes that loading and using it added
    loading: float  #: seconds until the first answer
    each: float  #: seconds per message


def _ours() -> Detect:
    from nlp.language import detect

    return lambda text: detect(text).value


def _lingua(*, precise: bool) -> Detect:
    from lingua import Language, LanguageDetectorBuilder

    few = (Language.DUTCH, Language.ENGLISH, Language.GERMAN, Language.FRENCH)
    builder = LanguageDetectorBuilder.from_languages(*few)
    detector = (builder if precise else builder.with_low_accuracy_mode()).build()

    def told(text: str) -> str:
        found = detector.detect_language_of(text)
        return "other" if found is None else found.iso_code_639_1.name.lower()

    return told


def _py3langid() -> Detect:
    import py3langid  # type: ignore[import-not-found]

    py3langid.set_languages(["nl", "en", "de", "fr"])
    return lambda text: str(py3langid.classify(text)[0])


def _langdetect() -> Detect:
    import langdetect  # type: ignore[import-not-found]

    langdetect.DetectorFactory.seed = 0

    def told(text: str) -> str:
        try:
            return str(langdetect.detect(text))
        except langdetect.LangDetectException:
            return "other"

    return told


DETECTORS: Final[Mapping[str, tuple[str, Callable[[], Detect]]]] = {
    "ours: lingua, five languages, small words": ("lingua", _ours),
    "lingua, four languages, low accuracy": ("lingua", lambda: _lingua(precise=False)),
    "lingua, four languages, high accuracy": ("lingua", lambda: _lingua(precise=True)),
    "py3langid, four languages": ("py3langid", _py3langid),
    "langdetect": ("langdetect", _langdetect),
}


def measure(name: str) -> Measured:
    messages = {
        language: [line for line in lines.splitlines() if line]
        for language, lines in tomllib.loads(SHORT.read_text(encoding="utf-8")).items()
    }
    mails = [(mail.lang, mail.text) for mail in judging()][:_MAILS]
    before, began = _megabytes(), time.perf_counter()
    detect = DETECTORS[name][1]()
    detect(messages["nl"][0])
    loading = time.perf_counter() - began
    began = time.perf_counter()
    short = {
        language: sum(_plain(detect(line)) == language for line in lines) / len(lines)
        for language, lines in messages.items()
    }
    right = sum(detect(text) == language for language, text in mails)
    each = (time.perf_counter() - began) / (len(mails) + sum(map(len, messages.values())))
    return Measured(short, right / len(mails), _megabytes() - before, loading, each)


def _plain(language: str) -> str:
    return language if language in _KNOWN else "other"


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def told(name: str, one: Measured) -> str:
    short = ", ".join(f"{language} {share:.2f}" for language, share in one.short.items())
    return (
        f"{name}: short messages {short}; mails {one.mails:.3f}; "
        f"{one.memory:.0f} MB, {1e3 * one.loading:.0f} ms to load, {1e3 * one.each:.2f} ms a message"
    )


def main() -> None:
    for name, (package, _) in DETECTORS.items():
        if importlib.util.find_spec(package) is None:
            print(f"{name}: not installed", file=sys.stderr)  # noqa: T201 - a command speaks to its caller
            continue
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            print(told(name, alone.submit(measure, name).result()))  # noqa: T201 - as above


if __name__ == "__main__":
    main()
