"""What the guard costs, beside its peers and the limit: one file for each question.

Ratios of one run are the figures; rates belong to the machine. Nothing here is imported by smsctl.
"""
