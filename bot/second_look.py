"""The weekly post with what the classifier passed over, a question and two buttons below each message."""

from __future__ import annotations

from typing import Final

from bot.blocks import Block, Card, actions, button, context, header, paragraph, quote, rich, section, words
from bot.buttons import WAS_NONE, WAS_REQUEST
from bot.escaping import one_line, quoted
from bot.wordings import Texts
from cases.lessons import LookedAt, LookTally, SecondLook
from cases.second_looks import miss_rate

#: Ten messages and our own words stay well below what Slack takes in one post.
_SUBJECT: Final = 100
_TEXT: Final = 500


def second_look_card(look: SecondLook, tally: LookTally, texts: Texts) -> Card:
    """Redrawn after each answer; what was answered says by whom, and has no buttons any more."""
    day = texts.short_day(look.week)
    blocks = [
        header(texts("look.title", day=day)),
        section(texts("look.intro", count=len(look.messages))),
    ]
    for one in look.messages:
        blocks += [_message(one, texts), _answer(one, texts)]
    blocks.append(context(_rate(tally, texts)))
    return Card(texts("look.text", day=day, count=len(look.messages)), blocks)


def _message(one: LookedAt, texts: Texts) -> Block:
    subject = one_line(one.subject_line, _SUBJECT) or texts("look.no_subject")
    said = quoted(one.text, _TEXT) or texts("look.gone")
    return rich(paragraph(words(subject, bold=True)), quote(said))


def _answer(one: LookedAt, texts: Texts) -> Block:
    if one.by is None:
        none = button(texts("button.was_none"), WAS_NONE, str(one.message))
        return actions(none, button(texts("button.was_request"), WAS_REQUEST, str(one.message)))
    key = "look.was_request" if one.was_request else "look.was_none"
    return context(texts(key, who=texts.person(one.by), reference=one.reference or ""))


def _rate(tally: LookTally, texts: Texts) -> str:
    """How much is missed, as far as the answers so far can tell."""
    if not tally.answered:
        return texts("look.unmeasured")
    share, _, most = miss_rate(tally)
    facts = {"answered": tally.answered, "missed": tally.missed}
    return texts("look.rate", share=texts.percent(share), most=texts.percent(most), **facts)
