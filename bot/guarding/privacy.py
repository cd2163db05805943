"""Personal data in a question: found by the formats' own checks, masked before anything else sees it."""

import re
from collections.abc import Callable, Iterable

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric

# Control characters and lone surrogates: they mean nothing, and no database or model takes them.
UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff]")
DIGITS = re.compile(r"(?<![\dA-Za-z])\d(?:[ -]?\d){13,18}[\dXx]?(?![\dA-Za-z])")
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"[·•. ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Za-z0-9])",
    re.I,
)
# Texts may be thousands of arbitrary characters: each pattern reads them once. A run that can start anywhere is
# possessive (`++`), with what makes it personal after it, or starts only where no run continues.
WORD_OR_EMAIL = re.compile(r"[\w.+-]++(?P<email>@[\w-]++(?:\.[\w-]++)++)?")
HOUSE = re.compile(
    r"(?<=[路街巷弄村区园苑里])\s*+\d++\s*+(?:号楼|号|栋|幢|弄|座)"
    r"(?:\s*+[\dA-Za-z]++\s*+(?:单元|栋|幢|号楼|号|楼|层|室|梯))*+(?:\s*+\d{3,4}(?!\d)室?)?"
)
STREET = re.compile(r"(?:[\u4e00-\u9fff]{1,8}(?:路|街|巷|弄|村|社区|小区|花园|苑|里)){1,3}\Z")
LONGEST_STREET, SHORTEST_PHONE = 30, 7

LED_IN = re.compile(
    r"(?:(?:我|本人)?(?:的)?(?:联系|家庭|手机|银行|身份)?(?:电话|手机|身份证|卡|车牌|住址|地址|家住|住在|邮箱|号码)"
    r"(?:号码?)?(?:是|为|[:\uff1a])?|(?<!\s))\s*+\[(?:身份证号|银行卡号|号码|电话号码|邮箱|车牌号|住址|姓名)\]"
)


NAMED = re.compile(
    r"(?:我叫|我是|本人|我名叫|姓名[:\uff1a]?)[\u4e00-\u9fff]{2,4}(?<!的)(?=[,\uff0c。;\uff1b、\s]|$|电话|手机|身份证)"
)


def mask(text: str) -> str:
    """The text with ID cards, bank cards, phones, plates, mail and street addresses replaced by what they were."""
    text = NAMED.sub("[姓名]", _phones(_numbers(UNWRITABLE.sub("", text))))
    text = WORD_OR_EMAIL.sub(lambda found: "[邮箱]" if found["email"] else found.group(), text)
    return _addresses(PLATE.sub("[车牌号]", text))


def without_personal_data(text: str) -> str:
    """The masked text without the masks and the words that introduce them: what is left to be understood."""
    return LED_IN.sub(" ", mask(text))


def _numbers(text: str) -> str:
    return DIGITS.sub(_mask_number, text)


def _mask_number(found: re.Match[str]) -> str:
    digits = re.sub(r"[ -]", "", found.group()).upper()
    checks: tuple[tuple[Callable[[str], bool], str], ...] = (
        (ric.is_valid, "身份证号"),
        (lambda d: d.isdigit() and 15 <= len(d) <= 19 and luhn.is_valid(d), "银行卡号"),
    )
    for valid, name in checks:
        if valid(digits):
            return f"[{name}]"
    return "[号码]" if len(digits) >= 15 else found.group()


def _phones(text: str) -> str:
    found = phonenumbers.PhoneNumberMatcher(text, "CN", min_candidate_length=SHORTEST_PHONE)
    spans = [(match.start, match.end) for match in found if len(match.raw_string) >= SHORTEST_PHONE]
    return _replaced(text, spans, "[电话号码]")


def _addresses(text: str) -> str:
    """A house number makes an address of the streets right before it."""
    spans: list[tuple[int, int]] = []
    end = 0
    for house in HOUSE.finditer(text):
        at = max(end, house.start() - LONGEST_STREET)
        street = STREET.search(text[at : house.start()])
        if street:
            end = house.end()
            spans.append((at + street.start(), end))
    return _replaced(text, spans, "[住址]")


def _replaced(text: str, spans: Iterable[tuple[int, int]], name: str) -> str:
    """The text with `name` in the place of each span; they come in order and do not overlap."""
    kept, at = [], 0
    for start, end in spans:
        kept += [text[at:start], name]
        at = end
    return "".join([*kept, text[at:]])
