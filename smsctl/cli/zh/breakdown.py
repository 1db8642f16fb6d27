"""Usage broken down, and whose a number segment is."""

from __future__ import annotations

from collections.abc import Mapping

BREAKDOWN: Mapping[str, str] = {
    "Break down by hour, rule, purpose, country, segment or ip.": "按 hour、rule、purpose、country、segment 或 ip 细分。",
    "With --by: how many; 10.": "与 --by 合用：显示多少行；默认 10。",
    "How many days; 7, with --by 1.": "多少天；默认 7，与 --by 合用时为 1。",
    "The same, of the last whole hour's conversion.": "同上，检查上一整小时的验证率。",
    "The same, of the gateway's errors.": "同上，检查网关错误。",
    "prom, for Prometheus.": "prom，供 Prometheus 使用。",
    "With -o: written at once; else stdout.": "与 -o 合用：整体写入文件；不写则输出到标准输出。",
    "one check at a time": "一次只做一种检查",
    "-o is prom": "-o 为 prom",
    "smsctl usage -o prom --out FILE": "smsctl usage -o prom --out FILE",
    "cannot write {path}: {why}": "无法写入 {path}：{why}",
    "--top needs --by": "--top 需要 --by",
    "--by is hour, rule, purpose, country, segment or ip": "--by 为 hour、rule、purpose、country、segment 或 ip",
    "sends are remembered for {days} days one by one": "逐条发送记录只保留 {days} 天",
    "Hour": "小时",
    "Country": "国家",
    "Segment": "号段",
    "Address": "地址",
    "Conversion": "验证率",
    "Phones": "号码数",
    "Note": "备注",
    "low conversion": "验证率过低",
    "{first}, {second}": "{first}，{second}",
    "Nothing was sent or refused on these days.": "这些天没有发送，也没有拒绝。",
    "Conversion over all: {percent} %": "总验证率：{percent} %",
    "Shown: {shown} of {count}": "显示 {shown} 行，共 {count} 行",
    "Refusals are counted within a bound: each may be {error} more": "拒绝次数有误差上限：每行最多再多 {error} 次",
    "Low conversion: of 10 sends or more far fewer were verified than over all, and not by chance": "验证率过低：发送 10 条以上，验证数远低于总体，且并非偶然",
    "China Mobile": "中国移动",
    "China Unicom": "中国联通",
    "China Telecom": "中国电信",
    "China Broadnet": "中国广电",
    "satellite": "卫星",
    "ordinary": "普通",
    "virtual operator": "虚拟运营商",
    "Internet of Things": "物联网",
}
