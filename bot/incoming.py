"""Messages that join a case, as the thread shows them: a stranger's words, quoted and cut, obeyed never."""

from __future__ import annotations

from typing import Final

from bot.blocks import Block, context, quote, rich, section
from bot.escaping import masked, quoted
from bot.wordings import Texts
from cases.messages import Automatic
from cases.model import Event, Fact, Right
from cases.records import CaseFile, FiledAs, FiledMessage

#: Characters of a message that are shown; a post as a whole fails near 13,000.
QUOTED: Final = 2500
_BOUNCE: Final = 600


def joined(event: Event, file: CaseFile, texts: Texts) -> list[Block]:
    """Who wrote, the words, and what they seem to ask beyond the case."""
    if opened := event.facts.get("opened"):
        return [section(texts("line.opened_anew", opened=opened))]
    message = _message(event, file)
    if message is None:
        return [section(texts("line.message_gone"))]
    return [
        section(_introduced(message, event, texts)),
        *_words(message, QUOTED, texts, event.reference),
        *_also(event, file, texts),
    ]


def bounced(event: Event, file: CaseFile, texts: Texts) -> list[Block]:
    """Our letter came back; the post's own words say why."""
    message = _message(event, file)
    said = section(texts("line.letter_bounced"))
    return [said, *(_words(message, _BOUNCE, texts, event.reference) if message else [])]


def _message(event: Event, file: CaseFile) -> FiledMessage | None:
    return next((one for one in file.messages if one.id == event.facts.get("message")), None)


def _introduced(message: FiledMessage, event: Event, texts: Texts) -> str:
    moment = texts.instant(message.received_at)
    match message.filed_as:
        case FiledAs.STRANGER:
            address = masked(message.sender_address) or texts("card.no_address")
            return texts("line.stranger", address=_unmarked(address), moment=moment)
        case FiledAs.MACHINE:
            return texts("line.machine", kind=_machine(event.facts.get("automatic"), texts), moment=moment)
        case FiledAs.REPLY | FiledAs.REQUEST:
            return texts("line.reply", moment=moment)
    return texts("line.other", moment=moment)


def _unmarked(address: str) -> str:
    """A masked address in mrkdwn: only its first letters are left, and those are made harmless."""
    return address.translate({ord(mark): "·" for mark in "*_~`|"})


def _machine(told: Fact, texts: Texts) -> str:
    kind = Automatic(str(told)) if told else Automatic.AUTO_REPLY
    return texts(f"automatic.{kind.value}")


def _words(message: FiledMessage, limit: int, texts: Texts, reference: str) -> list[Block]:
    said = quoted(message.text, limit)
    if not said:
        return [context(texts("line.no_words"))]
    shortened = len(message.text) > limit or said.endswith("…")
    note = [context(texts("line.shortened", reference=reference))] if shortened else []
    return [rich(quote(said)), *note]


def _also(event: Event, file: CaseFile, texts: Texts) -> list[Block]:
    told = event.facts.get("also")
    rights = [Right(name) for name in told] if isinstance(told, list) else []
    if not rights:
        return []
    key = "line.also" if file.case.is_live else "line.also_closed"
    return [section(texts(key, rights=texts.rights(rights)))]
