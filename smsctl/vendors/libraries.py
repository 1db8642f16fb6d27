"""What a call to a vendor needs, imported before its time begins to run.

On a slow machine the imports take longer than a call may; and what cannot be imported is certain.
"""

from __future__ import annotations

import importlib

from smsctl.core.phrase import phrase
from smsctl.vendors.network import Broken

SDK = (
    "alibabacloud_dysmsapi20170525",
    "alibabacloud_dysmsapi20170525.models",
    "alibabacloud_dysmsapi20170525.client",
    "alibabacloud_tea_openapi.client",
    "alibabacloud_tea_openapi.utils_models",
    "darabonba.runtime",
    "smsctl.vendors.aliyun_session",
)
"""Alibaba Cloud's: 290 ms and 48 MB, so only who asks it pays for them."""

HTTP = ("certifi", "smsctl.vendors.connections")
"""Of vendors without an SDK: 80 ms."""

REMEDY = phrase(
    "mend what it names, or reinstall smsctl-guard; smsctl config check tries it without sending"
)


def missing(modules: tuple[str, ...]) -> Broken | None:
    """Import the modules, and return what keeps one of them from it; None for nothing."""
    try:
        for name in modules:
            importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # A broken binary raises what is no Exception, and a package may even exit.
        if type(error).__module__.partition(".")[0] == "smsctl":
            raise  # the command line is being ended
        return Broken.here(error)
    return None
