"""The card of a case: a function of its file, redrawn from the record whenever something happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from bot.blocks import Block, Card, context, header, paragraph, quote, rich, section, words
from bot.buttons import case_buttons, may_undo, to_stop
from bot.escaping import masked, one_line, quoted
from bot.wordings import Texts
from cases.clock import dates_of_case
from cases.model import Case, CaseRight, Status
from cases.reasons import reasons
from cases.records import CaseFile, FiledAs
from cases.wording import by_channel

__all__ = ["Card", "case_card", "standing"]

_NAME: Final = 120
_EVIDENCE: Final = 400
_MESSAGE: Final = 900


def case_card(file: CaseFile, *, now: datetime, today: date, texts: Texts, undo: timedelta) -> Card:
    """What an agent needs to decide, and the buttons that are lawful now.  `today` is the local date."""
    case = file.case
    stands = standing(case, texts)
    blocks = [
        context(texts("card.context", reference=case.reference, status=stands)),
        header(texts("card.doubt_title" if asks(case) else "card.title", rights=_named(case, texts))),
        _requester(case, texts),
        *_doubt(file, texts),
        _rights(case, texts),
        section(_clocks(case, texts, today)),
        *_stop(case, texts),
        section(_standing_lines(case, texts, stands)),
        context("\n".join(_story(file, texts, now, undo))),
        case_buttons(file, texts, undo),
    ]
    return Card(texts("card.text", reference=case.reference, status=stands), blocks)


def asks(case: Case) -> bool:
    """The classifier was not sure, and nobody has looked yet."""
    return case.doubtful and case.status is Status.PROPOSED


def standing(case: Case, texts: Texts) -> str:
    """The status in words, with how it ended when it did."""
    if case.status is Status.CLOSED and case.outcome is not None:
        return texts("card.closed", outcome=texts(f"outcome.{case.outcome.value}"))
    return texts(f"status.{case.status.value}")


def _named(case: Case, texts: Texts) -> str:
    return texts.rights(mine.right for mine in case.rights)


def _doubt(file: CaseFile, texts: Texts) -> list[Block]:
    """What to do with a card that asks, and the message itself: one sentence of it is not enough to judge."""
    if not asks(file.case):
        return []
    opening = next((one.text for one in file.messages if one.filed_as is FiledAs.REQUEST), "")
    said = quoted(opening, _MESSAGE)
    stands_below = said in {quoted(mine.evidence, _EVIDENCE) for mine in file.case.rights}
    return [section(texts("card.doubt")), *([rich(quote(said))] if said and not stands_below else [])]


def _passed(case: Case, due: date, today: date, texts: Texts) -> str:
    """What follows a date that nobody met.  No days are counted: a card is not redrawn every night."""
    return texts("card.passed") if case.is_live and today > due else ""


def _requester(case: Case, texts: Texts) -> Block:
    name = one_line(case.requester.name, _NAME) or texts("card.nameless")
    address = masked(case.requester.address) or texts("card.no_address")
    received = texts(
        "card.received",
        channel=by_channel(case.channel, texts.language),
        day=texts.day(case.received_on),
        time=texts.time(case.received_at),
    )
    return rich(paragraph(words(texts("card.from"), bold=True), words(f"{name} ({address})\n{received}")))


def _rights(case: Case, texts: Texts) -> Block:
    """Each right with its score, and below it the sentence that made the classifier think of it."""
    parts: list[Block] = []
    for mine in case.rights:
        parts.append(_right(case, mine, texts))
        if said := quoted(mine.evidence, _EVIDENCE):
            parts.append(quote(said))
    return rich(*parts)


def _right(case: Case, mine: CaseRight, texts: Texts) -> Block:
    score = "card.by_agent" if mine.score is None else "card.score"
    facts = [texts(score, percent=min(99, round((mine.score or 0.0) * 100)))]
    if mine.received_on != case.received_on:
        facts.append(texts("card.own_clock", day=texts.short_day(mine.received_on)))
    if mine.stopped_at is not None:
        facts.append(texts("card.stopped", moment=texts.instant(mine.stopped_at)))
    if mine.outcome is not None:
        facts.append(texts(f"outcome.{mine.outcome.value}"))
    named = words(texts.right(mine.right), bold=True)
    return paragraph(named, words(f" · {' · '.join(facts)}"))


def _clocks(case: Case, texts: Texts, today: date) -> str:
    """Both dates with their basis; how far away they are only while the clocks run."""
    found = dates_of_case(case)
    why = reasons(found, texts.language, case.pauses, extended=case.extended)
    promise, statute = found.promise_due, found.statutory_due
    return "\n".join(
        [
            texts(
                "card.promise",
                day=texts.day(promise),
                passed=_passed(case, promise, today, texts),
                reason=texts("card.reason", reason=why["promise_due"]),
            ),
            texts(
                "card.statute",
                day=texts.day(statute),
                passed=_passed(case, statute, today, texts),
                reason=texts("card.reason", reason=why["statutory_due"]),
            ),
        ]
    )


def _stop(case: Case, texts: Texts) -> list[Block]:
    waiting = to_stop(case)
    if not waiting or not case.is_live:
        return []
    key = "card.stop_now" if case.status is Status.OPEN else "card.stop_soon"
    return [section(texts(key, rights=texts.rights(waiting)))]


def _standing_lines(case: Case, texts: Texts, stands: str) -> str:
    assignee = texts.person(case.assignee) if case.assignee else texts("card.unassigned")
    return texts("card.status", status=stands) + "\n" + texts("card.assignee", assignee=assignee)


def _story(file: CaseFile, texts: Texts, now: datetime, undo: timedelta) -> list[str]:
    """Who moved it last, and what became of our letter."""
    case = file.case
    if case.last is None:
        kind, by, at = "case_proposed", texts("person.rights_desk"), case.received_at
    else:
        kind, by, at = case.last.kind.name.lower(), texts.person(case.last.by), case.last.at
    lines = [texts(f"did.{kind}", who=by, moment=texts.instant(at))]
    if case.unanswerable is not None:
        lines.append(texts("card.no_letter", why=texts(f"automatic.{case.unanswerable.value}")))
    if file.letters_owed:
        lines.append(_waiting(file, texts, now, undo))
    if file.letters:
        lines.append(_last_letter(file, texts))
    return lines


def _waiting(file: CaseFile, texts: Texts, now: datetime, undo: timedelta) -> str:
    until = min(file.letters_owed)
    if until <= now:
        return texts("card.letter_leaves")
    key = "card.letter_waits_undo" if may_undo(file, undo) else "card.letter_waits"
    return texts(key, time=texts.time(until))


def _last_letter(file: CaseFile, texts: Texts) -> str:
    letter = file.letters[-1]
    named = texts(f"letter.{letter.kind.value}")
    if letter.sent_at is None:
        return texts("card.letter_unsure", letter=named)
    return texts("card.last_letter", letter=named, moment=texts.instant(letter.sent_at))
