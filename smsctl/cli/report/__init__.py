"""The report as one self-contained page: charts of our own, no script, nothing from outside."""
