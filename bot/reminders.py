"""One nudge for one case, with the next step.  No personal data: it stands in a channel that others read."""

from __future__ import annotations

from datetime import date

from bot.blocks import Card, context, section
from bot.buttons import to_stop
from bot.wordings import Texts
from cases.clock import dates_of_case
from cases.model import Case, Nudge, Status


def reminder(case: Case, nudge: Nudge, day: date, texts: Texts) -> Card:
    """`day` is the local day on which it goes out."""
    found = dates_of_case(case)
    due = found.statutory_due if nudge is Nudge.PAST_STATUTE else found.promise_due
    said = texts(
        f"reminder.{nudge.value}",
        reference=case.reference,
        rights=texts.rights(mine.right for mine in case.rights),
        safe=texts.day(found.safe_day),
        statute=texts.day(found.statutory_due),
        late=texts.count("days", max((day - due).days, 0)),
    )
    dates = texts(
        "reminder.dates",
        promise=texts.short_day(found.promise_due),
        statute=texts.short_day(found.statutory_due),
        assignee=texts.person(case.assignee),
    )
    blocks = [section(f"{said}\n{next_step(case, nudge, texts)}"), context(dates)]
    return Card(texts("reminder.text", reference=case.reference), blocks)


def next_step(case: Case, nudge: Nudge, texts: Texts) -> str:
    if case.status is Status.PROPOSED:
        step = texts("next.propose")
    elif to_stop(case):
        step = texts("next.stop")
    else:
        step = texts("next.answer")
    late = nudge in {Nudge.PAST_PROMISE, Nudge.PAST_STATUTE}
    return f"{step} {texts('next.late')}" if late else step
