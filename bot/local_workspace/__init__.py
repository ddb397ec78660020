"""The embedded default: a strict stand-in for Slack on this machine, with a page to click in.

It speaks Slack's Web API and Socket Mode to an unmodified Bolt app that only got another base address. It
was written from Slack's public documentation and was never compared with the real service.
"""

from __future__ import annotations

from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.limits import Patience
from bot.local_workspace.neighbourhood import Neighbourhood
from bot.local_workspace.outcomes import Outcome
from bot.local_workspace.population import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.local_workspace.workspace import LocalWorkspace

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "SIGNING_SECRET",
    "LocalWorkspace",
    "Neighbourhood",
    "NotOnScreen",
    "Outcome",
    "Patience",
]
