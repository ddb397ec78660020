"""Each letter, in each language and for each combination of rights, against what it must hold."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clock import dates_of_case
from cases.controller import AUTORITEIT_PERSOONSGEGEVENS, read
from cases.letters import write
from cases.letters.layout import WIDTH, laid_out
from cases.letters.writing import NO_IDENTITY
from cases.messages import Channel, Language, Person
from cases.model import STOP_AT_ONCE, Case, CaseRight, LetterKind, Pause, Right
from cases.wording import by_channel, long_date, right, written
from tests.builders import NOW, TODAY, a_case

SMART_FMS = read()
GOLDEN = Path(__file__).parent / "letters"
OURS = (Language.NL, Language.EN)

#: Required element -> the words that show it, where they are the same for every case.
ALWAYS = {
    Language.NL: {
        "invitation to correct": ["Klopt dit niet", "door op dit bericht te antwoorden"],
        "what the promise means": [
            "vier weken",
            "privacystatement",
        ],
        "no copy, no BSN": [
            "Stuur ons nooit een kopie van uw identiteitsbewijs",
            "burgerservicenummer (BSN)",
        ],
        "free of charge": ["gratis (artikel 12 lid 5 AVG)"],
        "register: what": ["uw bericht, uw naam en contactgegevens, onze brieven"],
        "register: why": ["artikel 6 lid 1 onder c", "artikel 5 lid 2 en artikel 12 AVG"],
        "register: who": ["Alleen collega's die dit voor hun werk nodig hebben"],
        "register: how long": ["tot 2 jaar nadat uw verzoek is afgesloten"],
        "register: rights": ["in te zien, te verbeteren, te verwijderen of minder te gebruiken"],
        "register: statement": ["16 mei 2018", "www.smartfms.nl/voorwaarden"],
        "complaint routes, no order": ["klacht indienen", "U kiest zelf bij wie u begint"],
        "other member states": ["een ander land van de Europese Unie"],
    },
    Language.EN: {
        "invitation to correct": ["Is this not right", "by replying to this message"],
        "what the promise means": [
            "four weeks",
            "privacy statement",
        ],
        "no copy, no BSN": ["never send us a copy of your identity document".capitalize(), "number (BSN)"],
        "free of charge": ["free of charge for you (article 12(5) GDPR)"],
        "register: what": ["your message, your name and contact details, our letters"],
        "register: why": ["article 6(1)(c)", "articles 5(2) and 12 GDPR"],
        "register: who": ["Only colleagues who need the data for their work"],
        "register: how long": ["until 2 years after your request has been closed"],
        "register: rights": ["see, correct, delete or limit the use of these data"],
        "register: statement": ["16 May 2018", "www.smartfms.nl/voorwaarden"],
        "complaint routes, no order": ["complain to our Service Desk", "You choose whom you go to first"],
        "other member states": ["another country of the European Union"],
    },
}
IDENTITY = {
    Language.NL: {
        True: ["goede reden hebben om te twijfelen", "wat voor u het makkelijkst is", "bij ons op kantoor"],
        False: ["Nee, voor dit bericht niet"],
        "some": "hoeft u nooit te laten zien wie u bent",
    },
    Language.EN: {
        True: ["good reason to doubt", "what is easiest for you", "come to our office"],
        False: ["No, not for this message"],
        "some": "you never need to show who you are",
    },
}
#: Right -> (being stopped, has been stopped, of which the day follows "Since")
STOPS = {
    Language.NL: {
        Right.OBJECTION: (
            "stoppen meteen met het gebruik van uw gegevens voor reclame",
            "niet meer voor reclame",
        ),
        Right.CONSENT_WITHDRAWAL: (
            "stoppen meteen met alles waarvoor wij uw toestemming",
            "niet meer voor dingen",
        ),
    },
    Language.EN: {
        Right.OBJECTION: ("stopping the use of your data for advertising at once", "data for advertising."),
        Right.CONSENT_WITHDRAWAL: (
            "stopping everything for which we need your consent",
            "for things for which",
        ),
    },
}
#: What the promise means: for a request, and for a complaint alone.
PROMISE = {
    Language.NL: ("of wij doen wat u vraagt, of voor welk deel", "wat wij van uw klacht vinden"),
    Language.EN: ("whether we do what you ask, or which part of it", "what we think of your complaint"),
}
SINCE = {Language.NL: "Sinds 5 maart 2026", Language.EN: "Since 5 March 2026"}
NO_TERM = {Language.NL: "geen vaste termijn", Language.EN: "no fixed term"}
THE_MONTH = {
    Language.NL: "termijn van een maand uit de wet (artikel 12 lid 3",
    Language.EN: "term of one month that the law sets (article 12(3)",
}

languages = st.sampled_from(OURS)
combinations = st.sets(st.sampled_from(Right), min_size=1).map(
    lambda some: [one for one in Right if one in some]
)


def acknowledge(case: Case, written_on: date = TODAY, language: Language | None = None) -> str:
    """The body with every stretch of white space as one blank, so that line ends do not matter."""
    letter = write(
        LetterKind.ACKNOWLEDGEMENT, case, controller=SMART_FMS, written_on=written_on, language=language
    )
    return " ".join(letter.body.split())


def stopped(case: Case, *rights: Right) -> Case:
    return replace(
        case,
        rights=tuple(replace(mine, stopped_at=NOW) if mine.right in rights else mine for mine in case.rights),
    )


@given(
    rights=combinations,
    language=languages,
    channel=st.sampled_from(Channel),
    stops=st.sets(st.sampled_from(sorted(STOP_AT_ONCE))),
)
def test_an_acknowledgement_holds_every_required_element(rights, language, channel, stops):
    case = stopped(a_case(rights=rights, language=language, channel=channel), *stops)
    due = dates_of_case(case)

    body = acknowledge(case)

    for element, words in ALWAYS[language].items():
        assert all(word in body for word in words), element
    assert PROMISE[language][rights == [Right.COMPLAINT]] in body
    for mine in rights:
        assert f"- {right(mine, language)}" in body
    assert case.reference in body
    assert f" {long_date(TODAY, language)} " in body, "the letter's own date"
    assert long_date(case.received_on, language, weekday=True) in body
    assert by_channel(channel, language) in body
    assert long_date(due.promise_due, language, weekday=True) in body
    assert long_date(due.statutory_due, language, weekday=True) in body
    for fact in (SMART_FMS.name, SMART_FMS.phone, SMART_FMS.mail, *SMART_FMS.postal):
        assert fact in body, "controller and contact"
    authority = AUTORITEIT_PERSOONSGEGEVENS
    for fact in (authority.name, authority.website, authority.phone, *authority.postal):
        assert fact in body, "the supervisory authority"


@given(rights=combinations, language=languages)
def test_identity_is_only_spoken_of_where_it_can_matter(rights, language):
    may_matter = not NO_IDENTITY.issuperset(rights)

    body = acknowledge(a_case(rights=rights, language=language))

    assert all(words in body for words in IDENTITY[language][may_matter])
    assert not any(words in body for words in IDENTITY[language][not may_matter])
    if may_matter:
        assert (IDENTITY[language]["some"] in body) == bool(NO_IDENTITY & set(rights))


@given(rights=combinations, language=languages, done=st.sets(st.sampled_from(sorted(STOP_AT_ONCE))))
def test_what_was_stopped_and_what_is_being_stopped_are_told_apart(rights, language, done):
    case = stopped(a_case(rights=rights, language=language), *done)

    body = acknowledge(case)

    for mine, (being, been) in STOPS[language].items():
        assert (being in body) == (mine in rights and mine not in done)
        assert (been in body) == (mine in rights and mine in done)
    assert (SINCE[language] in body) == bool(done & set(rights))


@given(rights=combinations, language=languages)
def test_the_month_of_the_law_is_claimed_only_for_rights_that_have_it(rights, language):
    has_month = not {Right.CONSENT_WITHDRAWAL, Right.COMPLAINT}.issuperset(rights)

    body = acknowledge(a_case(rights=rights, language=language))

    assert (THE_MONTH[language] in body) == has_month
    assert (NO_TERM[language] in body) == (not has_month)


@pytest.mark.parametrize(
    ("language", "sorry"), [(Language.NL, "onze excuses"), (Language.EN, "we are sorry")]
)
def test_a_date_that_has_passed_is_not_promised_any_more(language, sorry):
    case = a_case(language=language)
    due = dates_of_case(case)

    in_time = acknowledge(case, due.promise_due)
    late = acknowledge(case, due.promise_due + timedelta(days=1))
    very_late = acknowledge(case, due.statutory_due + timedelta(days=1))

    assert sorry not in in_time
    assert sorry in late
    assert THE_MONTH[language] in late
    assert THE_MONTH[language] not in very_late
    assert long_date(due.statutory_due, language, weekday=True) in very_late


@pytest.mark.parametrize("language", OURS)
def test_a_right_that_was_added_later_has_its_own_dates(language):
    later = CaseRight(right=Right.PORTABILITY, received_on=TODAY + timedelta(days=4))
    case = a_case(language=language)
    case = replace(case, rights=(*case.rights, later))

    body = acknowledge(case)

    for due in (TODAY + timedelta(days=28), TODAY + timedelta(days=32)):
        assert long_date(due, language, weekday=True) in body
    assert f"{right(Right.PORTABILITY, language)} " in body


@pytest.mark.parametrize(
    ("language", "three_months", "waited"),
    [(Language.NL, "drie maanden", "wij wachtten"), (Language.EN, "three months", "we waited")],
)
def test_an_extension_and_a_pause_are_named(language, three_months, waited):
    pause = Pause(asked_on=TODAY, answered_on=TODAY + timedelta(days=3))
    plain = a_case(language=language)
    case = replace(plain, extended=True, pauses=(pause,))

    body = acknowledge(case)

    assert three_months in body
    assert waited in body
    assert long_date(dates_of_case(case).statutory_due, language, weekday=True) in body
    assert three_months not in acknowledge(plain)
    assert waited not in acknowledge(plain)


def test_the_day_of_a_stop_is_the_local_one():
    half_past_midnight_in_amsterdam = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    case = a_case(rights=[Right.OBJECTION])
    case = replace(case, rights=(replace(case.rights[0], stopped_at=half_past_midnight_in_amsterdam),))

    body = acknowledge(case)

    assert "Sinds 6 maart 2026" in body


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_of_letter_exists_in_every_language(kind, language):
    letter = write(kind, a_case(), controller=SMART_FMS, written_on=TODAY, language=language)

    assert letter.subject_line
    assert letter.body


def test_who_writes_in_another_language_is_answered_in_english():
    assert "Dear " in acknowledge(a_case(language=Language.OTHER))
    assert "Beste " in acknowledge(a_case(language=Language.NL))
    assert "Dear " in acknowledge(a_case(language=Language.NL), language=Language.EN)
    assert written(Language.OTHER) is Language.EN


@pytest.mark.parametrize("language", OURS)
def test_the_office_is_told_where_it_is_known(language):
    office = replace(SMART_FMS, office=("Straatweg 1", "1234 AB PLAATS"), office_hours="9:00-17:00")

    letter = write(
        LetterKind.ACKNOWLEDGEMENT, a_case(), controller=office, written_on=TODAY, language=language
    )

    assert "\nStraatweg 1\n1234 AB PLAATS\n9:00-17:00\n" in letter.body


hostile_names = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=400),
    st.lists(
        st.sampled_from(
            [
                "\r\n",
                "Bcc:",
                "https://evil.example/x",
                "www.evil.example",
                "{{ 7*7 }}",
                "Jan",
                "# ",
                "- ",
                "| ",
                "\x00",
                "\u202e",
                "x" * 300,
            ]
        )
    ).map("".join),
)


@given(name=hostile_names, rights=combinations, language=languages)
def test_no_name_can_break_the_layout_or_the_subject(name, rights, language):
    nameless = a_case(rights=rights, language=language, requester=Person(address="a@example.org"))
    named = replace(nameless, requester=Person(name=name, address="a@example.org"))

    plain, letter = (
        write(LetterKind.ACKNOWLEDGEMENT, case, controller=SMART_FMS, written_on=TODAY)
        for case in (nameless, named)
    )

    assert letter.subject_line == plain.subject_line
    assert re.sub(r"\n(Beste|Dear) [^\n]*,\n", "\n\\1,\n", letter.body) == re.sub(
        r"\n(Beste|Dear) [^\n]*,\n", "\n\\1,\n", plain.body
    )
    assert all(char == "\n" or char.isprintable() for char in letter.body)
    assert max(map(len, letter.body.splitlines())) <= WIDTH


@given(name=st.text(max_size=60), language=languages)
def test_the_subject_holds_the_reference_and_nothing_of_the_requester(name, language):
    case = a_case(language=language, requester=Person(name=name, address="a@example.org"), subject_line=name)

    letter = write(LetterKind.ACKNOWLEDGEMENT, case, controller=SMART_FMS, written_on=TODAY)

    assert letter.subject_line in {
        "Ontvangstbevestiging van uw bericht [AVG-2026-0001]",
        "We have received your message [AVG-2026-0001]",
    }


def test_the_manners_of_the_files():
    text = "# Kop\neen\ntwee\n- item\n  vervolg\n- item\n| adres\n| plaats\nslot\n\n \n\n" + "woord " * 20

    body = laid_out(text)

    head, wide = body.split("\n\n")
    assert head == "Kop\n---\neen twee\n- item vervolg\n- item\nadres\nplaats\nslot"
    assert [len(line) for line in wide.splitlines()] == [71, 47]
    assert body.endswith("woord\n")


MANY = (Right.ACCESS, Right.OBJECTION, Right.CONSENT_WITHDRAWAL)
EXAMPLES = {
    "acknowledgement_access_and_objection": (a_case(rights=MANY[:2]), TODAY),
    "acknowledgement_stopped_and_late": (stopped(a_case(rights=MANY), Right.OBJECTION), date(2026, 4, 20)),
    "acknowledgement_complaint": (a_case(rights=[Right.COMPLAINT], channel=Channel.PHONE), TODAY),
}


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_letter_reads_as_it_was_approved(name, language):
    case, written_on = EXAMPLES[name]

    letter = write(
        LetterKind.ACKNOWLEDGEMENT, case, controller=SMART_FMS, written_on=written_on, language=language
    )

    approved = (GOLDEN / f"{name}.{language}.txt").read_text("utf-8")
    assert f"{letter.subject_line}\n\n{letter.body}" == approved
