"""Chinese for `lint`; the rules themselves are in `review.py`."""

from __future__ import annotations

from collections.abc import Mapping

LINT: Mapping[str, str] = {
    "The vendor's review rules for a template or a signature, offline.": "离线检查模板或签名是否符合供应商的审核规范。",
    "Judge a template by the vendor's review rules, without asking; 8 if it would be refused.": (
        "按供应商的审核规范检查模板，不联网；会被驳回时退出码为 8。"
    ),
    "Judge a signature by the vendor's review rules, without asking; 8 if it would be refused.": (
        "按供应商的审核规范检查签名，不联网；会被驳回时退出码为 8。"
    ),
    "The template; - reads stdin. Default: every purpose's text.": "模板内容；- 表示读标准输入。默认：每个用途的 text。",
    "A file with one template.": "内含一个模板的文件。",
    "The signature in front; gateway.sign_name.": "前面的签名；默认 gateway.sign_name。",
    "The signature; - reads stdin. Default: the one set.": "签名；- 表示读标准输入。默认：已配置的签名。",
    "give the template or --file, not both": "模板内容和 --file 只能给一个",
    "no purpose has a text to judge": "没有哪个用途写了可检查的 text",
    "give the template, or write it under purposes as text": "请给出模板内容，或写在 purposes 下的 text 中",
    "there is no configuration with a signature to judge": "没有可供检查签名的配置",
    "give the signature": "请给出签名",
    "{path} cannot be read: {reason}": "无法读取 {path}：{reason}",
    "{path} is not UTF-8": "{path} 不是 UTF-8 编码",
    "save it as UTF-8": "请存为 UTF-8",
    "Purpose {purpose}": "用途 {purpose}",
    "Rewritten, as far as that is mechanical:": "可机械改写的部分改写后：",
    "On a phone:": "手机上显示：",
    "characters: {characters}, segments: {segments}, CNY a message: {price}": (
        "{characters} 个字符，按 {segments} 条计费，每次 {price} 元"
    ),
    "source: {source}": "出处：{source}",
}
