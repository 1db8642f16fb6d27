"""What the operator wrote: one YAML file, the environment, and defaults for the rest.

Every problem is told at once, each with its path. Knows the core's rules and nothing of stores,
vendors or terminals.
"""

from __future__ import annotations

from pathlib import Path

from smsctl.config.intake import Setting
from smsctl.config.loading import load
from smsctl.config.model import Config, policy
from smsctl.config.needs import Needs

__all__ = ["Config", "Needs", "Setting", "example", "load", "policy"]


def example() -> str:
    """Return the example file: every key with its default and a comment."""
    return Path(__file__).with_name("example.yaml").read_text(encoding="utf-8")
