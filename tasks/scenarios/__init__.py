"""Scenarios: client stories in YAML that play against the real engine with a virtual clock."""

from schuldhulp.tasks.scenarios.load import Scenario, ScenarioError, Step, load_scenario
from schuldhulp.tasks.scenarios.play import MODES, Report, StepReport, play

__all__ = ["MODES", "Report", "Scenario", "ScenarioError", "Step", "StepReport", "load_scenario", "play"]
