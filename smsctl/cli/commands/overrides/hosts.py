"""The hosts that decide by another policy, as documents tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from smsctl.core.hosts import Host, PolicyFingerprint
from smsctl.core.pace import moment


def host_documents(
    hosts: Sequence[Host], ours: PolicyFingerprint, zone: ZoneInfo
) -> Sequence[Mapping[str, object]]:
    """Return hosts, each with what it has other than `ours`."""
    return [
        {
            "host": host.name,
            "differs": ours.differing(host.policy),
            "timezone": host.policy.timezone,
            "since": moment(host.since, zone).isoformat(timespec="seconds"),
            "seen": moment(host.seen, zone).isoformat(timespec="seconds"),
        }
        for host in hosts
    ]
