"""The Chinese catalogue: from the English template to the Chinese one, by who says it.

A test finds every template in the source, and holds each to its values.
"""

from __future__ import annotations

from smsctl.cli.zh.account import ACCOUNT
from smsctl.cli.zh.alerts import ALERTS
from smsctl.cli.zh.breakdown import BREAKDOWN
from smsctl.cli.zh.checks import CHECKS
from smsctl.cli.zh.codes import CODES
from smsctl.cli.zh.configuration import CONFIGURATION
from smsctl.cli.zh.failures import FAILURES
from smsctl.cli.zh.lint import LINT
from smsctl.cli.zh.onboard import ONBOARD
from smsctl.cli.zh.operations import OPERATIONS
from smsctl.cli.zh.overrides import OVERRIDES
from smsctl.cli.zh.records import RECORDS
from smsctl.cli.zh.report import REPORT
from smsctl.cli.zh.review import REVIEW
from smsctl.cli.zh.screens import SCREENS
from smsctl.cli.zh.vendors import VENDORS
from smsctl.cli.zh.watch import WATCH
from smsctl.cli.zh.why import WHY

CATALOGUE = {
    **SCREENS,
    **OPERATIONS,
    **CONFIGURATION,
    **FAILURES,
    **CHECKS,
    **VENDORS,
    **CODES,
    **REVIEW,
    **LINT,
    **ACCOUNT,
    **ALERTS,
    **BREAKDOWN,
    **ONBOARD,
    **OVERRIDES,
    **WATCH,
    **RECORDS,
    **REPORT,
    **WHY,
}
