"""Whose a mainland number prefix is: the network, and whether a virtual operator's or a machine's.

Source: the numbering of public networks by the Ministry of Industry and Information Technology, as
of 2024, and the operators' announcements since. It names prefixes for people; nothing is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smsctl.core.phrase import Phrase, phrase

Network = Literal["mobile", "unicom", "telecom", "broadnet", "satellite"]
Kind = Literal["ordinary", "virtual", "iot"]

_CHINA = "+86"

_NETWORKS: dict[Network, str] = {
    "mobile": "134 135 136 137 138 139 147 148 150 151 152 157 158 159 172 178 182 183 184 187 188 "
    "195 197 198 165 1440 1703 1705 1706",
    "unicom": "130 131 132 140 145 146 155 156 166 167 175 176 185 186 196 171 1704 1707 1708 1709",
    "telecom": "133 141 149 153 162 173 177 180 181 189 190 191 193 199 1700 1701 1702",
    "broadnet": "192",
    "satellite": "1349 174",
}
_VIRTUAL = ("162", "165", "167", "170", "171")
_IOT = ("140", "141", "144", "146", "148", "149")

NETWORKS: dict[Network, Phrase] = {
    "mobile": phrase("China Mobile"),
    "unicom": phrase("China Unicom"),
    "telecom": phrase("China Telecom"),
    "broadnet": phrase("China Broadnet"),
    "satellite": phrase("satellite"),
}
KINDS: dict[Kind, Phrase] = {
    "ordinary": phrase("ordinary"),
    "virtual": phrase("virtual operator"),
    "iot": phrase("Internet of Things"),
}

_BY_PREFIX = {
    prefix: network for network, prefixes in _NETWORKS.items() for prefix in prefixes.split()
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """What is known of a prefix."""

    network: Network | None
    """Whose network it is in; None where the list does not say."""
    kind: Kind

    @property
    def conspicuous(self) -> bool:
        """Whether people seldom have such a number: pumped ones often are."""
        return self.kind != "ordinary"


def carrier_of(number: str) -> Carrier | None:
    """Return what is known of a number or its beginning in E.164; None outside the mainland."""
    if not number.startswith(_CHINA):
        return None
    national = number.removeprefix(_CHINA)
    network = _BY_PREFIX.get(national[:4]) or _BY_PREFIX.get(national[:3])
    if national.startswith(_VIRTUAL):
        return Carrier(network, "virtual")
    return Carrier(network, "iot" if national.startswith(_IOT) else "ordinary")
