"""Whether a clause holds the thing asked for: a number of the right kind, a date, a place, a price …"""

import re
from functools import lru_cache

from bot import tuning
from bot.understanding.kinds import Asked, Kind
from bot.understanding.language import Language
from bot.understanding.question import Question
from corpus.figures import DATES, NUMERALS, Figure, dimension, figures

NUMERIC = (Kind.COUNT, Kind.MONEY, Kind.RATE)
PLACE = re.compile(
    r"[\u4e00-\u9fff]*(?:街道|乡镇|社区|片区|古街|老街|大道|水厂|溪|河|江|镇|乡|村|路|街|巷|桥|山|湾|湖|岛|港|园|小区|校区|城"
    r"|广场|机场|景区|车站|新区|开发区|林场|苏木|嘎查)$"
)
# A place in brackets after a thing says where it is: 职教城（清远）; another name of it does not: 服务站（幸福院）.
BRACKETED = re.compile(r"[(\uff08]([\u4e00-\u9fff]{2,4})[)\uff09]")
# Kinds of detail that a text may give after a colon: 名山:仙公山.
NAMED = (Kind.NAME, Kind.WHO, Kind.PLACE)
# Kinds of detail that must be in the clause closest to the question.
CLOSE = (Kind.PLACE, Kind.NAME)
RATES = ("%", "个百分点", "百分点")
# People are asked for as 几个, households as 几家.
ALSO = {("个", "人"), ("家", "户")}
# What counts though it has no unit (惠及120余万婴幼儿), and where how many may well be a rate (物价涨了多少).
SCALED, GROWS = re.compile("[百千万亿余多]"), re.compile("[涨降增减跌升占率幅快慢]|比例|比重")
# Which of a series it is.
WHICH, ORDERED = re.compile("第几"), re.compile(rf"第[{NUMERALS}百\d]+")
# A venue: 在联合国总部亮相.
TAKES_PLACE = re.compile(
    "在([\u4e00-\u9fff]{2,10}?)(?:成功|隆重|精彩|正式)?"
    "(?:召开|举行|举办|开幕|亮相|揭牌|签约|开工|落户|落地|设立|建成|投产|启用|上演|首演|演出|展出)"
)
HOW_LONG = re.compile(r"多久|多长时间|工期|几年|几个月")
# The day, hour, month or year that a question asks for by name, and how a text tells it.
GRANULE = re.compile(r"[哪几]个?(?:一)?(?P<unit>[天号日点月年])(?!来|以?前|以?后|内|间|份额)")
TOLD = {
    "月": r"\d+月",
    "年": rf"(?:19|20)\d\d年|连续|[{NUMERALS}两\d]+年",
    "点": r"\d+[:点时]",
} | dict.fromkeys("天号日", r"\d+[日号天]")
# Roads and lines with proper names.
LINE = re.compile(r"[\u4e00-\u9fff]{2}(?:高速|快线|铁路|大街|大道|国道|省道)|\d+号线")
# How many questions are cached with what they ask for by name.
REMEMBERED = 2_000
# What kind of thing a question asks for by name, and what parts one run of words from the next.
PARTED = re.compile("[^\u4e00-\u9fff]")
WHAT_THING = re.compile("(?:什么|啥|哪个|哪些|哪几个|哪几项)(?:样的|个)?([\u4e00-\u9fff]{2})")
ORDINAL = re.compile(rf"第[{NUMERALS}\d]+$")


def proved(question: Question, language: Language, folded: str, text: str) -> frozenset[Kind]:
    """Which of the details that may be asked for a clause holds (folded, and as it stands)."""
    return frozenset(item.kind for item in question.likely if _proves(question, language, item, folded, text))


def proves(question: Question, language: Language, folded: str, text: str) -> bool:
    """Whether a clause holds any of the things asked for."""
    return any(_proves(question, language, item, folded, text) for item in question.asked)


def _proves(question: Question, language: Language, item: Asked, folded: str, text: str) -> bool:
    """Whether a clause holds one of the things asked for."""
    if item.kind in NUMERIC and any(fits(question, item.kind, figure) for figure in figures(folded)):
        return True
    if item.kind is Kind.COUNT and WHICH.search(question.text):
        return bool(ORDERED.search(folded))
    unit = granule(question.text) if item.kind is Kind.TIME else ""
    if unit and (unit != "年" or re.search(TOLD["年"], folded)):
        return bool(re.search(TOLD[unit], folded))
    if item.kind in NAMED and _is_given(question, folded):
        return True
    if item.kind is Kind.TIME and _tells_the_stage(question, language.cues.stages_of(folded)):
        return True
    if item.kind is Kind.PLACE:
        return _tells_the_place(question, folded, language)
    if item.kind is Kind.NAME and _items_told(text) < _items_asked(question):
        return False
    if item.kind is Kind.NAME and (_follows_a_name(question, folded, language) or _is_told(question, folded, language)):
        return True
    return bool(item.proof and (item.proof.search(text) or item.proof.search(folded)))


@lru_cache(maxsize=REMEMBERED)
def granule(text: str) -> str:
    """The day, hour, month or year that a folded question asks for by name, or nothing."""
    found = GRANULE.search(text)
    return found["unit"] if found else ""


def _is_given(question: Question, folded: str) -> bool:
    """Whether a thing asked about stands before a colon, and with it what it is."""
    return ":" in folded and any(f"{said}:" in folded for concept in question.concepts for said in concept.said)


def _tells_the_place(question: Question, folded: str, language: Language) -> bool:
    behind = (found for found in BRACKETED.findall(folded) if _names_a_place(found, language))
    if any(behind) or _takes_place(folded, language):
        return True
    if kinds := language.cues.places_asked(question.text):
        return _names_one_of(kinds, folded, language) or bool(LINE.search(folded))
    rest = _without_the_thing_itself(question, folded)
    return _names_a_place(rest, language) or _follows_a_name(question, folded, language)


def _takes_place(folded: str, language: Language) -> bool:
    """Whether a clause says in which building or at which place something happens."""
    words = language.corpus.words
    houses = (words.cut(found[1]) for found in TAKES_PLACE.finditer(folded))
    return any(all(words.is_noun(word) for word in house) for house in houses)


def _tells_the_stage(question: Question, told: frozenset[str]) -> bool:
    """Whether a clause tells the stage asked about; when none was named, one that a person can wait for."""
    if question.stages or HOW_LONG.search(question.text):
        return bool(question.stages & told)
    return bool(told - {"前期"})


def _items_told(text: str) -> int:
    """How many items a clause enumerates, or names in quotation marks, at least."""
    return max(text.count("、") + 1, text.count("“"), text.count("《"))


def _items_asked(question: Question) -> int:
    """How many items an enumeration must have at least, when the question says how many it asks for (哪十样)."""
    counts = [f.value for f in question.figures if f.dimension == "count"]
    return int(min(max(counts, default=0), tuning.MOST_ITEMS_ASKED))


def _names_one_of(kinds: frozenset[str], folded: str, language: Language) -> bool:
    """Whether a clause names a place of one of these kinds: a road by its name, not roads in general."""
    corpus, cues = language.corpus, language.cues
    at = 0
    for word in corpus.words.cut(folded):
        at = folded.index(word, at) + len(word)
        kind = next((k for k in kinds if word.endswith(k)), "")
        named = corpus.words.is_place(word) or corpus.words.is_name(word)
        if named and kind and len(word) > len(kind) and word not in cues.not_places:
            return True
        if named and len(word) > 1 and any(folded.startswith(k, at) for k in kinds):
            return True
    return False


def _names_a_place(folded: str, language: Language) -> bool:
    """Whether a clause names a place other than the one the document is of: 桥南古街, 万安片区, 三明."""
    corpus, cues = language.corpus, language.cues
    words = [w for w in corpus.words.cut(folded) if w not in corpus.place_names and w not in cues.not_places]
    for before, word in zip(["", *words], words, strict=False):
        if corpus.words.is_place(word):
            return True
        named = corpus.words.is_name(word) and len(word) > 2 and PLACE.search(word)
        if named or (PLACE.fullmatch(word) and corpus.words.is_name(before) and len(before) > 1):
            return True
    return False


def _follows_a_name(question: Question, folded: str, language: Language) -> bool:
    """Whether a name stands right before the thing asked about: 罗溪第一水厂, 三明医改."""
    names = {name for concept in question.concepts for name, _ in concept.names if len(name) > 1 and name in folded}
    for at in {folded.find(name) for name in names}:
        before = ORDINAL.sub("", folded[:at])
        words = language.corpus.words.cut(before)
        if words and before.endswith(words[-1]) and len(words[-1]) > 1 and _is_own_name(words[-1], language):
            return True
    return False


def _is_told(question: Question, folded: str, language: Language) -> bool:
    """Whether a clause tells of which kind the thing is that is asked for: 什么项目, 垃圾焚烧发电项目."""
    words = language.corpus.words
    for thing in WHAT_THING.findall(question.text):
        before = words.cut(PARTED.split(folded[: max(folded.find(thing), 0)])[-1])[-tuning.KIND_TOLD_BY :]
        if any(len(word) > 1 and (words.is_field(word) or not words.is_action(word)) for word in before):
            return True
    return False


def _is_own_name(word: str, language: Language) -> bool:
    """Whether a word is a name of the documents themselves."""
    corpus, cues = language.corpus, language.cues
    lexicon = corpus.lexicon
    known = (corpus.place_names, lexicon.words, lexicon.stopwords, lexicon.official, cues.not_places)
    return corpus.words.is_name(word) and not any(word in words for words in known)


def _without_the_thing_itself(question: Question, folded: str) -> str:
    """Where a school is cannot be told by the name of the school."""
    for concept in question.concepts:
        for name in (name for name, _ in concept.names if len(name) > 1):
            folded = folded.replace(name, "")
    return folded


def fits(question: Question, kind: Kind, figure: Figure) -> bool:
    """Whether a figure is of the kind asked for: money for money, kilometres for kilometres, a count for a count."""
    if kind is Kind.MONEY:
        return figure.dimension.endswith("元")  # 美元, 港元 too
    if kind is Kind.RATE:
        return figure.dimension in RATES
    if not figure.dimension:
        return bool(SCALED.search(figure.text))
    if figure.dimension in RATES and not question.units:
        return bool(GROWS.search(question.meant))
    if figure.dimension in (*DATES, *RATES):
        return figure.unit in question.units
    asked = {dimension(unit) for unit in question.units}
    return not asked or figure.dimension in asked or any((u, figure.dimension) in ALSO for u in question.units)
