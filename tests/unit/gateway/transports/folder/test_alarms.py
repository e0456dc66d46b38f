"""One alarm per cause, healed when the cause is gone."""

from __future__ import annotations

from gateway.transports.folder.alarms import AlarmBook


def test_a_cause_is_told_once_until_it_is_healed():
    told, healed = [], []
    book = AlarmBook(told.append, healed.append)
    for _scan in range(3):
        book.raise_("folder.vanished", "ACME", "/in", "gone")
    book.raise_("folder.vanished", "GLOBEX", "/in", "gone")
    book.heal("folder.vanished", "ACME", "/in")
    book.heal("folder.vanished", "ACME", "/in")
    assert [trouble.folder for trouble in told] == ["ACME", "GLOBEX"]
    assert [trouble.folder for trouble in healed] == ["ACME"]
    assert [trouble.folder for trouble in book.open()] == ["GLOBEX"]
    book.raise_("folder.vanished", "ACME", "/in", "gone again")
    assert [trouble.message for trouble in told] == ["gone", "gone", "gone again"]


def test_causes_that_are_no_longer_seen_are_healed_together():
    told, healed = [], []
    book = AlarmBook(told.append, healed.append)
    for name in ("a", "b", "c"):
        book.raise_("folder.directory", "ACME", name, "left")
    book.raise_("folder.directory", "GLOBEX", "a", "left")
    book.heal_others("folder.directory", "ACME", frozenset({"b"}))
    assert sorted(trouble.subject for trouble in healed) == ["a", "c"]
    assert sorted((trouble.folder, trouble.subject) for trouble in book.open()) == [("ACME", "b"), ("GLOBEX", "a")]


def test_what_has_no_end_is_told_each_time_and_never_open():
    told = []
    book = AlarmBook(told.append, told.append)
    book.once("file.refused", "ACME", "a", "a link")
    book.once("file.refused", "ACME", "a", "a link")
    assert len(told) == 2
    assert book.open() == []
