"""The controller's file: what it must hold, and what is said when it does not."""

from dataclasses import replace
from datetime import date

import pytest

from cases.controller import AUTORITEIT_PERSOONSGEGEVENS, DEFAULT, Authority, read
from cases.errors import SettingMissing

WHOLE = DEFAULT.read_text("utf-8")


def test_without_a_file_it_is_the_controller_of_the_privacy_statement():
    found = read()

    assert found.sender_name == "Smart FMS Service Desk"
    assert found.postal == ("Smart FMS B.V.", "T.a.v. Service Desk", "Postbus 2593", "3800 GC AMERSFOORT")
    assert found.statement_date == date(2018, 5, 16)
    assert found.kept_years == 2
    assert found.authority is AUTORITEIT_PERSOONSGEGEVENS
    assert found.office == ()


def test_another_file_is_another_controller(tmp_path):
    place = tmp_path / "ours.toml"
    authority = '\n[authority]\nname = "GBA"\nwebsite = "gba.example"\npostal = ["Straat 1"]\nphone = "1"\n'
    place.write_text(WHOLE.replace("Smart FMS B.V.", "Voorbeeld NV") + authority, "utf-8")

    found = read(place)

    own = Authority(name="GBA", website="gba.example", postal=("Straat 1",), phone="1")
    expected = replace(
        read(), name="Voorbeeld NV", postal=("Voorbeeld NV", *read().postal[1:]), authority=own
    )
    assert found == expected


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('mail = "servicedesk@smartfms.nl"', "", "lacks the key mail."),
        ('phone = "(033) 496 06 51"', "phone = 334960651", "a text on one line for the key phone."),
        ('name = "Smart FMS B.V."', 'name = "Smart\\nFMS"', "a text on one line for the key name."),
        ('short_name = "Smart FMS"', 'short_name = " "', "a text on one line for the key short_name."),
        ('"Postbus 2593"', "2593", "a list of lines for the key postal."),
        ("2018-05-16", '"in May"', "a date like 2018-05-16 for the key statement_date."),
        ("2018-05-16", "2018-05-16T00:00:00Z", "a date like 2018-05-16 for the key statement_date."),
        ("kept_years = 2", "kept_years = true", "a whole number of years from 1 for the key kept_years."),
        ("kept_years = 2", "kept_years = 2\nofice = []", "holds the unknown key ofice"),
        ("kept_years = 2", 'kept_years = 2\nauthority = "AP"', "authority as a table of its own"),
        ("kept_years = 2", 'kept_years = 2\nauthority.name = "AP"', "lacks the key website."),
        ('name = "Smart FMS B.V."', "name = ", "is no TOML"),
    ],
)
def test_a_broken_file_is_a_sentence_that_names_setting_and_key(tmp_path, before, after, said):
    assert before in WHOLE
    place = tmp_path / "broken.toml"
    place.write_text(WHOLE.replace(before, after, 1), "utf-8")

    with pytest.raises(SettingMissing) as fault:
        read(place)

    assert str(fault.value).startswith(f"RIGHTSDESK_CONTROLLER is missing or wrong: the file {place} ")
    assert said in str(fault.value)


def test_a_file_that_is_not_there_or_no_text_is_a_sentence_too(tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')

    for place, said in ((tmp_path / "none.toml", "cannot be read"), (tmp_path / "latin.toml", "not UTF-8")):
        with pytest.raises(SettingMissing, match=said):
            read(place)
