"""The report as one self-contained page: charts of our own, no script, nothing from outside."""

from smsctl.cli.report.page import report_page

__all__ = ["report_page"]
