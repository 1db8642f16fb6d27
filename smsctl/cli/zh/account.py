"""What the vendor says of the account: `config check --online` and `onboard`."""

from __future__ import annotations

ACCOUNT: dict[str, str] = {
    # why there is no answer
    "the access key may not do {action}: {code}": "该 AccessKey 无权执行 {action}：{code}",
    "grant its RAM user {action}; smsctl config ram-policy prints the policy": "请给它的 RAM 用户授予 {action}；smsctl config ram-policy 会打印权限策略",
    "{meaning} ({code})": "{meaning}（{code}）",
    "the SMS vendor refused the question: {code}": "短信供应商拒绝了查询：{code}",
}
