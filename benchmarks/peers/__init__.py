"""Who keeps the same three limits: the guard, libraries, and what tutorials and others do.

Each as its own documentation shows it: three limits of a library that knows one are three calls.
"""
