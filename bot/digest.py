"""The daily list for team leads: counts, then the cases behind them, then what is stuck; no names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.blocks import SECTION, Block, Card, header, section
from bot.wordings import Texts
from cases.agenda import Digest
from cases.clock import dates_of_case
from cases.model import Case

_SHOWN: Final = 10
_ROOM: Final = SECTION - 300  #: characters for the cases of one group; the rest is for title and remainder

#: Where a case's card is: reference -> address in Slack.
Permalinks = Callable[[str], str | None] | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    cases: Sequence[Case]
    date_of: Callable[[Case], str]
    command: str  #: lists all of them


def digest_card(digest: Digest, texts: Texts, permalink: Permalinks = None) -> Card:
    counts = {
        "live": digest.live,
        "overdue": digest.overdue,
        "soon": len(digest.due_this_week),
        "waiting": len(digest.awaiting_confirmation),
    }
    nothing_late = [] if digest.overdue else [section(texts("digest.nothing_late"))]
    blocks = [
        header(texts("digest.title", day=texts.day(digest.day))),
        section(texts("digest.counts", **counts)),
        *nothing_late,
        *(_listed(group, texts, permalink) for group in _groups(digest, texts) if group.cases),
        *_troubles(digest, texts),
    ]
    return Card(texts("digest.text", day=texts.short_day(digest.day), **counts), blocks)


def _groups(digest: Digest, texts: Texts) -> list[_Group]:
    def late(key: str, due: Callable[[Case], date]) -> Callable[[Case], str]:
        return lambda case: texts(
            key, day=texts.short_day(due(case)), late=texts.count("days", (digest.day - due(case)).days)
        )

    def titled(key: str, cases: Sequence[Case]) -> str:
        return texts(f"digest.{key}", count=len(cases))

    overdue = "rightsdesk cases --overdue"
    return [
        _Group(
            titled("past_statute", digest.past_statute),
            digest.past_statute,
            late("digest.late_statute", lambda case: dates_of_case(case).statutory_due),
            overdue,
        ),
        _Group(
            titled("past_promise", digest.past_promise),
            digest.past_promise,
            late("digest.late_promise", lambda case: dates_of_case(case).promise_due),
            overdue,
        ),
        _Group(
            titled("due_this_week", digest.due_this_week),
            digest.due_this_week,
            lambda case: texts("digest.safe", day=texts.short_day(dates_of_case(case).safe_day)),
            "rightsdesk cases",
        ),
        _Group(
            titled("awaiting_confirmation", digest.awaiting_confirmation),
            digest.awaiting_confirmation,
            lambda case: texts("digest.received", day=texts.short_day(case.received_on)),
            "rightsdesk cases --status proposed",
        ),
    ]


def _listed(group: _Group, texts: Texts, permalink: Permalinks) -> Block:
    """At most ten, fewer when their lines are long; the title's count is of them all."""
    lines: list[str] = []
    for case in group.cases[:_SHOWN]:
        line = _case(case, group.date_of(case), texts, permalink)
        if sum(map(len, lines)) + len(lines) + len(line) > _ROOM:
            break
        lines.append(line)
    rest = len(group.cases) - len(lines)
    more = [texts("digest.more", count=rest, command=group.command)] if rest else []
    return section("\n".join([f"*{group.title}*", *lines, *more]))


def _case(case: Case, said: str, texts: Texts, permalink: Permalinks) -> str:
    return texts(
        "digest.case",
        reference=_linked(case.reference, permalink),
        rights=texts.rights(mine.right for mine in case.rights),
        date=said,
        assignee=texts.person(case.assignee),
    )


def _linked(reference: str, permalink: Permalinks) -> str:
    if permalink is None:
        return reference
    address = permalink.get(reference) if isinstance(permalink, Mapping) else permalink(reference)
    safe = address and address.startswith("https://") and not set(address) & set("<>| \n")
    return f"<{address}|{reference}>" if safe else reference


def _troubles(digest: Digest, texts: Texts) -> list[Block]:
    counted = {
        "failed_letters": digest.failed_letters,
        "unclear_letters": digest.unclear_letters,
        "set_aside": digest.set_aside,
        "unread": digest.unread,
    }
    lines = [texts(f"digest.{what}", count=count) for what, count in counted.items() if count]
    return [section("\n".join([f"*{texts('digest.troubles')}*", *lines]))] if lines else []
