"""What makes a function a command, runs it, and shows what it returned. Knows no command."""
