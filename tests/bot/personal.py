"""Messages with invented personal data, as residents write them: each with the raw values that must not stay."""

import random
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric

SURROUND = (
    "{}, 长者食堂今年建几个?",
    "你好我是居民,{},请问停车位新增多少",
    "{}帮我问下充电桩",
    "想问学校的事情 {}",
    "农村道路修多少公里?({})",
    "{}。谢谢",
)
LEADS = {
    "id": ("身份证{}", "我的身份证号码是{}", "证件号:{}", "{}这是我的身份证"),
    "phone": ("电话{}", "打我手机{}", "联系电话:{}", "请回拨{}", "我的号码是{}"),
    "card": ("银行卡{}", "卡号是{}", "补贴打到{}", "工行卡 {}"),
    "plate": ("车牌{}", "我的车是{}", "{}被拖走了"),
    "address": ("我住{}", "家住{}", "地址是{}", "{}的住户"),
    "mail": ("邮箱{}", "发到{}", "我的邮件地址是{}"),
}
ROADS = ("万虹路", "安吉路", "河市镇新街", "双阳街道朝阳小区", "万安社区滨江花园", "罗溪村")


@dataclass(frozen=True)
class Message:
    """A message, and the raw values in it."""

    kind: str
    text: str
    raw: str


def messages(count: int, seed: int = 20251) -> list[Message]:
    """`count` messages, the kinds in turn."""
    dice = random.Random(seed)
    kinds = list(LEADS)
    made = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        raw = MAKERS[kind](dice)
        text = dice.choice(SURROUND).format(dice.choice(LEADS[kind]).format(raw))
        made.append(Message(kind, text, raw))
    return made


def _id(dice: random.Random) -> str:
    body = f"3505{dice.choice(('02', '03', '04', '05', '21'))}{dice.randint(1940, 2010)}{dice.randint(1, 12):02d}"
    body += f"{dice.randint(1, 28):02d}{dice.randint(0, 999):03d}"
    return body + ric.calc_check_digit(body + "0")


def _phone(dice: random.Random) -> str:
    number = dice.choice(("138", "159", "177", "189", "135", "198")) + "".join(dice.choices("0123456789", k=8))
    form = dice.randint(0, 4)
    if form == 0:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if form == 1:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if form == 2:
        return f"+86 {number}"
    return f"0595-2{number[4:11]}" if form == 3 else number


def _card(dice: random.Random) -> str:
    body = dice.choice(("622202", "621700", "622848")) + "".join(dice.choices("0123456789", k=12))
    number = body + luhn.calc_check_digit(body)
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4)) if dice.random() < 0.4 else number


def _plate(dice: random.Random) -> str:
    tail = "".join(dice.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=dice.choice((5, 5, 6))))
    return f"闽C{dice.choice(('', '·', ' '))}{tail}"


def _address(dice: random.Random) -> str:
    rest = dice.choice(
        (
            f"{dice.randint(1, 40)}栋{dice.randint(101, 1802)}室",
            f"{dice.randint(1, 300)}号",
            f"{dice.randint(1, 30)}号楼{dice.randint(1, 3)}单元{dice.randint(101, 902)}",
        )
    )
    return dice.choice(ROADS) + rest


def _mail(dice: random.Random) -> str:
    name = "".join(dice.choices("abcdefghijkmnpqrstuvwxyz", k=6))
    return (
        f"{name}{dice.choice(('', '.', '_'))}{dice.randint(1, 999)}@{dice.choice(('qq.com', '163.com', 'mail.fj.cn'))}"
    )


MAKERS = {"id": _id, "phone": _phone, "card": _card, "plate": _plate, "address": _address, "mail": _mail}
