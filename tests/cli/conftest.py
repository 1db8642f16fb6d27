"""Command lines over private servers."""

from __future__ import annotations

from tests.cli.desks import bare, desk, make_desk

__all__ = ["bare", "desk", "make_desk"]
