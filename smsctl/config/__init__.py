"""What the operator wrote: one YAML file, the environment, and defaults for the rest.

Every problem is told at once, each with its path. Knows the core's rules and nothing of stores,
vendors or terminals.
"""

from __future__ import annotations

from smsctl.config.intake import Setting
from smsctl.config.loading import load
from smsctl.config.model import Config, policy

__all__ = ["Config", "Setting", "load", "policy"]
