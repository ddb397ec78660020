"""What a person notices after touching something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.local_workspace.socket_mode import LOST, NO_CONNECTION, TIMEOUT, Answer

#: What Slack shows beside the button, more or less; the page has the same in English under the same words.
SENTENCES: Final[Mapping[str, str]] = {
    NO_CONNECTION: "Rights Desk is niet verbonden. Probeer het straks opnieuw.",
    TIMEOUT: "Rights Desk reageerde niet op tijd. Probeer het opnieuw.",
    LOST: "De verbinding met Rights Desk viel weg. Probeer het opnieuw.",
    "bad_answer": "Rights Desk gaf een antwoord dat Slack niet kan tonen.",
    "invalid": "Nog niet alles is goed ingevuld.",
}


@dataclass(frozen=True)
class Outcome:
    """`acked`: the app took it. `error`: the sentence that the person sees, `fault` its stable word.

    `errors` are the sentences beside a modal's fields (block id -> sentence); the modal stays open then.
    """

    acked: bool
    error: str | None = None
    fault: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    #: What came with the acknowledgement, if anything.
    payload: Mapping[str, Any] | None = None


def failed(fault: str, **more: Any) -> Outcome:
    return Outcome(acked=False, error=SENTENCES[fault], fault=fault, **more)


def of_answer(answer: Answer) -> Outcome:
    """A click's outcome: taken, or a warning."""
    return Outcome(acked=True, payload=answer.payload) if answer.acked else failed(answer.reason)


def misanswered(payload: Mapping[str, Any] | None, detail: str) -> Outcome:
    """The app acknowledged, but with something that Slack would refuse; `detail` helps the developer."""
    return Outcome(
        acked=True, error=f"{SENTENCES['bad_answer']} ({detail})", fault="bad_answer", payload=payload
    )
