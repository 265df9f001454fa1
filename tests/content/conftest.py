"""Looking at the checks imports them, and they carry a mark that the judge gives meaning to."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "overrides(**settings): settings that a check varies")
