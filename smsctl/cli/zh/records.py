"""What the vendor wrote down: receipts, `probe`, `reconcile`."""

from __future__ import annotations

from collections.abc import Mapping

RECORDS: Mapping[str, str] = {
    "the console gateway sends nothing, so there is no vendor to ask": "控制台网关不发送短信，因此没有可查询的供应商",
    "set gateway.provider: aliyun and its access key": "请设置 gateway.provider: aliyun 及其访问密钥",
    "a question to the SMS vendor has no answer; nothing was sent by asking": "向短信供应商的查询没有得到回答；查询本身不发送任何短信",
    "the message says why; smsctl config check --online asks more": "消息中说明了原因；smsctl config check --online 会查询更多",
    "the SMS vendor does not let this access key ask": "短信供应商不允许此访问密钥查询",
    "grant what smsctl config ram-policy prints": "请授予 smsctl config ram-policy 打印的权限",
    "Compare what was sent here with what the vendor counted, day by day.": "逐日对比本地发送量与供应商的统计。",
    "How many, to yesterday; 7.": "截至昨天的天数；默认 7。",
    "Drift that is none: 2%, at least 5.": "可忽略的偏差：默认 2%，至少 5 条。",
    "Only the configured signature, not the whole account.": "只统计已配置的签名，而不是整个账号。",
    "--threshold is a percentage from 0 to 100, like 2%": "--threshold 是 0 到 100 的百分比，如 2%",
    "matches": "一致",
    "more there": "供应商偏多",
    "fewer there": "供应商偏少",
    "told twice": "说法不一",
    "not told": "未给出",
    "Here": "本地",
    "Vendor": "供应商",
    "Drift": "偏差",
    "Verdict": "结论",
    "all days": "全部",
    "not known": "未知",
    "messages to other countries could not be counted: {why}": "无法统计发往其他国家和地区的短信：{why}",
    "What was sent here is what the vendor counted.": "本地发送量与供应商的统计一致。",
    "The vendor counted more than was sent here: somebody else sends with your key, or another system shares the account.": "供应商的统计多于本地发送量：有人在用您的密钥发送，或有其他系统共用此账号。",
    "look through the vendor's records for signatures, templates and numbers that are not yours; where there are any, disable the key at once": "请在供应商的发送记录中查找不属于您的签名、模板和号码；如有，请立即禁用该密钥",
    "The vendor counted fewer than was sent here: it does not know some of the sends.": "供应商的统计少于本地发送量：有些发送它并不知道。",
    "does another account's key send? A day's count may also come late: look again in some hours": "是否用了另一个账号的密钥发送？当天的统计也可能滞后：请几小时后再看",
    "The vendor told several counts of one day; the largest was compared.": "供应商对同一天给出了多个数字；已取最大值对比。",
    "look again later; if it stays so, ask the vendor": "请稍后再看；若仍如此，请询问供应商",
    "The vendor's answer has no readable count of some days.": "供应商的回答中有些天没有可读的数字。",
}
