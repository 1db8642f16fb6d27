"""The Chinese catalogue: from the English template to the Chinese one."""

from __future__ import annotations

CATALOGUE: dict[str, str] = {}
