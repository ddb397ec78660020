"""Files: the three steps of `files_upload_v2`, `files.info`, and giving the bytes back.

An upload that was started but not completed shows nowhere. The stand-in's files can be fetched by the page
without a token, as everything on the page can: it is bound to this machine.
"""

from __future__ import annotations

import mimetypes
from typing import Any, Final

from aiohttp import web

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.messages import by_bot, with_ids
from bot.local_workspace.office import Office
from bot.local_workspace.places import channel_for_post
from bot.local_workspace.population import BOT_USER
from bot.local_workspace.strictness import check_message_blocks

Json = dict[str, Any]
LARGEST: Final = 100 * 1024 * 1024
#: Shown in the page as what they are; everything else is only ever downloaded.
_SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


async def reserve(office: Office, args: Arguments) -> Json:
    """Step one: a place to upload to."""
    length = args.number("length", 0, LARGEST + 1) if args.get("length") not in {None, "0", 0} else 0
    if not 0 < length <= LARGEST:
        raise SlackFault("file_upload_size_restricted" if length else "invalid_arguments")
    name = args.need("filename")
    token = office.ledger.next_id("up")
    kept = {
        "id": office.ledger.next_id("F"),
        "name": name,
        "title": name,
        "size": length,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": name.rpartition(".")[2].lower() if "." in name else "binary",
        "alt_txt": args.text("alt_txt") or "",
        "user": BOT_USER,
        "created": int(office.ledger.now().timestamp()),
        "upload_token": token,
        "uploaded": False,
        "shared_in": [],
    }
    office.ledger.record("file_kept", file=kept)
    return {"upload_url": f"{office.address}/upload/{token}", "file_id": kept["id"]}


async def receive(office: Office, request: web.Request) -> web.Response:
    """Step two: the bytes, raw or as the `file` field of a form; as many as were announced."""
    token = request.match_info["token"]
    kept = next((f for f in office.ledger.state.files.values() if f["upload_token"] == token), None)
    if kept is None or kept["uploaded"]:
        return web.Response(status=404, text="no such upload")
    content = await _content(request, kept["size"])
    if len(content) != kept["size"]:
        return web.Response(status=400, text="length differs from what was announced")
    office.attic.keep(kept["id"], content)
    office.ledger.record("file_kept", file={"id": kept["id"], "uploaded": True})
    return web.Response(text=f"OK - {len(content)}")


async def _content(request: web.Request, announced: int) -> bytes:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        part = form.get("file") or next(iter(form.values()), b"")
        return part.file.read() if isinstance(part, web.FileField) else str(part).encode()
    content = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        content += piece
        if len(content) > announced:
            break
    return bytes(content)


async def complete(office: Office, args: Arguments) -> Json:
    """Step three: the files become visible, in a message when a channel is named."""
    wanted = args.get("files")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(f, dict) for f in wanted):
        raise SlackFault("invalid_arguments", messages=["[ERROR] missing required field: files"])
    rooms = [args.need("channel_id")] if "channel_id" in args else args.words("channels")
    channels = [channel_for_post(office, room) for room in rooms]
    known = [_uploaded(office, str(item.get("id"))) for item in wanted]
    content = _comment(args)
    for file, item in zip(known, wanted, strict=True):
        shared = [*file["shared_in"], *channels]
        titled = {"id": file["id"], "title": item.get("title") or file["name"], "shared_in": shared}
        office.ledger.record("file_kept", file=titled)
    shown = [shown_file(office, file["id"]) for file in known]
    for channel in channels:
        _share(office, channel, args.text("thread_ts"), {**content, "files": shown})
    return {"files": shown}


def _uploaded(office: Office, file_id: str) -> Json:
    file = office.ledger.state.files.get(file_id)
    if file is None or not file["uploaded"]:
        raise SlackFault("file_not_found")
    return file


def _comment(args: Arguments) -> Json:
    content: Json = {"text": args.text("initial_comment") or ""}
    if "blocks" in args:
        check_message_blocks(args.get("blocks"))
        content["blocks"] = with_ids(args.get("blocks"))
    return content


def _share(office: Office, channel: str, thread_ts: str | None, content: Json) -> None:
    thread: Json = {}
    if thread_ts:
        parent = office.ledger.state.message(channel, thread_ts)
        if parent is None:
            raise SlackFault("thread_not_found")
        thread = {"thread_ts": thread_ts, "parent_user_id": parent["user"]}
    message = by_bot(office.ledger, content, subtype="file_share", upload=False, **thread)
    office.ledger.record("message_posted", channel=channel, message=message)


def shown_file(office: Office, file_id: str) -> Json:
    """A file object, without what is the stand-in's own business."""
    file = office.ledger.state.files[file_id]
    hidden = {"upload_token", "uploaded", "shared_in"}
    url = f"{office.address}/files/{file_id}"
    return {
        **{key: value for key, value in file.items() if key not in hidden},
        "url_private": url,
        "url_private_download": f"{url}?download=1",
        "permalink": url,
        "mode": "hosted",
        "channels": file["shared_in"],
    }


async def info(office: Office, args: Arguments) -> Json:
    file = _uploaded(office, args.need("file"))
    return {"file": shown_file(office, file["id"])}


async def hand_out(office: Office, request: web.Request) -> web.Response:
    """The bytes; only plain pictures are shown, the rest is downloaded, so that no file can run in the
    page.
    """
    file = office.ledger.state.files.get(request.match_info["file_id"])
    if file is None or not file["uploaded"]:
        return web.Response(status=404, text="no such file")
    shown = file["mimetype"] in _SHOWN and "download" not in request.query
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline" if shown else "attachment",
    }
    kind = file["mimetype"] if shown else "application/octet-stream"
    return web.Response(body=office.attic.fetch(file["id"]), content_type=kind, headers=headers)


METHODS: Final = {
    "files.completeUploadExternal": complete,
    "files.getUploadURLExternal": reserve,
    "files.info": info,
}
