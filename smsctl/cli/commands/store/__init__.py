"""The embedded server, and a Redis user of few rights."""
