"""What the commands write: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

import typer

_GAP: Final = "  "


def say(text: str = "") -> None:
    """A line for people; a character that the terminal's encoding lacks is written as its escape."""
    stream = typer.get_text_stream("stdout")
    encoding = stream.encoding or "utf-8"
    typer.echo(text.encode(encoding, "backslashreplace").decode(encoding))


def complain(sentence: str) -> None:
    """A sentence on standard error, which is never part of a result."""
    stream = typer.get_text_stream("stderr")
    encoding = stream.encoding or "utf-8"
    typer.echo(sentence.encode(encoding, "backslashreplace").decode(encoding), err=True)


def put(thing: object, *, line: bool = False) -> None:
    r"""One JSON value in UTF-8 (RFC 8259), whatever the locale; half a surrogate pair becomes its \u escape.

    `line` puts it on a line of its own, for JSON lines.
    """
    text = json.dumps(thing, ensure_ascii=False, indent=None if line else 2, default=str)
    typer.echo(text.encode("utf-8", "backslashreplace"))


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns that `cut` and `grep` can live with: two spaces between, nothing wrapped, nothing dropped."""
    said = [list(titles), *([plain(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in said) for place in range(len(titles))]
    for row in said:
        say(_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def plain(text: str, *, cut: int = 0) -> str:
    """One line without control characters, so that no mail writes to the terminal in its own way."""
    line = "".join(sign if sign.isprintable() else "�" for sign in " ".join(text.split()))
    return f"{line[: cut - 1]}…" if cut and len(line) > cut else line


def paragraphs(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(plain(line) for line in text.splitlines())


def percent(share: float) -> str:
    return f"{share:.0%}"


def counted(counts: dict[str, Any]) -> str:
    """'read 3 · cases 1 · filed 2'."""
    return " · ".join(f"{name} {count}" for name, count in counts.items())
