"""Command lines over private servers."""

from __future__ import annotations

from tests.cli.desks import desk, make_desk

__all__ = ["desk", "make_desk"]
