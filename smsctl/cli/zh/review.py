"""Chinese for the vendor's review rules."""

from __future__ import annotations

from collections.abc import Mapping

REVIEW: Mapping[str, str] = {
    # templates
    "there is no text in it": "没有内容",
    "has {length} characters, the variable included: {most} is the most": (
        "含变量共 {length} 个字符：最多 {most} 个"
    ),
    "has {count} variables: a code's template has exactly one, the code": (
        "有 {count} 个变量：验证码模板只能有一个，即验证码"
    ),
    "has no variable: write {form} where the code stands": "没有变量：请在验证码的位置写 {form}",
    "a variable is written {form}, its name in letters, digits and _": (
        "变量要写成 {form}，变量名只用字母、数字和 _，以字母开头"
    ),
    "a sign of a variable stands alone: it would be read as one": "有单独的变量符号：会被当成变量",
    "{name} is a name that the vendor keeps for itself": "{name} 是供应商保留的变量名",
    "says none of {words}: one of them has to be there": "必须包含其中之一：{words}",
    "has no Chinese: it can be approved for international numbers alone; segments and price are told here as in the mainland": (
        "没有中文：只可能作为国际短信模板通过；此处条数和价格按国内短信计算"
    ),
    "does not say that it is a code, like: verification code": "没有说明是验证码，例如 verification code",
    "states neither platform nor purpose nor expiry: one has to be there": (
        "没有说明使用平台、用途或失效时间：至少要有一个"
    ),
    "states no expiry, and no purpose or platform that could be made out": (
        "没有失效时间，也看不出用途或平台"
    ),
    "says {stated} s, and code.ttl is {ttl} s": "写的是 {stated} 秒，而 code.ttl 是 {ttl} 秒",
    "a code has {fewest} to {most} characters": "验证码为 {fewest} 到 {most} 位",
    "says {stated} digits, and code.length is {length}": "写的是 {stated} 位，而 code.length 是 {length}",
    "a code's template has no links of any kind": "验证码模板不支持任何链接",
    "a code's template has no contacts: no phone, QQ, WeChat, public account or mail": (
        "验证码模板不能有联系方式：手机、固话、QQ、微信、公众号、邮箱等"
    ),
    "sends the reader to somebody: take it out": "让收信人去找别人：请删去",
    "greets like a friend: say what the code is for, and no more": "熟人式的招呼：只写验证码的用途即可",
    "a polite word too many: reviewers want the code, its purpose and its expiry": (
        "多余的客套：审核只要验证码、用途和有效期"
    ),
    "advertises: a code's template has no marketing words": "有营销用语：验证码模板不能含营销、广告词语",
    "may be read as marketing: say it in other words": "可能被视为营销：请换个说法",
    "a code's template has no way to unsubscribe: that is for advertisements": (
        "验证码模板不能有退订方式：那是推广短信的"
    ),
    "notifies: what has happened belongs into a notification template": (
        "是通知内容：已发生的事请用通知短信模板"
    ),
    "sounds like a notification: take it out": "像是通知：请删去",
    "names a business that the vendor refuses, or wants papers for": (
        "涉及供应商限制的业务：不予通过，或需要资质"
    ),
    "a word in disguise: the vendor refuses odd spellings": "变体字：供应商不接受非常规的写法",
    "no 【】 anywhere and no [ ] at its ends: the vendor puts the signature in front": (
        "任何位置都不能用【】，首尾不能用 [ ]：签名由供应商加在前面"
    ),
    "UTF-8 that was read in another encoding": "乱码：UTF-8 文字被按别的编码读取",
    "a special symbol: phones and carriers show it wrongly, or not at all": (
        "特殊符号：手机和运营商可能显示错误或不显示"
    ),
    "traditional characters are not approved": "不支持繁体字",
    "letters or digits of an unusual width or look": "字母或数字用了全角等特殊字形",
    "letters of another language: Chinese and English alone are approved": (
        "有其他语言的文字：只支持中文和英文"
    ),
    "characters that nobody sees": "有看不见的字符",
    "white space at an end, doubled, or other than a plain space": (
        "首尾空格、连续空格，或普通空格以外的空白"
    ),
    # signatures
    "has {length} characters: {most} is the most": "有 {length} 个字符：最多 {most} 个",
    "has {length} characters: {fewest} is the fewest": "有 {length} 个字符：至少 {fewest} 个",
    "no brackets: the vendor puts 【】 around it": "不要写括号：【】由供应商添加",
    "no spaces, not at its ends either": "不能有空格，首尾也不行",
    "letters and digits alone: no punctuation, symbols or emoji": (
        "只能用中文、英文和数字：不能有标点、符号或表情"
    ),
    "says 测试 or test: a signature for trying out is not approved": "含“测试”或 test：测试用签名不予通过",
    "digits alone": "不支持全数字签名",
    "English alone is often held back by carriers: add Chinese": "纯英文签名容易被运营商拦截：请加上中文",
    "could be anybody: name the company, the product or the site": (
        "中性签名：请写公司、产品或网站的名称"
    ),
}
