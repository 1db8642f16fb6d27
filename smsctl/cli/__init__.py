"""What the operator sees: commands, screens, exit codes."""
