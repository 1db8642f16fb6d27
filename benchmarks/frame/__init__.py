"""What every question needs: a server of its own, laps in turn, a table and a bar."""
