"""Small checks that are put together into the shapes of Slack's blocks.

A check takes a value and where it stands (a JSON pointer) and yields the faults, worded as Slack words them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def fault(sentence: str, where: str) -> str:
    return f"[ERROR] {sentence} [json-pointer:{where}]"


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", where)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", where)
        elif len(value) > most:
            yield fault(f"must be less than {most + 1} characters", where)

    return check


def flag(value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", where)


def integer(least: int, most: int) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield fault(f"must be a number from {least} to {most}", where)

    return check


def choice(*allowed: str) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(allowed)}", where)

    return check


def anything(_value: Any, _where: str) -> Iterator[str]:
    """Not looked into."""
    yield from ()


def many(check: Check, least: int, most: int) -> Check:
    """A list of `least` to `most` items that each pass."""

    def check_all(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be an array", where)
            return
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", where)
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", where)
        for number, item in enumerate(value):
            yield from check(item, f"{where}/{number}")

    return check_all


@dataclass(frozen=True)
class Shape:
    """An object with required and optional keys and no others; `rule` looks at the keys together."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    rule: Check = anything

    def __call__(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", where)
            return
        checks = {**self.required, **self.optional}
        missing = [key for key in self.required if key not in value]
        yield from (fault(f"missing required field: {key}", where) for key in missing)
        for key, item in value.items():
            if key in checks:
                yield from checks[key](item, f"{where}/{key}")
            else:
                yield fault(f"additional property: {key}", where)
        if not missing:
            yield from self.rule(value, where)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which shape it must have."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            yield fault(f"unsupported type: {kind}", f"{where}/type")
        else:
            yield from shapes[kind](value, where)

    return check
