"""`response_url`: what an app may still say after a click or a command, five times in half an hour."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.messages import by_bot, content_of, is_empty
from bot.local_workspace.office import Office
from bot.local_workspace.population import BOT_USER
from bot.local_workspace.strictness import POSTED_TEXT
from bot.local_workspace.tickets import ResponseUrl

Json = dict[str, Any]


async def answer(office: Office, request: web.Request) -> web.Response:
    """The `/response/{token}` endpoint: `ok` as text, or an error with status 404 or 400."""
    try:
        given = json.loads(await request.read() or b"{}")
        ticket = office.response_urls.spend(request.match_info["token"])
        say(office, ticket, given)
    except SlackFault as fault:
        status = 404 if fault.error in {"used_url", "expired_url", "message_not_found"} else 400
        told = {"ok": False, "error": fault.error, "response_metadata": {"messages": list(fault.messages)}}
        return web.json_response(told, status=status)
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    return web.Response(text="ok")


def say(office: Office, ticket: ResponseUrl, given: Any) -> None:
    """Also used for the payload that may come with a command's acknowledgement."""
    if not isinstance(given, dict):
        raise SlackFault("invalid_payload")
    args = Arguments(given)
    if args.flag("delete_original"):
        _take_away(office, ticket)
        return
    content = content_of(args, longest=POSTED_TEXT)
    if is_empty(content):
        raise SlackFault("no_text")
    in_channel = args.get("response_type") == "in_channel"
    if args.flag("replace_original") and ticket.ts is not None:
        _replace(office, ticket, content)
    elif in_channel:
        message = by_bot(office.ledger, content, **_thread(ticket, args))
        office.ledger.record("message_posted", channel=ticket.channel, message=message)
    else:
        shown = by_bot(
            office.ledger, content, channel=ticket.channel, is_ephemeral=True, **_thread(ticket, args)
        )
        office.ledger.record("ephemeral_posted", channel=ticket.channel, user=ticket.user, message=shown)


def _thread(ticket: ResponseUrl, args: Arguments) -> Json:
    thread_ts = args.text("thread_ts") or ticket.thread_ts
    return {"thread_ts": thread_ts} if thread_ts else {}


def _replace(office: Office, ticket: ResponseUrl, content: Json) -> None:
    ledger, ts = office.ledger, ticket.ts or ""
    if ticket.ephemeral:
        seen = next((m for m in ledger.state.ephemerals.get(ticket.user, []) if m["ts"] == ts), None)
        if seen is None:
            raise SlackFault("message_not_found")
        ledger.record("ephemeral_gone", user=ticket.user, ts=ts)
        kept = {**seen, "blocks": [], **content}
        ledger.record("ephemeral_posted", channel=ticket.channel, user=ticket.user, message=kept)
        return
    before = ledger.state.message(ticket.channel, ts)
    if before is None:
        raise SlackFault("message_not_found")
    edited = {"user": BOT_USER, "ts": ledger.next_ts()}
    after = {**before, "blocks": [], **content, "edited": edited}
    ledger.record("message_changed", channel=ticket.channel, ts=ts, message=after)


def _take_away(office: Office, ticket: ResponseUrl) -> None:
    if ticket.ts is None:
        raise SlackFault("message_not_found")
    if ticket.ephemeral:
        office.ledger.record("ephemeral_gone", user=ticket.user, ts=ticket.ts)
    else:
        office.ledger.record("message_deleted", channel=ticket.channel, ts=ticket.ts)
