"""Chinese for `watch`."""

from __future__ import annotations

from collections.abc import Mapping

WATCH: Mapping[str, str] = {
    "Watch what is going on: rates, fuses, refusals, the newest events. A pipe gets JSON lines.": (
        "实时查看：速率、总闸、拦截和最新事件。输出到管道时为逐行 JSON。"
    ),
    "From one look to the next; 1s.": "两次刷新的间隔；默认 1s。",
    "End after so many looks.": "刷新这么多次后结束。",
    "--interval is a time from 100ms to 1h": "--interval 须在 100ms 到 1h 之间",
    "like 1s, 500ms or 5m": "例如 1s、500ms 或 5m",
    "q quits": "按 q 退出",
    "the store does not answer since {time}": "存储自 {time} 起没有响应",
    # Fuses
    "{used} of {most} ({percent} %)": "{used} / {most}（{percent} %）",
    "{used}, raised": "{used}，已上调",
    "{rule}: {figures}": "{rule}：{figures}",
    "at the pace of the last 5 minutes it trips at {time}": "按最近 5 分钟的速度，将于 {time} 跳闸",
    "at the pace of its whole window it trips at {time}": "按整个周期的平均速度，将于 {time} 跳闸",
    # Figures
    "A minute": "每分钟",
    "Last": "最近",
    "Mean of 5": "5 分钟均值",
    "Sends": "发送",
    "Refusals": "拦截",
    "Wrong codes": "验证码错误",
    "Refused in the last 5 minutes: {by}": "最近 5 分钟拦截：{by}",
    "Refused in the last 5 minutes, at least: {by}": "最近 5 分钟至少拦截：{by}",
    "Refused in the last 5 minutes: nobody": "最近 5 分钟没有拦截",
    "Verified of the codes sent in the last hour: {percent} % ({verified} of {sent})": (
        "最近 1 小时所发验证码的验证率：{percent} %（{verified} / {sent}）"
    ),
    "Verified of the codes sent in the last hour: none was sent": "最近 1 小时没有发送验证码",
    "The gateway took p50 {half}, p95 {most} in the last 5 minutes": (
        "最近 5 分钟网关耗时：p50 {half}，p95 {most}"
    ),
    "The gateway was not asked in the last 5 minutes": "最近 5 分钟没有请求网关",
    # Overrides and alerts
    "{what} ({span} left): {reason}": "{what}（还剩 {span}）：{reason}",
    "paused: {lane}": "已暂停：{lane}",
    "paused: all sending": "已暂停：全部发送",
    "{rule} raised to {most}": "{rule} 已上调到 {most}",
    "denied: {who}": "已拒绝：{who}",
    "allowed: {who}": "已放行：{who}",
    "more overrides in force: {count}": "另有 {count} 条指令生效",
    "overrides in force: {count}": "{count} 条指令生效",
    "alerts that no channel has taken yet: {count}": "尚未送达任何渠道的告警：{count} 条",
    # Events
    "Newest": "最新事件",
    "nothing yet": "暂无",
    "test number": "测试号码",
    "on its way": "发送中",
    "sent": "已发送",
    "rejected": "被网关拒绝",
    "outcome unknown": "结果未知",
    "verified": "已验证",
    "wrong code": "验证码错误",
    "code burnt": "验证码作废",
    "tries left: {count}": "剩余 {count} 次",
    "delivered": "已送达",
    "not delivered": "未送达",
    "no receipt yet": "暂无回执",
    "refused": "已拦截",
    "{cause}, {count} times": "{cause}，{count} 次",
    "{ms} ms": "{ms} 毫秒",
}
