"""Channels that tell somebody of an alert: chat robots, webhooks, e-mail."""
