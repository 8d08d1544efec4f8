"""Fixtures of the engines' tests."""

import pytest


@pytest.fixture
def typed(monkeypatch, capsys):
    from tests.cli.commands import typed  # needs Django's settings, which are not there yet when this file is loaded

    return typed(monkeypatch, capsys)
