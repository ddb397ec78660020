"""From a mail's 250 to its card: the whole product, `rightsdesk run`, as a newcomer starts it."""

from __future__ import annotations

import json
import select
import smtplib
import socket
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Final

from bot.local_workspace import BOT_TOKEN
from storage.schema import migrate
from tests.bench.mails import MAILBOX, request_from
from tests.bench.processes import DidNotStart, started, told

_CHANNEL: Final = "#avg-verzoeken"
_FIRST: Final = 90.0  #: seconds for the worker to load the model and for the first card
_PATIENCE: Final = 30.0
#: seconds of silence before the next mail: a channel takes one message a second, and waiting for that is not
#: measured
_SILENCE: Final = 1.1
_HERE: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Workspace:
    """The local workspace, seen through its Web API."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel = ""

    def shows(self, words: str) -> bool:
        """Whether one of the newest messages of the staff channel says this."""
        if not self._channel:
            channels = self._ask("conversations.list", types="public_channel")["channels"]
            self._channel = next(room["id"] for room in channels if f"#{room['name']}" == _CHANNEL)
        found = self._ask("conversations.history", channel=self._channel, limit="3")
        return words in json.dumps(found["messages"], ensure_ascii=False)

    def _ask(self, method: str, **arguments: str) -> dict[str, Any]:
        asked = urllib.request.Request(  # noqa: S310 - the address is the one that the product printed
            f"{self._address}api/{method}",
            data=urllib.parse.urlencode(arguments).encode(),
            headers={"Authorization": f"Bearer {BOT_TOKEN}"},
        )
        with _HERE.open(asked, timeout=10) as answer:
            heard: dict[str, Any] = json.loads(answer.read())
        if not heard["ok"]:
            raise LookupError(f"{method}: {heard['error']}")
        return heard


class News:
    """The stream of the workspace's page: each time that something changed, and nothing else."""

    def __init__(self, address: str) -> None:
        place = urllib.parse.urlsplit(address)
        host, port = place.hostname or "", place.port or 0
        self._line = socket.create_connection((host, port), timeout=10)
        self._line.sendall(f"GET {place.path}page/news HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())

    def comes(self, within: float) -> bool:
        """Wait for the next piece of news; False when none came in so many seconds."""
        ready, _, _ = select.select([self._line], [], [], max(0.0, within))
        if ready and not self._line.recv(65_536):
            raise DidNotStart("the workspace closed its page")
        return bool(ready)


def measure(folder: Path, model: Path, mails: int = 20) -> list[float]:
    """Seconds per mail, one after another; the first mail of all warms the house and is left out."""
    url = f"sqlite:///{folder / 'rightsdesk.db'}"
    migrate(url)
    environment = {
        "DATABASE_URL": url,
        "RIGHTSDESK_DATA_DIR": str(folder),
        "RIGHTSDESK_SMTP_PORT": "0",
        "RIGHTSDESK_HTTP_PORT": "0",
        "RIGHTSDESK_MAILBOXES": MAILBOX,
        "RIGHTSDESK_STAFF_CHANNEL": _CHANNEL,
        "RIGHTSDESK_MODEL": str(model),
        "SLACK_BOT_TOKEN": "",
    }
    with started(folder, "bot", "run", **environment) as process:
        host, _, port = told(process, "SMTP on ").rpartition(":")
        address = told(process, "HTTP on ")
        workspace, news = Workspace(address), News(address)
        times = []
        for number in range(mails + 1):
            with smtplib.SMTP(host, int(port), timeout=30) as door:
                times.append(_one(door, workspace, news, number, _PATIENCE if number else _FIRST))
            while news.comes(within=_SILENCE):
                pass
    return times[1:]


def _one(door: smtplib.SMTP, workspace: Workspace, news: News, number: int, patience: float) -> float:
    name = f"Bente Proef-{number:03d}"
    door.sendmail("klant@voorbeeld.nl", [MAILBOX], request_from(number, name))
    began = time.perf_counter()
    while not workspace.shows(name):
        if not news.comes(within=began + patience - time.perf_counter()):
            raise DidNotStart(f"no card for mail {number} after {patience:.0f} s")
    return time.perf_counter() - began
