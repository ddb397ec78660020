"""From the text of a letter to lines of a width that mail programs leave alone (RFC 3676: at most 78).

The manners of the files: a blank line ends a paragraph; a line that begins with '- ' is an item of a
list, one with '| ' stays a line of its own (addresses), one with '# ' is a heading.
"""

from __future__ import annotations

import re
from textwrap import wrap
from typing import Final

WIDTH: Final = 72
_ITEM: Final = "- "
_KEPT: Final = "| "
_HEADING: Final = "# "


def laid_out(text: str) -> str:
    """The letter's body: paragraphs filled to the width, a blank line between them, a newline at the end."""
    paragraphs = [part for part in re.split(r"\n(?:[ \t]*\n)+", text) if part.strip()]
    return "\n\n".join("\n".join(_lines(part)) for part in paragraphs) + "\n"


def _lines(paragraph: str) -> list[str]:
    lines: list[str] = []
    for run in _runs(paragraph):
        if run.startswith(_KEPT):
            lines.append(run.removeprefix(_KEPT).rstrip())
        elif run.startswith(_HEADING):
            heading = run.removeprefix(_HEADING).strip()
            lines += [heading, "-" * len(heading)]
        else:
            lines += _filled(run)
    return lines


def _runs(paragraph: str) -> list[str]:
    """Lines that belong together: an item or running text is one; a kept line or heading stands alone."""
    runs: list[str] = []
    for line in paragraph.split("\n"):
        stands_alone = line.startswith((_ITEM, _KEPT, _HEADING))
        after_alone = not runs or runs[-1].startswith((_KEPT, _HEADING))
        if stands_alone or after_alone:
            runs.append(line)
        elif line.strip():
            runs[-1] += " " + line.strip()
    return [run for run in runs if run.strip()]


def _filled(run: str) -> list[str]:
    indent = "  " if run.startswith(_ITEM) else ""
    return wrap(
        run, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, tabsize=1
    )
