"""What stands in the thread below a card, and the few lines for staff outside any case."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.blocks import Block, Card, section
from bot.buttons import letter_buttons
from bot.escaping import plain
from bot.incoming import bounced, joined
from bot.wordings import Texts
from cases.clock import dates_of_case
from cases.effects import StaffLine, TellStaff
from cases.model import Case, Event, EventKind, Fact, LetterKind, Outcome, Right
from cases.records import CaseFile

_HOUR: Final = 60
_CODE: Final = 60


def thread_line(event: Event, file: CaseFile, texts: Texts) -> Card:
    """Who did what, or what came in.  The time is the message's own, so it is not repeated."""
    return Card(_brief(event, texts), _blocks(event, file, texts))


def staff_line(effect: TellStaff, texts: Texts) -> Card:
    """A mail that could not be read and how to try it again; or what is out of order."""
    facts = effect.facts
    part = _part(str(facts.get("part", "")), texts)
    match effect.line:
        case StaffLine.MAIL_SET_ASIDE:
            message, error = facts.get("message"), plain(str(facts.get("error")), _CODE)
            said = texts("staff.mail_set_aside", message=message, error=error)
            brief = texts("staff.mail_set_aside_text", message=message)
        case StaffLine.TROUBLE_LASTS:
            said = texts("staff.trouble_lasts", part=part, since=_since(facts.get("since"), texts))
            brief = texts("staff.trouble_lasts_text", part=part)
        case StaffLine.TROUBLE_OVER:
            said = texts("staff.trouble_over", part=part)
            brief = texts("staff.trouble_over_text", part=part)
    return Card(brief, [section(said)])


def _blocks(event: Event, file: CaseFile, texts: Texts) -> list[Block]:
    match event.kind:
        case EventKind.MESSAGE_JOINED:
            return joined(event, file, texts)
        case EventKind.LETTER_BOUNCED:
            return bounced(event, file, texts)
        case EventKind.LETTER_FAILED | EventKind.LETTER_UNCLEAR:
            return _stuck(event, texts)
    return [section(_said(event, file.case, texts))]


def _said(event: Event, case: Case, texts: Texts) -> str:
    """One sentence of our own words; nothing that a stranger wrote goes into it."""
    match event.kind:
        case EventKind.MARKETING_STOPPED:
            return _stopped(event, texts)
        case EventKind.CASE_CLOSED:
            outcomes = _outcomes(event, texts)
            return texts("line.case_closed", who=texts.person(event.by), outcomes=outcomes)
        case EventKind.BECAME_OVERDUE:
            return _overdue(event, case, texts)
        case EventKind.LETTER_SENT:
            return _sent(event, texts)
        case EventKind.LANGUAGE_CHANGED:
            languages = {
                name: texts(f"language.{event.facts.get(name, case.language)}")
                for name in ("language", "before")
            }
            return texts("line.language_changed", who=texts.person(event.by), **languages)
    rights = texts.rights(_rights(event.facts.get("rights")) or [mine.right for mine in case.rights])
    before = texts.rights(_rights(event.facts.get("before")))
    who = texts.person(event.by)
    return texts(f"line.{event.kind.name.lower()}", who=who, rights=rights, before=before)


def _stopped(event: Event, texts: Texts) -> str:
    rights = texts.rights(_rights(event.facts.get("rights")))
    minutes = int(str(event.facts.get("minutes_after_receipt", 0)))
    days, hours = divmod(minutes // _HOUR, 24)
    if days > 1:
        after = texts.count("days", days)
    elif minutes >= 2 * _HOUR:
        after = texts.count("hours", days * 24 + hours)
    else:
        after = texts.count("minutes", minutes)
    return texts("line.marketing_stopped", who=texts.person(event.by), rights=rights, after=after)


def _outcomes(event: Event, texts: Texts) -> str:
    told = [(right, event.facts.get(f"outcome_{right.value}")) for right in Right]
    return ", ".join(
        texts(
            "outcomes.right",
            right=texts.right(right),
            outcome=texts(f"outcome.{Outcome(str(outcome)).value}"),
        )
        for right, outcome in told
        if outcome
    )


def _overdue(event: Event, case: Case, texts: Texts) -> str:
    found = dates_of_case(case)
    late = texts.local_day(event.at) > found.statutory_due
    key = "line.became_overdue_statute" if late else "line.became_overdue"
    return texts(key, promise=texts.day(found.promise_due), statute=texts.day(found.statutory_due))


def _sent(event: Event, texts: Texts) -> str:
    if event.facts.get("found_out"):
        return texts("line.letter_decided_arrived", who=texts.person(event.by))
    kind = LetterKind(str(event.facts.get("kind", LetterKind.ACKNOWLEDGEMENT)))
    key = "line.letter_kept" if event.facts.get("kept_here") else "line.letter_sent"
    return texts(key, letter=texts(f"letter.{kind.value}"))


def _stuck(event: Event, texts: Texts) -> list[Block]:
    """A letter that did not leave, or may have: a person decides with a button."""
    unclear = event.kind is EventKind.LETTER_UNCLEAR
    error = plain(str(event.facts.get("error") or "?"), _CODE)
    said = section(texts("line.letter_unclear" if unclear else "line.letter_failed", error=error))
    letter = event.facts.get("letter")
    if not isinstance(letter, int):
        return [said]
    return [said, letter_buttons(event.reference, letter, texts, unclear=unclear)]


def _brief(event: Event, texts: Texts) -> str:
    return texts("line.text", reference=event.reference, what=texts(f"brief.{event.kind.name.lower()}"))


def _rights(told: Fact) -> list[Right]:
    return [Right(name) for name in told] if isinstance(told, list) else []


def _part(part: str, texts: Texts) -> str:
    return texts(f"part.{part}") if texts.has(f"part.{part}") else texts("part.other")


def _since(told: Fact, texts: Texts) -> str:
    """The store keeps it as ISO 8601."""
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return texts("staff.unknown_since")
    return texts("moment.since", day=texts.day(texts.local_day(at)), time=texts.time(at))
