"""Chinese for the items of `config check`; those of reading the file are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, str] = {
    # what was written
    "there is no configuration file: the defaults are in force": "没有配置文件：默认值生效",
    "{problem} ({hint})": "{problem}（{hint}）",
    "{file}, mode {mode}": "{file}，权限 {mode}",
    "others can write {file}: whoever does decides the limits": (
        "他人可写 {file}：谁能写，谁就能决定限额"
    ),
    "chmod go-w {file}": "chmod go-w {file}",
    "Alibaba Cloud, with an access key": "阿里云，已配置访问密钥",
    "the console gateway: messages are printed, not sent": "控制台网关：短信只打印，不发送",
    "the console gateway sends nothing, and an access key is configured beside it": (
        "控制台网关不发送任何短信，而旁边却配置了访问密钥"
    ),
    "write gateway.provider: aliyun if messages are meant to be sent": (
        "若要真正发送，请写 gateway.provider: aliyun"
    ),
    "a real gateway on the embedded store: its fuse is this user's on this host alone": (
        "真实网关使用内置存储：总闸只管这台主机上的这个用户"
    ),
    "name one server for all hosts in store.url": "在 store.url 中写所有主机共用的服务器",
    "is still the example's: the vendor knows no such signature": (
        "仍是示例中的值：供应商没有这个签名"
    ),
    "write the signature that the vendor approved": "请写供应商审核通过的签名",
    "is still the example's: the vendor knows no such template": (
        "仍是示例中的值：供应商没有这个模板"
    ),
    "write the code of the template that the vendor approved": "请写供应商审核通过的模板编号",
    "no human check before a real gateway: programs can press the button": (
        "真实网关前没有人机验证：程序也能按下按钮"
    ),
    "configure turnstile or aliyun": "请配置 turnstile 或 aliyun",
    "no human check, and nothing is sent": "没有人机验证，也不会真正发送",
    "is one of Turnstile's secrets for tests: it tells nobody apart": (
        "是 Turnstile 的测试密钥：它不区分人与程序"
    ),
    "{provider}": "{provider}",
    "while the captcha vendor is down, up to {count} sends an hour pass unchecked": (
        "人机验证服务中断时，每小时最多有 {count} 次发送不经验证"
    ),
    "refuse lets none through": "写 refuse 则一次也不放行",
    "private addresses count as clients: behind a proxy all visitors share one limit": (
        "私有地址按客户端计数：在代理之后，所有访客共用一个限额"
    ),
    "pass the client's address from the trusted proxy, and write refuse": (
        "请从可信代理传入客户端地址，并写 refuse"
    ),
    "ran out on {until} and is refused": "已于 {until} 到期，会被拦截",
    "runs out on {until} and is refused from then on": "将于 {until} 到期，之后会被拦截",
    "take it out, or give it another until": "请删除，或改写 until",
    "{count} in force: fixed codes, nothing sent, no limits": (
        "{count} 个生效：固定验证码，不发送，不受限"
    ),
    # config check: the store
    "answers at {place}": "有应答：{place}",
    "{product} {version}": "{product} {version}",
    "{product} {version} is too old": "{product} {version} 太旧",
    "6.2 is the oldest that smsctl works with": "smsctl 至少需要 6.2",
    "takes writes": "可写",
    "{count} replicas confirm each write": "每次写入由 {count} 个副本确认",
    "no replica is connected: with durability: strict nothing is sent": "没有副本连接：durability: strict 时不会发送",
    "connect a replica, or set durability: aof": "请接入副本，或设 durability: aof",
    "{host} decides by other {parts} since {since}": "自 {since} 起，主机 {host} 使用不同的 {parts}",
    "a newer smsctl wrote records that this one leaves out: {kinds}": "有更新版本的 smsctl 写入的记录，本版本略过：{kinds}",
    "give every host on one store the same configuration": "请让使用同一存储的所有主机采用相同的配置",
    "hosts that decided lately, all by this policy: {count}": "近期有 {count} 台主机做出判定，策略均与本机相同",
    "a replica: it takes no writes, or loses them": "是从节点：不接受写入，或会丢失写入",
    "the server does not say whether it keeps its writes": "服务器未说明是否持久化写入",
    "make sure that AOF persistence is on": "请确认已开启 AOF 持久化",
    "appendonly is off: a restart hands the used limits and the fuse out again": (
        "appendonly 未开启：重启后，用掉的限额和总闸会重新发放"
    ),
    "set appendonly yes: a snapshot alone loses every send after it": (
        "请设 appendonly yes：仅有快照会丢失其后的每次发送"
    ),
    "the server failed to write its append-only file": "服务器未能写入 AOF 文件",
    "each write is on disk before it is answered": "每次写入先落盘再应答",
    "append-only file, synced each second: a kill may forget two seconds": (
        "AOF 每秒落盘：进程被杀可能丢失两秒"
    ),
    "append-only file, never synced: a power cut may forget half a minute": (
        "AOF 不主动落盘：断电可能丢失半分钟"
    ),
    "set appendfsync everysec, or always": "请设 appendfsync everysec 或 always",
    "append-only file; the server does not say how it is synced": (
        "已开启 AOF；服务器未说明如何落盘"
    ),
    "the server does not say whether it evicts keys": "服务器未说明是否淘汰键",
    "make sure that maxmemory-policy is noeviction": "请确认 maxmemory-policy 为 noeviction",
    "noeviction: what is counted stays": "noeviction：计数不会被淘汰",
    "maxmemory-policy is {policy}: short of memory it forgets limits and codes": (
        "maxmemory-policy 为 {policy}：内存不足时会丢掉限额和验证码"
    ),
    "set maxmemory-policy noeviction": "请设 maxmemory-policy noeviction",
    "agrees with this host's to {seconds} s": "与本机相差不到 {seconds} 秒",
    "{seconds} s away from this host's: limits hold, but one of the two is wrong": (
        "与本机相差 {seconds} 秒：限额仍有效，但其中一个时钟不准"
    ),
    "{seconds} s away from this host's: the scripts refuse it": (
        "与本机相差 {seconds} 秒：脚本会拒绝执行"
    ),
    "holds no codes yet: the first host to send decides its secret": (
        "还没有验证码：最先发送的主机决定其密钥"
    ),
    "belongs to this host's secret": "与本机的密钥一致",
    "give every host the same code.secret": "请让每台主机使用同一个 code.secret",
    "this user may not ask INFO: version, persistence and eviction are unknown": (
        "此用户无权执行 INFO：版本、持久化和淘汰策略未知"
    ),
    "grant the user INFO (smsctl store acl --operator), or check them by hand": "请授予该用户 INFO（smsctl store acl --operator），或自行检查",
    "this user may not load scripts: not all could be tried": "此用户无权加载脚本：未能逐一尝试",
    "grant the user SCRIPT LOAD: smsctl store acl --operator": "请授予该用户 SCRIPT LOAD：smsctl store acl --operator",
    "all {count} compile, and run": "{count} 个脚本全部可编译、可运行",
    "the vendor's SDK builds and signs a request": "供应商的 SDK 能够构造并签署请求",
}
