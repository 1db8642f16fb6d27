"""Does our count match the bill? The store's counts against the vendor's, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from smsctl.config import Config
from smsctl.core.admin import Day
from smsctl.core.drift import Compared, closest, compare, counted
from smsctl.core.errors import VendorDenied, VendorUnavailable
from smsctl.core.phrase import Phrase
from smsctl.core.segments import purpose_segments
from smsctl.vendors.aliyun_account.refusals import Refusal
from smsctl.vendors.aliyun_fields import CHINA
from smsctl.vendors.aliyun_records.questions import Statistics
from smsctl.vendors.aliyun_records.reading import Patience, read
from smsctl.vendors.aliyun_records.statistics import counts_of
from smsctl.vendors.aliyun_records.values import DayCount
from smsctl.wiring.receipts import PATIENCE, ask_vendor

_Counts = Mapping[date, DayCount | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """Both counts, and what is known of the vendor's besides."""

    days: Sequence[Compared]
    """Oldest first; today, which is not over, is not among them."""
    total: Compared
    home: Mapping[date, DayCount]
    """The vendor's counts of the mainland."""
    abroad: Mapping[date, DayCount]
    """The vendor's counts of other countries, Hong Kong, Macao and Taiwan among them."""
    unasked: Phrase | None
    """Why the counts of other countries are not known, where nothing is sent there."""

    @property
    def ok(self) -> bool:
        """Whether no day, nor all of them together, is out."""
        return all(each.verdict == "ok" for each in (*self.days, self.total))


def reconcile(
    config: Config,
    days: Sequence[Day],
    *,
    last: int,
    now: float,
    percent: float,
    own_sign: bool,
    patience: Patience = PATIENCE,
) -> Reconciled:
    """Return the `last` whole days before now compared; `days` are the store's, two more of them.

    `own_sign`: only what the vendor counts under the configured signature. Raises ConfigError where
    no real gateway is configured, VendorUnavailable where the vendor does not tell.
    """
    until = datetime.fromtimestamp(now, CHINA).date()
    first, end = until - timedelta(days=last), until - timedelta(days=1)
    sign = config.gateway.sign_name if own_sign else ""
    asked = Statistics(first=first, last=end, sign=sign)
    home, far = _asked(config, asked, patience)
    there = {day: _sum(day, home, far) for day in home}
    disputed = [day for day in home if _disputed(day, home, far)]
    *compared, total = closest(
        compare(
            counted(days, zone=config.timezone, theirs=CHINA, segments=segments),
            there,
            disputed=disputed,
            percent=percent,
        )
        for segments in ({}, _segments(config))
    )
    return Reconciled(
        days=compared,
        total=total,
        home={day: each for day, each in home.items() if each},
        abroad={} if isinstance(far, Phrase) else {day: each for day, each in far.items() if each},
        unasked=far if isinstance(far, Phrase) else None,
    )


def _asked(
    config: Config, home: Statistics, patience: Patience
) -> tuple[_Counts, _Counts | Phrase]:
    """Return the vendor's counts of the mainland and of elsewhere, or why the latter is not known.

    An account need not have messages abroad at all: where nothing is sent there, that is no fault.
    """
    abroad = replace(home, abroad=True)
    told = read(ask_vendor(config), [home, abroad], patience=patience)
    here, there = told[home], told[abroad]
    if isinstance(here, Refusal):
        raise _unavailable(here)
    counts = counts_of(here, first=home.first, last=home.last)
    if not isinstance(there, Refusal):
        return counts, counts_of(there, first=home.first, last=home.last)
    if there.kind == "other" and config.phone.countries == {"CN"}:
        return counts, there.message
    raise _unavailable(there)


def _segments(config: Config) -> Mapping[str, int]:
    """Return the segments of each purpose's messages, as far as their texts are known."""
    return {
        name: purpose_segments(
            purpose, sign_name=config.gateway.sign_name, code_length=config.code.length
        )
        or 1
        for name, purpose in config.purposes.items()
    }


def _sum(day: date, home: _Counts, far: _Counts | Phrase) -> int | None:
    told = [counts[day] for counts in (home, far) if not isinstance(counts, Phrase)]
    return None if None in told else sum(each.total for each in told if each)


def _disputed(day: date, home: _Counts, far: _Counts | Phrase) -> bool:
    told = (counts[day] for counts in (home, far) if not isinstance(counts, Phrase))
    return any(each.disputed for each in told if each)


def _unavailable(refusal: Refusal) -> VendorUnavailable:
    kind = VendorDenied if refusal.kind in {"key", "denied"} else VendorUnavailable
    return kind(refusal.message, hint=refusal.hint)
