"""Every decision of an agent is kept as a labelled example, without anybody's data; what is undone is not."""

import pytest

from cases import lifecycle
from cases.desk import Desk
from cases.lessons import Origin
from cases.messages import Language, Person
from cases.model import Right, Status
from tests.builders import NOW, FrozenClock, a_case, a_filing, a_message, a_reading, an_arrival
from tests.fakes import InMemoryStore

ANNA = "U0ANNA"
CASE = "AVG-2026-0001"


@pytest.fixture
async def store():
    """One case that a mail opened: the classifier read access."""
    store = InMemoryStore(FrozenClock())
    await store.keeper.keep(an_arrival())
    message = a_message(
        sender=Person(name="Noor de Vries", address="noor@example.org"),
        new_text="Welke gegevens hebben jullie van mij?\n\nGroet,\nNoor de Vries, 06-12345678",
    )
    async with store.begin() as tx:
        await tx.file(1, message, a_filing(CASE))
        await tx.record(lifecycle.propose(a_case(CASE), at=NOW))
    return store


@pytest.fixture
def desk(store):
    return Desk(store, store.clock)


async def examples(store):
    async with store.look() as tx:
        return list(await tx.examples())


async def seen(desk):
    return (await desk.case_file(CASE)).case.version


async def test_a_confirmation_teaches_what_was_read_without_who_wrote_it(desk, store):
    await desk.confirm(CASE, by=ANNA)

    [example] = await examples(store)
    assert (example.origin, example.labels, example.read) == (
        Origin.CONFIRMED,
        frozenset({Right.ACCESS}),
        frozenset({Right.ACCESS}),
    )
    assert (example.model, example.language, example.message) == (a_reading().model, Language.NL, 1)
    assert "Welke gegevens hebben jullie van mij?" in example.text
    assert not any(told in example.text for told in ("Noor", "Vries", "1234"))


async def test_a_change_teaches_the_rights_that_the_agent_chose(desk, store):
    await desk.change_rights(CASE, {Right.ERASURE, Right.COMPLAINT}, by=ANNA, seen=await seen(desk))

    [example] = await examples(store)
    assert (example.origin, example.labels) == (Origin.CHANGED, {Right.ERASURE, Right.COMPLAINT})
    assert example.read == {Right.ACCESS}


async def test_confirming_after_a_change_still_says_that_the_classifier_was_corrected(desk, store):
    await desk.change_rights(CASE, {Right.ERASURE}, by=ANNA, seen=await seen(desk))
    await desk.confirm(CASE, by=ANNA)

    [example] = await examples(store)
    assert (example.origin, example.labels) == (Origin.CHANGED, {Right.ERASURE})


async def test_a_dismissal_teaches_that_nothing_was_asked(desk, store):
    await desk.dismiss(CASE, by=ANNA)

    [example] = await examples(store)
    assert (example.origin, example.labels) == (Origin.DISMISSED, frozenset())


async def test_what_is_undone_teaches_nothing(desk, store):
    await desk.confirm(CASE, by=ANNA)
    await desk.undo_confirmation(CASE, by=ANNA)
    assert await examples(store) == []

    await desk.dismiss(CASE, by=ANNA)
    await desk.undo_dismissal(CASE, by=ANNA)
    assert await examples(store) == []


async def test_a_decision_that_fails_teaches_nothing(desk, store):
    await desk.confirm(CASE, by=ANNA)

    with pytest.raises(lifecycle.IllegalMove):
        await desk.dismiss(CASE, by="U0BRAM")

    assert [example.origin for example in await examples(store)] == [Origin.CONFIRMED]


async def test_an_agent_changes_the_language_of_the_letters_alone(desk, store):
    await desk.change_rights(CASE, {Right.ACCESS}, by=ANNA, seen=await seen(desk), language=Language.EN)

    file = await desk.case_file(CASE)
    assert (file.case.language, file.case.status) == (Language.EN, Status.PROPOSED)
    assert [event.kind.value for event in file.events] == ["case:proposed", "language:changed"]
    assert dict(file.events[-1].facts) == {"language": "en", "before": "nl"}
    assert await examples(store) == []


async def test_rights_and_language_change_in_one_go(desk, store):
    await desk.change_rights(CASE, {Right.ERASURE}, by=ANNA, seen=await seen(desk), language=Language.EN)

    file = await desk.case_file(CASE)
    assert [event.kind.value for event in file.events][1:] == ["language:changed", "rights:changed"]
    assert (file.case.language, [mine.right for mine in file.case.rights]) == (Language.EN, [Right.ERASURE])
