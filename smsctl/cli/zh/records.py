"""What the vendor wrote down: receipts, `probe`, `reconcile`."""

from __future__ import annotations

from collections.abc import Mapping

RECORDS: Mapping[str, str] = {
    "the console gateway sends nothing, so there is no vendor to ask": "控制台网关不发送短信，因此没有可查询的供应商",
    "set gateway.provider: aliyun and its access key": "请设置 gateway.provider: aliyun 及其访问密钥",
}
