"""What the guard means: rules, codes, answers, and the flow through the three gates.

Standard library only. No I/O, no clock, no environment.
"""
