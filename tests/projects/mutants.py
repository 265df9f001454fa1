"""Every single fault of the negative controls, by a name that says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from tests.projects.control import Control
from tests.projects.faults_answers import ANSWERS
from tests.projects.faults_detail import DETAIL
from tests.projects.faults_fresh import FRESH
from tests.projects.faults_load import LOAD
from tests.projects.faults_monitoring import MONITORING
from tests.projects.faults_production import FAULTS_PRODUCTION
from tests.projects.faults_races import RACES
from tests.projects.faults_settings import FAULTS_SETTINGS
from tests.projects.faults_stats import STATISTICS
from tests.projects.faults_tags import TAGGING
from tests.projects.faults_warm import WARMING
from tests.projects.faults_write_through import WRITE_THROUGH
from tests.projects.faults_writes import WRITES

MUTANTS: Mapping[str, Control] = {
    **FAULTS_SETTINGS,
    **ANSWERS,
    **DETAIL,
    **WRITES,
    **FRESH,
    **RACES,
    **FAULTS_PRODUCTION,
    **MONITORING,
    **STATISTICS,
    **LOAD,
    **WRITE_THROUGH,
    **WARMING,
    **TAGGING,
}
