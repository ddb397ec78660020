"""The forms that an agent fills in, and reading back what was filled in.  Pure: a case in, a view out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.blocks import Block, plain_text, section
from bot.wordings import Texts
from cases.errors import NoRights, OutcomeMissing, ReasonMissing, RightsDeskError
from cases.lifecycle import Answer
from cases.messages import Language
from cases.model import NEEDS_REASON, Case, Outcome, Right

View = dict[str, Any]

CHANGE_RIGHTS_VIEW: Final = "change-rights"
ANSWER_VIEW: Final = "answer-case"
#: A view that only tells something; it is never submitted.
NOTICE_VIEW: Final = "notice"

#: Every view that can be submitted to us.
VIEWS: Final = (CHANGE_RIGHTS_VIEW, ANSWER_VIEW)

_RIGHTS: Final = "rights"
_LANGUAGE: Final = "language"
_OUTCOME: Final = "outcome"
_REASON: Final = "reason"
_REASON_LENGTH: Final = 2000

#: How an agent can close a right; that it was no request is said with its own button.
OFFERED: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.NOT_A_REQUEST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Which case, and which version of it, the agent had before her."""

    reference: str
    version: int

    def written(self) -> str:
        return json.dumps({"reference": self.reference, "version": self.version})


def change_rights_modal(case: Case, texts: Texts) -> View:
    """All eight rights, those of the case ticked, and the language in which its letters are written."""
    options = {right: _right_option(right, texts) for right in Right}
    ticked = [options[mine.right] for mine in case.rights]
    boxes: Block = {"type": "checkboxes", "action_id": _RIGHTS, "options": list(options.values())}
    asked = _input(_RIGHTS, texts("change.label"), boxes | ({"initial_options": ticked} if ticked else {}))
    written = _input(_LANGUAGE, texts("change.language"), _language_select(case, texts))
    intro = section(texts("change.intro", reference=case.reference))
    form = _form(CHANGE_RIGHTS_VIEW, case, texts, title=texts("change.title"), submit=texts("change.submit"))
    return form | {"blocks": [intro, asked, written]}


def answer_modal(case: Case, texts: Texts) -> View:
    """Per right of the case an outcome and room for its reason."""
    blocks = [section(texts("answer.intro", reference=case.reference))]
    for mine in case.rights:
        blocks += [_outcome_input(mine.right, texts), _reason_input(mine.right, texts)]
    form = _form(ANSWER_VIEW, case, texts, title=texts("answer.title"), submit=texts("answer.submit"))
    return form | {"blocks": blocks}


def loading_modal(texts: Texts) -> View:
    """Shown at once: a trigger lives three seconds, a look into the record may take longer."""
    return _notice(texts("modal.loading_title"), texts("modal.loading"), texts)


def working_modal(texts: Texts) -> View:
    return _notice(texts("modal.loading_title"), texts("modal.working"), texts)


def done_modal(texts: Texts) -> View:
    return _notice(texts("modal.done_title"), texts("modal.done"), texts)


def notice_modal(sentence: str, texts: Texts) -> View:
    """What went wrong, in the place where the agent is looking."""
    return _notice(texts("modal.notice_title"), sentence, texts)


def seen_from(view: Mapping[str, Any]) -> Seen:
    told = json.loads(view["private_metadata"])
    return Seen(reference=str(told["reference"]), version=int(told["version"]))


def rights_from(view: Mapping[str, Any]) -> frozenset[Right]:
    ticked = view["state"]["values"][_RIGHTS][_RIGHTS].get("selected_options") or []
    return frozenset(Right(option["value"]) for option in ticked)


def language_from(view: Mapping[str, Any]) -> Language | None:
    """None where nothing was chosen: a form that was opened before this choice was in it."""
    chosen = view["state"]["values"].get(_LANGUAGE, {}).get(_LANGUAGE, {}).get("selected_option")
    return Language(chosen["value"]) if chosen else None


def answers_from(view: Mapping[str, Any]) -> dict[Right, Answer]:
    """The rights whose outcome was chosen; a right without one is left out, for the desk to ask after."""
    values = view["state"]["values"]
    answers = {}
    for right in Right:
        chosen = values.get(_block(_OUTCOME, right), {}).get(_OUTCOME, {}).get("selected_option")
        if chosen:
            said = values.get(_block(_REASON, right), {}).get(_REASON, {}).get("value") or ""
            answers[right] = Answer(outcome=Outcome(chosen["value"]), reason=said)
    return answers


def field_at_fault(error: RightsDeskError) -> str | None:
    """The block id below which Slack shows this error, if it is about one field."""
    match error:
        case NoRights():
            return _RIGHTS
        case ReasonMissing():
            return _block(_REASON, Right(str(error.facts["right"])))
        case OutcomeMissing():
            return _block(_OUTCOME, Right(str(error.facts["right"])))
    return None


def unexplained(view: Mapping[str, Any], reference: str) -> list[ReasonMissing]:
    """Every no without its reason, so that an agent hears of all of them at once."""
    return [
        ReasonMissing(reference=reference, right=right)
        for right, answer in answers_from(view).items()
        if answer.outcome in NEEDS_REASON and not answer.reason.strip()
    ]


def _language_select(case: Case, texts: Texts) -> Block:
    """Those that we write letters in; and, while nobody has chosen, that the mail is in none of them."""
    offered = [one for one in Language if one is not Language.OTHER or case.language is Language.OTHER]
    options = {one: _option(texts(f"language.{one.value}"), one.value) for one in offered}
    return {
        "type": "static_select",
        "action_id": _LANGUAGE,
        "options": list(options.values()),
        "initial_option": options[case.language],
    }


def _outcome_input(right: Right, texts: Texts) -> Block:
    options = [_option(texts(f"outcome.{outcome.value}"), outcome.value) for outcome in OFFERED]
    select = {
        "type": "static_select",
        "action_id": _OUTCOME,
        "placeholder": plain_text(texts("answer.choose"), 150),
        "options": options,
    }
    label = texts("answer.outcome", right=_capital(texts.right(right)))
    return _input(_block(_OUTCOME, right), label, select)


def _reason_input(right: Right, texts: Texts) -> Block:
    field = {
        "type": "plain_text_input",
        "action_id": _REASON,
        "multiline": True,
        "max_length": _REASON_LENGTH,
    }
    label = texts("answer.reason", right=_capital(texts.right(right)))
    asked = _input(_block(_REASON, right), label, field)
    return {**asked, "optional": True, "hint": plain_text(texts("answer.reason_hint"), 2000)}


def _right_option(right: Right, texts: Texts) -> Block:
    described = {"description": plain_text(texts(f"right.{right.value}"), 75)}
    return _option(_capital(texts.right(right)), right.value) | described


def _option(label: str, value: str) -> Block:
    return {"text": plain_text(label, 75), "value": value}


def _input(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain_text(label, 2000), "element": element}


def _block(kind: str, right: Right) -> str:
    return f"{kind}:{right.value}"


def _form(callback_id: str, case: Case, texts: Texts, *, title: str, submit: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": Seen(reference=case.reference, version=case.version).written(),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text(texts("modal.cancel"), 24),
    }


def _notice(title: str, sentence: str, texts: Texts) -> View:
    return {
        "type": "modal",
        "callback_id": NOTICE_VIEW,
        "title": plain_text(title, 24),
        "close": plain_text(texts("modal.close"), 24),
        "blocks": [section(sentence)],
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
