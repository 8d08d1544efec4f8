"""What is logged names places in the code, never patients."""

import logging
import sys

from openfls.record.logs import Discreet


def logged(message: str, *args: object, raised: BaseException | None = None) -> str:
    info = (type(raised), raised, raised.__traceback__) if raised else None
    return Discreet().format(logging.LogRecord("openfls", logging.ERROR, "", 0, message, args, info))


def test_an_nhs_number_in_a_message_is_blanked_with_and_without_spaces():
    line = logged("could not match %s and 943 476 5919 of message 12345678901", "9434765919")
    assert "[number] and [number] of message 12345678901" in line


def test_an_exception_is_named_by_type_and_place_and_its_words_are_left_out():
    def insert() -> None:
        raise ValueError("Key (nhs_number)=(9434765919) of ONEILL, Bela")

    try:
        insert()
    except ValueError as error:
        line = logged("failed", raised=error)
    assert "in insert" in line
    assert "ValueError" in line
    assert __file__ in line
    assert "ONEILL" not in line


def test_an_exception_that_another_caused_says_nothing_of_either():
    try:
        try:
            raise KeyError("ONEILL")
        except KeyError as first:
            raise RuntimeError("SMITH") from first
    except RuntimeError:
        line = logged("failed", raised=sys.exc_info()[1])
    assert "RuntimeError" in line
    assert not {"ONEILL", "SMITH"} & set(line.replace("'", " ").split())


def test_the_servers_own_log_goes_through_it():
    assert any(isinstance(handler.formatter, Discreet) for handler in logging.getLogger().handlers)
    assert logging.getLogger("django").handlers == []
