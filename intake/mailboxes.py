"""Which addresses are ours."""

from __future__ import annotations

from collections.abc import Collection


def plain_address(address: str) -> str:
    """An address as we compare it: without its tag, in one case.

    >>> plain_address("ServiceDesk+AVG-2026-0001@smartfms.nl")
    'servicedesk@smartfms.nl'
    """
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at:
        return domain
    return f"{local.partition('+')[0]}@{domain}"


def is_ours(address: str, mailboxes: Collection[str]) -> bool:
    """Whether one of our mailboxes is meant; postmaster always is (RFC 5321, 4.5.1), with or without domain.

    `mailboxes` are plain addresses (see `plain_address`).
    """
    plain = plain_address(address)
    local, _, domain = plain.rpartition("@")
    if plain == "postmaster":
        return True
    ours = {mailbox.rpartition("@")[2] for mailbox in mailboxes}
    return plain in mailboxes or (local == "postmaster" and domain in ours)
