from __future__ import annotations

from tests.bench import accepting, doors, report
from tests.bench.accepting import Shape, Tally


def test_what_the_bench_sends_is_acknowledged_and_found_in_the_store_again():
    shape = Shape(sessions=4, mails=20, one_each=False)
    one_each = Shape(sessions=4, mails=20, one_each=True)

    book = accepting.measure([doors.bare, doors.sqlite], shapes=[shape, one_each], rounds=1, warming=5)

    (tally,) = book.tallies
    assert tally == Tally(door=doors.SQLITE, sent=45, acknowledged=45, missing=0, twice=0)
    assert tally.is_square
    for of in (shape, one_each):
        assert {door for told, door in book.turns if told == str(of)} == {doors.BARE, doors.SQLITE}
        assert str(of) in report.accepting(book)
    assert report.accepting(book).count(f"\n  {doors.BARE} ") == 2
    assert report.accepting(book).count(f"\n  {doors.SQLITE} ") == 2


def test_a_mail_that_was_acknowledged_and_is_missing_is_told():
    lost = Tally(door=doors.SQLITE, sent=2, acknowledged=2, missing=1, twice=0)
    refused = Tally(door=doors.SQLITE, sent=2, acknowledged=1, missing=0, twice=0)
    doubled = Tally(door=doors.SQLITE, sent=2, acknowledged=2, missing=0, twice=1)

    verdicts = [tally.is_square for tally in (lost, refused, doubled)]

    assert verdicts == [False, False, False]
