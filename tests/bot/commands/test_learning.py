"""The classifier's school on the command line: training, learning from decisions, models, the miss rate."""

import asyncio

import pytest

from cases.lessons import Example, Origin
from cases.messages import Language
from cases.model import Right
from cases.second_looks import SecondLooks
from tests.builders import NOW, TODAY, pass_over


@pytest.fixture
def decided(line):
    """An agent confirmed one mail."""
    example = Example(
        message=1,
        origin=Origin.CONFIRMED,
        labels=frozenset({Right.ACCESS}),
        read=frozenset({Right.ACCESS}),
        model="words",
        language=Language.NL,
        decided_at=NOW,
        subject_line="",
        text="Welke gegevens?",
    )

    async def keep():
        async with line.house.store.begin() as tx:
            await tx.keep_example(example)

    asyncio.run(keep())
    return example


def test_a_candidate_learns_from_decisions_and_is_shown_beside_the_current_model(line, decided):
    result = line.run("train", "--with-confirmed")

    assert result.exit_code == 0
    assert line.learned_from == [decided]
    assert "current words" in result.stdout
    assert "candidate new" in result.stdout
    assert "rightsdesk model use words` goes back" in result.stdout
    assert line.trained == 0


def test_a_worse_candidate_is_said_to_be_worse(line, decided):
    line.is_better = False

    assert "the current model stays in use" in line.run("train", "--with-confirmed").stdout


def test_without_decisions_there_is_nothing_to_learn_from(line):
    assert line.fault("train", "--with-confirmed").startswith("No agent has confirmed")


def test_models_are_listed_with_the_one_in_use_and_what_they_reached(line):
    figures = {"all": {"any_right": {"recall": 0.98}, "macro_f1": 0.9}}
    one = {"version": "abc", "trained_at": "2026-03-05T08:10:00+00:00", "examples": 3, "in_use": True}
    line.models = [{**one, "figures": figures}, {**one, "version": "def", "in_use": False, "figures": {}}]

    told = line.run("model", "list").stdout.splitlines()

    assert told[0].startswith("* abc  2026-03-05T08:10     3 examples  any right 0.980, macro-F1 0.900")
    assert told[1].startswith("  def")
    assert told[1].endswith("not evaluated")
    assert line.json("model", "list", "--json") == line.models


def test_no_model_at_all_says_how_one_is_made(line):
    assert "rightsdesk train" in line.run("model", "list").stderr


def test_another_model_is_taken_into_use(line):
    assert "The model abc is in use." in line.run("model", "use", "abc").stderr
    assert line.used == ["abc"]
    assert "Traceback" not in line.fault("model", "use", "gone")


def test_an_evaluation_says_where_its_page_is(line, tmp_path):
    file = tmp_path / "held-out.jsonl"
    file.write_text('{"id": 1, "lang": "nl", "labels": ["access"], "text": "Welke gegevens?"}\n')

    assert line.json("evaluate", file, "--json") == {"all": {"mails": 1}}
    result = line.run("evaluate", file, "--report", tmp_path / "there")

    assert result.stdout.strip() == "recall 0.5"
    assert str(tmp_path / "there" / "report.md") in result.stderr
    assert line.reports == [line.house.settings.data_dir / "evaluation", tmp_path / "there"]


def test_the_miss_rate_is_told_with_its_bounds(line):
    assert "Nobody has answered" in line.run("second-look").stderr

    async def look():
        house = line.house
        await pass_over(house.store)
        looks = SecondLooks(house.store, house.clock)
        await looks.owe(TODAY)
        await looks.was_none(1, by="U0ANNA")

    asyncio.run(look())

    assert line.json("second-look", "--json") == {
        "asked": 1,
        "answered": 1,
        "missed": 0,
        "miss_rate": 0.0,
        "low": 0.0,
        "high": 0.7935,
    }
    assert "0 missed of 1 looked at" in line.run("second-look").stdout
