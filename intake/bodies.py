"""Parts -> the text a person reads, and everything else as attachments.  Total."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from cases.messages import Attachment
from intake.attachments import attachment_of
from intake.charsets import decode_octets
from intake.markup import text_of_html
from intake.parts import Part

MAX_TEXT: Final = 200_000  #: characters of the whole text
_TEXTS: Final = frozenset({"text/plain", "text/html", "text/enriched", "text/x-amp-html"})
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BLANKS: Final = re.compile(r"\n(?:[ \t\xa0]*\n){3,}")
_HTML_START: Final = re.compile(r"\s*<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
#: what mailers put where the text should be: "this message needs an HTML reader"
_EXCUSE: Final = re.compile(r"\bhtml\b", re.IGNORECASE)
_EXCUSE_LENGTH: Final = 300


@dataclass(slots=True)
class Body:
    """What was found in a mail so far."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text parts in order, each once; at most 200,000 characters, and a fault says so."""
        once = dict.fromkeys(text for text in self.texts if text.strip())
        whole = "\n\n".join(once)
        if len(whole) > MAX_TEXT:
            self.faults.append("text cut: it was too long")
        return whole[:MAX_TEXT].strip()


def read_body(root: Part) -> Body:
    """Walk the parts as a mail reader would (RFC 2046): the text, the attachments, what was wrong."""
    body = Body()
    _read(root, body, is_root=True)
    if body.attachments and not any(text.strip() for text in body.texts):
        body.faults.append("no text but attachments")
    return body


def text_of_part(part: Part, faults: list[str]) -> str:
    """The text of a text part, HTML or plain; clean of what cannot be stored or shown."""
    octets = part.octets[: MAX_TEXT * 8]
    text, as_declared = decode_octets(octets, part.charset)
    if not as_declared:
        faults.append("charset was not as declared")
    if part.media_type in {"text/html", "text/x-amp-html"} or _HTML_START.match(text):
        text = text_of_html(text)
    elif part.is_flowed:
        text = unflow(text, deletes_space=part.deletes_space)
    return tidy(text)


def tidy(text: str) -> str:
    """One kind of line end, no control characters or turned directions, no runs of empty lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    text = "\n".join(line.rstrip() for line in _CONTROL.sub("", text).split("\n"))
    return _BLANKS.sub("\n\n\n", text).strip()


def unflow(text: str, *, deletes_space: bool) -> str:
    """Lines that were only wrapped for the way, joined again (RFC 3676); the depth of quoting is kept."""
    lines: list[str] = []
    open_depth = -1  #: of the paragraph that goes on; -1 for none
    for raw in text.replace("\r\n", "\n").split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        # a space is stuffed before what would look like a quote; there it stays, or it would become one
        content = bare if bare.startswith(" >") else bare.removeprefix(" ")
        is_signature = content == "-- "
        goes_on = content.endswith(" ") and not is_signature
        content = content[:-1] if goes_on and deletes_space else content
        if depth == open_depth and not is_signature:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        open_depth = depth if goes_on else -1
    return "\n".join(lines)


def _read(part: Part, body: Body, *, is_root: bool = False) -> None:
    if part.media_type in {"message/rfc822", "message/global"} and part.children:
        body.attachments.append(attachment_of(part, _text_of_mail(part)))
    elif part.media_type == "multipart/alternative" and part.children:
        _read_alternative(part, body)
    elif part.children and not part.media_type.startswith("message/"):
        for child in part.children:
            _read(child, body)
    elif _is_text(part, is_root=is_root):
        body.texts.append(text_of_part(part, body.faults))
    else:
        text = text_of_part(part, []) if part.media_type.startswith("text/") else ""
        body.attachments.append(attachment_of(part, text))


def _is_text(part: Part, *, is_root: bool) -> bool:
    """Whether it is shown in the mail itself, rather than beside it.

    A container without its boundary arrives as one leaf; its text is in there somewhere.
    """
    if part.media_type.startswith("multipart/") or (is_root and part.media_type == "message/rfc822"):
        return True
    if part.media_type not in _TEXTS:
        return False
    return not part.name and (is_root or part.disposition != "attachment")


def _read_alternative(part: Part, body: Body) -> None:
    """The plainest of several forms of the same text that says something."""
    forms = []
    for child in part.children:
        form = Body()
        _read(child, form)
        body.attachments += form.attachments
        body.faults += form.faults
        if any(text.strip() for text in form.texts):
            is_plain = child.media_type == "text/plain"
            forms.append((is_plain, form.texts))
    plain = next((texts for is_plain, texts in forms if is_plain), None)
    rich = next((texts for is_plain, texts in reversed(forms) if not is_plain), None)
    if plain is not None and not (rich is not None and _is_excuse(plain, rich)):
        body.texts += plain
    elif rich is not None:
        body.texts += rich


def _is_excuse(plain: list[str], rich: list[str]) -> bool:
    short, long = "".join(plain), "".join(rich)
    return len(short) < _EXCUSE_LENGTH and len(long) > len(short) and bool(_EXCUSE.search(short))


def _text_of_mail(part: Part) -> str:
    """The text of a mail inside a mail, and of what came with that."""
    inner = Body()
    for child in part.children:
        _read(child, inner, is_root=True)
    inner.texts += [attachment.text for attachment in inner.attachments]
    return inner.text
