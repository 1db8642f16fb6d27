"""Chinese for `limits`, `usage` and `config`: what operators read and are asked."""

from __future__ import annotations

from collections.abc import Mapping

OPERATIONS: Mapping[str, str] = {
    # limits
    "Show every rule: used, max, left and the time to the next send.": (
        "显示每条规则：已用、上限、剩余，以及多久后可再发。"
    ),
    "Clear what counts against a phone, an address or the fuses; leaves an audit record.": (
        "清除某个手机号、地址或总闸的计数；留下审计记录。"
    ),
    "One mobile number.": "一个手机号。",
    "One client address, IPv4 or IPv6.": "一个客户端地址，IPv4 或 IPv6。",
    "One purpose; else all.": "一个用途；不写则为全部。",
    "The fuses: every rule per: all.": "总闸：所有 per: all 的规则。",
    "The phone's codes and wrong tries as well.": "连同该手机号的验证码和错误次数。",
    "For the audit record.": "写入审计记录的原因。",
    "Do not ask.": "不再询问。",
    "Show it, and change nothing.": "只显示，不做任何改动。",
    "--code needs --phone": "--code 需要 --phone",
    "a code belongs to one phone: name it": "验证码属于某个手机号：请指明",
    "nothing to reset was named": "没有指明要清除什么",
    "give --phone, --ip or --fuse": "请给出 --phone、--ip 或 --fuse",
    "This clears, for {subjects}:": "将为 {subjects} 清除：",
    "Clear these?": "确定清除吗？",
    "Cleared.": "已清除。",
    "Nothing was changed: this was a dry run.": "未做任何改动：这只是试运行。",
    "Limits": "限额",
    "Limits of {subjects}": "{subjects} 的限额",
    "Rule": "规则",
    "Per": "对象",
    "Window": "窗口",
    "Used": "已用",
    "Max": "上限",
    "Left": "剩余",
    "Next send in": "多久后可再发",
    "Purpose": "用途",
    "Expires in": "有效期还剩",
    "Tries left": "剩余次数",
    "Live codes": "有效的验证码",
    "Wrong tries: {used} of {most}": "错误次数：{used}，上限 {most}",
    "Wrong tries: {used}": "错误次数：{used}",
    "{rule} (observes only)": "{rule}（仅观察）",
    "{wait}": "{wait}",
    "now": "现在",
    "none": "无",
    # a yes, or none
    "this needs a yes, and there is no terminal to ask at: nothing was changed": (
        "此操作需要确认，而这里没有终端可以询问：未做任何改动"
    ),
    "not confirmed: nothing was changed": "未确认：未做任何改动",
    "to go on, type: {command}": "要继续，请输入：{command}",
    "{question} [y/N]": "{question} [y/N]",
    # usage
    "Show day by day what was sent, against the fuse, and what is left of today.": (
        "按天显示发送量与总闸的对比，以及今天还剩多少。"
    ),
    "One line for monitoring, exit code 0 to 3.": "供监控读取的一行，退出码 0 到 3。",
    "Warn from here; 80, of conversion 50, of gateway 5.": "告警阈值；默认 80，验证率 50，网关 5。",
    "Critical; 95, of conversion 30, of gateway 20.": "严重阈值；默认 95，验证率 30，网关 20。",
    "-w and -c need a check": "-w 和 -c 需要配合检查",
    "-w is below -c": "-w 低于 -c",
    "-w and -c are percentages from 0 to 100": "-w 和 -c 是 0 到 100 的百分比",
    "-w is above -c": "-w 大于 -c",
    "warn before it is critical": "告警应先于严重",
    "see smsctl usage --help": "见 smsctl usage --help",
    "Day": "日期",
    "Sent": "已发",
    "Rejected": "被拒收",
    "Unknown": "未知",
    "Pending": "待定",
    "Verified": "已验证",
    "Refused": "已拦截",
    "of {most}": "满格 {most}",
    "{rule}: {used} of {most} used ({percent} %), {left} left {span}": (
        "{rule}：已用 {used}，上限 {most}（{percent} %），{span}还剩 {left}"
    ),
    "today": "今天",
    "this month": "本月",
    "in {window}": "{window} 内",
    "at this pace it trips at {time}": "照此速度，将于 {time} 跳闸",
    "it is full: nothing more is sent": "已满：不再发送",
    "There is no fuse: nothing bounds the messages of a day.": "没有总闸：每天的短信量没有上限。",
    "Observed: would have been refused": "仅观察：本会被拦截",
    "Rule or reason": "规则或原因",
    "Today": "今天",
    "All days": "全部天数",
    "{count} passed unchecked while the captcha vendor was down": (
        "人机验证服务中断期间放行了 {count} 次"
    ),
    "{count} for test numbers, not sent": "测试号码 {count} 次，未实际发送",
    "What the rules promise, whatever happens": "无论发生什么，规则保证",
    "at most {count} messages a day": "每天最多 {count} 条短信",
    "at most {count} messages a day, {each} to one phone": (
        "每天最多 {count} 条短信，每个手机号最多 {each} 条"
    ),
    "nothing bounds the messages of a day": "每天的短信量没有上限",
    "at most {cost} CNY a day, segments a message: {segments}": (
        "每天最多 {cost} 元，每条短信按 {segments} 段计费"
    ),
    "about {cost} CNY a day, segments a message: {segments} where texts are known": (
        "每天约 {cost} 元，按已知模板内容每条 {segments} 段计费"
    ),
    "nothing bounds the cost of a day": "每天的费用没有上限",
    "at most {count} guesses a day at one phone: the odds that one is right are {odds}": (
        "每个手机号每天最多猜 {count} 次：猜中的概率为 {odds}"
    ),
    "at most {count} guesses a day in all: the odds that any is right are {odds}": (
        "每天总共最多猜 {count} 次：有一次猜中的概率为 {odds}"
    ),
    "nothing bounds the guesses of a day": "每天的猜测次数没有上限",
    # config
    "Check everything: the file, the rules, the store; 78 with an error.": (
        "检查一切：文件、规则、存储；有错误时退出码为 78。"
    ),
    "Show the values in force, and where each came from; secrets are masked.": (
        "显示生效的值及其来源；机密已遮盖。"
    ),
    "Where; by default where it is looked for first.": "写到哪里；默认为最先查找的位置。",
    "Replace the file that is there.": "替换已有的文件。",
    "{path} exists. Replace it?": "{path} 已存在。要替换吗？",
    "Written: {path}": "已写入：{path}",
    "no file: the defaults": "没有文件：使用默认值",
    "cannot be written: {reason}": "无法写入：{reason}",
    "Key": "键",
    "Value": "值",
    "Origin": "来源",
    "nothing is wrong": "没有问题",
    "{errors}, {warnings}": "{errors}，{warnings}",
    "1 error": "1 个错误",
    "{count} errors": "{count} 个错误",
    "1 warning": "1 个警告",
    "{count} warnings": "{count} 个警告",
    "Print the ACL line of a Redis user that may do what smsctl does, and nothing else.": "打印 Redis 用户的 ACL 行：只够 smsctl 使用，别无其他权限。",
    "The user's name.": "用户名。",
    "Also what the command line needs, not the guard alone.": "除防护本身外，还包括命令行所需的权限。",
    "The line for the sentinels, not for the servers.": "给哨兵的那一行，而不是给服务器的。",
    "a user's name has 1 to 64 letters, digits and ._-": "用户名由 1 到 64 个字母、数字或 ._- 组成",
    "default is everybody who gives no name: make a user of another one": "default 是所有未报用户名的人：请换一个用户名",
    "the configured store has no sentinels": "配置的存储没有哨兵",
    "leave --sentinels out, or set store.url to redis+sentinel://…": "去掉 --sentinels，或把 store.url 设为 redis+sentinel://…",
    "the embedded store needs no user: this is for a server of your own": "内置存储不需要用户：这是给您自己的服务器用的",
    "a new user has no password and cannot log in; give it one: {line}": "新用户没有密码，无法登录；请另行设置：{line}",
    "Write a commented starter file, readable by you alone, and check it.": "写出带注释的起始文件，仅自己可读，并检查它。",
    "The gateway; aliyun where a signature is given.": "短信网关；给出签名时为 aliyun。",
    "The approved signature.": "已通过审核的签名。",
    "The approved template of login.": "登录用途的已通过审核的模板。",
    "A purpose and its template; repeatable.": "一个用途及其模板；可重复。",
    "The human check: none, turnstile or aliyun.": "人机验证：none、turnstile 或 aliyun。",
    "turnstile: the host name of your pages.": "turnstile：您网页的主机名。",
    "aliyun captcha: the scene.": "阿里云验证码：场景。",
    "embedded, redis://… and its like.": "embedded、redis://… 等。",
    "signature, without brackets; empty to try out on the console:": "签名（不带括号）；留空则先用控制台网关试用：",
    "template for login, like SMS_20261234:": "登录用途的模板，如 SMS_20261234：",
    "more purposes, like pay=SMS_20265678, with spaces between:": "其他用途，如 pay=SMS_20265678，用空格分隔：",
    "captcha: none, turnstile or aliyun [none]:": "人机验证：none、turnstile 或 aliyun [none]：",
    "the captcha's scene id:": "人机验证的场景 ID：",
    "host name of the pages with the widget; empty for any:": "放置组件的网页的主机名；留空表示任意：",
    "store: embedded, or redis://host:6379/0 and its like [embedded]:": "存储：embedded，或 redis://host:6379/0 等 [embedded]：",
    "a template's code is SMS_ and digits, as the vendor's console shows it": "模板代码是 SMS_ 加数字，与供应商控制台所示一致",
    "a purpose is its name, = and its template: pay=SMS_20265678; the name has letters, digits and ._-": "用途写作“名称=模板”：pay=SMS_20265678；名称由字母、数字和 ._- 组成",
    "the purpose {purpose} is named twice": "用途 {purpose} 写了两次",
    "a captcha is none, turnstile or aliyun": "人机验证只能是 none、turnstile 或 aliyun",
    "a host name stands alone, like www.example.com: no https://, no path": "只写主机名，如 www.example.com：不带 https://，也不带路径",
    "a scene's id is one word of letters and digits, as the console shows it": "场景 ID 是由字母和数字组成的一个词，与控制台所示一致",
    "{option} is for --captcha {captcha}": "{option} 只用于 --captcha {captcha}",
    "the answers ended too early: nothing was written": "回答提前结束：没有写入任何内容",
    "a store is embedded, or a URL like redis://host:6379/0": "存储是 embedded，或形如 redis://host:6379/0 的地址",
    "a password does not belong in the file: write ${SMSCTL_REDIS_PASSWORD} in its place": "密码不应写在文件里：请改写为 ${SMSCTL_REDIS_PASSWORD}",
}
