"""Socket Mode, seen from Slack's side: hello, envelopes, acknowledgements, redelivery, disconnect.

Each envelope goes to exactly one connection, in turn. A click is sent once and fails for the person when no
acknowledgement comes in time. An event is written down as owed before it is sent, and sent again
(`retry_attempt`, `retry_reason`) until it is acknowledged or given up; what is still owed when the program
dies is sent after the restart.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from bot.local_workspace.ledger import Ledger
from bot.local_workspace.limits import Patience
from bot.local_workspace.population import APP_ID

Json = dict[str, Any]
log = structlog.get_logger()

NO_CONNECTION: Final = "no_connection"
TIMEOUT: Final = "timeout"
LOST: Final = "connection_lost"


@dataclass(frozen=True)
class Answer:
    """What came back for an envelope; `reason` says why nothing did."""

    acked: bool
    payload: Json | None = None
    reason: str = ""


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    leaving: bool = False


class Line:
    """All the app's websockets, and what is under way on them."""

    def __init__(self, ledger: Ledger, patience: Patience) -> None:
        self._ledger = ledger
        self._patience = patience
        self._tickets: set[str] = set()
        self._connections: deque[_Connection] = deque()
        self._connected = asyncio.Event()
        self._deliveries: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    @property
    def connections(self) -> int:
        return sum(not connection.leaving for connection in self._connections)

    def issue_ticket(self) -> str:
        """Opens one websocket, once."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The `/link` endpoint: one connection of the app, for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self._closing:
            return web.Response(status=401, text="ticket unknown or used")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30, timeout=2)
        await socket.prepare(request)
        connection = _Connection(socket)
        await socket.send_json(self._hello())
        self._connections.append(connection)
        self._connected.set()
        self._ledger.tell({"kind": "line"})
        self._resume()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    _settle(connection, message.data)
        finally:
            self._drop(connection)
        return socket

    async def ask(self, kind: str, payload: Json, *, accepts: bool) -> Answer:
        """Send a click, a command or a submission once, and wait for its acknowledgement."""
        answer = await self._send(kind, payload, accepts=accepts)
        return answer if accepts else Answer(answer.acked, None, answer.reason)

    def tell(self, body: Json) -> None:
        """Owe the app an event and deliver it in the background."""
        self._ledger.record("event_owed", body=body)
        self._start(body, 0, "")

    async def settle(self) -> None:
        """Until every event is acknowledged or given up."""
        while self._deliveries:
            await asyncio.wait(self._deliveries.values())

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Ask the app to come back on new connections, as Slack does every few hours."""
        leaving = [connection for connection in self._connections if not connection.leaving]
        for connection in leaving:
            connection.leaving = True
        self._notice()
        for connection in leaving:
            note = {"type": "disconnect", "reason": reason, "debug_info": {"host": "local-workspace"}}
            if await _sent(connection, note):
                await connection.socket.close()

    async def close(self) -> None:
        """No connection, no delivery under way afterwards."""
        self._closing = True
        for task in self._deliveries.values():
            task.cancel()
        await asyncio.gather(*self._deliveries.values(), return_exceptions=True)
        for connection in list(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY, message=b"workspace closes")
            self._drop(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connections + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "local-workspace", "approximate_connection_time": 18_060},
        }

    def _resume(self) -> None:
        for body in list(self._ledger.state.owed.values()):
            if body["event_id"] not in self._deliveries:
                self._start(body, 1, LOST)

    def _start(self, body: Json, attempt: int, reason: str) -> None:
        task = asyncio.create_task(self._deliver(body, attempt, reason))
        self._deliveries[body["event_id"]] = task
        task.add_done_callback(lambda _: self._deliveries.pop(body["event_id"], None))

    async def _deliver(self, body: Json, attempt: int, reason: str) -> None:
        for pause in (None, *self._patience.retries):
            if pause is not None:
                await asyncio.sleep(pause)
            await self._connected.wait()
            answer = await self._send(
                "events_api", body, accepts=False, retry_attempt=attempt, retry_reason=reason
            )
            if answer.acked:
                self._ledger.record("event_settled", event_id=body["event_id"], how="acknowledged")
                return
            attempt, reason = attempt + 1, answer.reason
        log.warning("event given up", event_type=body["event"]["type"], attempts=attempt)
        self._ledger.record("event_settled", event_id=body["event_id"], how="given up")

    async def _send(self, kind: str, payload: Json, *, accepts: bool, **more: Any) -> Answer:
        connection = self._next()
        if connection is None:
            return Answer(acked=False, reason=NO_CONNECTION)
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": accepts,
            "payload": payload,
            **more,
        }
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = answer
        try:
            if not await _sent(connection, envelope):
                return Answer(acked=False, reason=LOST)
            return await asyncio.wait_for(answer, self._patience.ack)
        except TimeoutError:
            return Answer(acked=False, reason=TIMEOUT)
        finally:
            connection.waiting.pop(envelope_id, None)

    def _next(self) -> _Connection | None:
        """Round robin over the connections that stay."""
        for _ in range(len(self._connections)):
            self._connections.rotate(-1)
            if not self._connections[-1].leaving and not self._connections[-1].socket.closed:
                return self._connections[-1]
        return None

    def _drop(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for answer in connection.waiting.values():
            if not answer.done():
                answer.set_result(Answer(acked=False, reason=LOST))
        self._notice()

    def _notice(self) -> None:
        if self._next() is None:
            self._connected.clear()
        self._ledger.tell({"kind": "line"})


async def _sent(connection: _Connection, message: Json) -> bool:
    try:
        await connection.socket.send_json(message)
    except (ConnectionError, RuntimeError):  # aiohttp raises either for a socket that closes meanwhile
        return False
    return True


def _settle(connection: _Connection, text: str) -> None:
    try:
        ack = json.loads(text)
    except ValueError:
        return
    envelope_id = ack.get("envelope_id") if isinstance(ack, dict) else None
    answer = connection.waiting.get(str(envelope_id))
    if answer is not None and not answer.done():
        answer.set_result(Answer(acked=True, payload=ack.get("payload")))
