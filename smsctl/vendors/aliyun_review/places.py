"""Where a message would send its reader: links and contacts, as patterns."""

from __future__ import annotations

import re

NO_LABEL = "\x00"
"""Stands for a variable where it must not be read as part of a word."""

_ENDS = (
    "com|cn|net|org|edu|gov|info|biz|top|xyz|vip|shop|club|site|online|store|tech|app|dev|link"
    "|live|fun|ltd|group|wang|pub|red|ink|mobi|asia|name|pro|work|cc|co|me|tv|io|ai|im|la|ly|gg"
    "|hk|tw|mo|us|uk|jp|de|fr|ru|eu|gl|gd|be|is|to|sh|run|url|so"
)
_PATH = r"[A-Za-z0-9\-._~:/?#@!&*+=%]*"

LINK = re.compile(
    rf"(?:https?|ftp)\s?[:：]\s?[/\\]{{2}}{_PATH}"
    rf"|(?<![A-Za-z0-9])www\s?[.．。]\s?{_PATH}"
    rf"|(?<![A-Za-z0-9@.．\-])(?:[A-Za-z0-9][A-Za-z0-9\-]{{0,62}}[.．。])+(?:{_ENDS})"
    rf"(?![A-Za-z0-9\-])(?:[:/?]{_PATH})?"
    r"|(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])(?:[:/][A-Za-z0-9\-._~:/?=&%]*)?"
    r"|[A-Za-z0-9\-\u4e00-\u9fff]{1,30}\.(?:中国|公司|网络|网址|商城)",
    re.IGNORECASE,
)
"""Addresses with and without a scheme, short links, bare domains, numbers of hosts."""

_CHANNELS = (
    r"(?<![A-Za-z])(?:QQ|企鹅|微信|V信|VX|WX|WeChat|公众号|服务号|小红书|抖音|钉钉|旺旺|闲鱼|微博"
    r"|WhatsApp|Telegram)"
)

CONTACT = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}"
    r"|(?<![0-9])(?:(?:\+|00)?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])[（(]?0[1-9][0-9]{1,2}[)）]?[-— ]?[0-9]{7,8}(?![0-9])"
    r"|(?<![0-9])[48]00[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}(?![0-9])"
    r"|(?:电话|热线|致电|拨打|客服|咨询|详询|联系|Tel)[^0-9，。；！\x00]{0,6}[0-9][0-9\-]{2,}"
    rf"|(?:加|关注|搜索?|联系|咨询|扫码?|进)\s?(?:我们?|官方|客服|企业)?的?\s?{_CHANNELS}"
    r"(?:公众号|服务号|客服|群|号)?(?:\s?[:：]?\s?[A-Za-z0-9_\-]{5,})?"
    rf"|{_CHANNELS}(?:公众号|客服|群|号)?\s?[:：]?\s?[A-Za-z0-9_\-]{{5,}}"
    rf"|{_CHANNELS}(?:客服|群)"
    r"|关注[^，。！\x00]{0,12}(?:公众号|服务号)",
    re.IGNORECASE,
)
"""Mail, phones, service numbers, and the names of channels where they invite."""
