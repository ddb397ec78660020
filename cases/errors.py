"""Everything that can go wrong in the trade, in words an agent can read.  The docstring is the message."""

from __future__ import annotations


class RightsDeskError(Exception):
    """Something went wrong at the rights desk."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__((type(self).__doc__ or "").strip().format(**facts))


class CaseNotFound(RightsDeskError):
    """There is no case {reference}."""


class IllegalMove(RightsDeskError):
    """Case {reference} is {status}: {kind} is not possible now.  The last was {last_kind} by {last_by}."""


class StaleCase(RightsDeskError):
    """Somebody else changed case {reference} a moment ago.  Look again."""


class TooLate(RightsDeskError):
    """A letter of case {reference} has already left; it cannot be undone any more."""


class NoRights(RightsDeskError):
    """Case {reference} needs at least one right.  If it is no request, say so with that button."""


class ReasonMissing(RightsDeskError):
    """Case {reference}: say in plain words why {right} is not granted in full (GDPR art. 12(4))."""


class OutcomeMissing(RightsDeskError):
    """Case {reference}: {right} has no outcome yet."""


class NothingToStop(RightsDeskError):
    """Case {reference} asks for no stop, or it has been recorded already."""


class MessageNotFound(RightsDeskError):
    """There is no message {message} that was set aside."""


class NoSuchMessage(RightsDeskError):
    """There is no message {message}."""


class AlreadyLookedAt(RightsDeskError):
    """{by} has already said what this message was."""


class ContentGone(RightsDeskError):
    """The content of message {message} was deleted; nobody can tell any more what it asked."""


class NotAllowed(RightsDeskError):
    """Only members of the agents' group may do this."""


class SettingMissing(RightsDeskError):
    """{setting} is missing or wrong: {advice}"""


class ModelMissing(RightsDeskError):
    """There is no trained model at {place}.  Run `make train`, or `rightsdesk train`."""


class StoreAway(RightsDeskError):
    """The database cannot be reached or is locked; nothing was lost, it is tried again."""
