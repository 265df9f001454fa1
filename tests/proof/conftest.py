"""What the proofs need of pytest itself."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """The mark of a check that varies the settings: here our own pytest reads the check files first."""
    config.addinivalue_line("markers", "overrides(**settings): settings that a check varies")
