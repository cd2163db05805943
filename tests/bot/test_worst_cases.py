"""No text makes time grow faster than its length, and the longest of the worst are answered soon.

Measured in processor time of the thread, so that other work on the machine counts little. `-s` prints the figures.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest

from bot import tuning
from bot.errors import QuestionTooLong
from bot.guarding.guard import Guard
from bot.guarding.privacy import without_personal_data
from bot.pipeline import Bot
from bot.understanding.acts import Acts
from bot.understanding.details import Details
from bot.understanding.moves import Moves
from bot.understanding.question import understand
from corpus.corpus import Corpus
from corpus.figures import arabic, figures

# A text four times as long may take twice the fourfold; what takes less than FLOOR is not told from noise.
TIMES, RATIO, FLOOR = 4, 8, 0.0004
LENGTH = 600
# A turn should be read within 50 ms of a quiet machine.
SECONDS = 0.05 * 4
# Every so many of the worst turns are asked with the longest histories.
SAMPLED = 3
STREET, SYLLABLES = "中路", "shi shi "
# Units that made one of the steps slow when they were repeated, or look as if they could.
UNITS = (
    STREET,
    "1号楼 1号",
    "中路1号 1 室",
    "社区小区花园里",
    "a.",
    "a.a.a@",
    "1",
    "1 2 3 4 ",
    "1 - 2",
    "(1",
    "1/2/",
    "6222 0200 ",
    "闽C1234",
    "我叫我叫",
    "我的电话号码是",
    "[住址][住址]",
    " ",
    "\u3000",
    "(((",
    "，,、",
    "？",
    "１２３ａｂｃ",
    "㍿",
    "⑽",
    "\ufdfa",
    "e\u0301\u0302",
    "👨‍👩‍👧",
    SYLLABLES,
    "zhang zhe shi tang ",
    "xa xe ",
    "石堂仙弓山",
    "囧槑靐",
    "零一零一",
    "一二三个",
    "百分之一",
    "1.5-2.3万元",
    "1亿万",
    "第一第一",
    "几点",
    "8月底前",
    "不是",
    "好不好",
    "是快充还是慢充",
    "应该是",
    "三个医",
    "学校医院公司集团",
    "金鼎小区",
    "的了吗呢",
)
SPACED = ("路", "电话", "1号", "a", "1")


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def texts(length: int) -> list[str]:
    """The crafted texts of a length: each unit over and over, and a beginning with a long run after it."""
    runs = [begun + run * (length - len(begun)) for begun in SPACED for run in (" ", "1", "中")]
    rare = "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(length))
    return [*(repeated(unit, length) for unit in UNITS), *runs, rare]


def seconds(work: Callable[[], object], enough: float = 0.0, tries: int = 5) -> float:
    """The best of a few tries, each with nothing remembered of the figures of a text; one is `enough` when below."""
    best = float("inf")
    for _ in range(tries):
        figures.cache_clear()
        begun = time.thread_time()
        work()
        best = min(best, time.thread_time() - begun)
        if best <= enough:
            break
    return best


def growth(step: Callable[[str], object], short: str, long: str) -> float:
    """How many times as long a step takes for the long text as for the short one."""
    first = max(seconds(lambda: step(short), tries=2), FLOOR)
    return seconds(lambda: step(long), enough=RATIO * first) / first


def steps(bot: Bot) -> dict[str, Callable[[str], object]]:
    corpus = bot.index.corpus
    return {
        "mask": without_personal_data,
        "fold": corpus.words.fold,
        "cut": corpus.words.tokens,
        "mend": corpus.spelling.mend,
        "figures": lambda text: (figures(text), arabic(text)),
        "match": corpus.lexicon.match,
        "understand": lambda text: understand(text, bot.language),
        "guard": bot.guard.read,
    }


@pytest.fixture(scope="module")
def plain(bot: Bot) -> Bot:
    """The bot without a sentence encoder: what that takes is its own, and it remembers what it has read."""
    language = replace(bot.language, details=Details.load(None), moves=Moves.load(None))
    return replace(bot, guard=Guard.load(bot.settings.prompts_dir), language=language, acts=Acts.load(None))


@pytest.mark.parametrize("step", ["mask", "fold", "cut", "mend", "figures", "match", "understand", "guard"])
def test_time_grows_no_faster_than_the_text(plain: Bot, step: str) -> None:
    work = steps(plain)[step]
    work("预先打开词典")
    grown = [(growth(work, a, b), a[:12]) for a, b in zip(texts(LENGTH), texts(TIMES * LENGTH), strict=True)]
    print(f"\n{step}: {TIMES} times the text takes at most {max(grown)[0]:.1f} times as long ({max(grown)[1]!r})")
    assert [(ratio, text) for ratio, text in grown if ratio > RATIO] == []


@pytest.mark.parametrize("unit", ["你好在吗", "好的好", "谢谢你了", "再见了吧", "聊聊天", "冒烟火"])
def test_cue_that_nearly_fits_is_not_tried_in_every_way(plain: Bot, unit: str) -> None:
    short, long = (unit * count + "囧" for count in (10, 20))
    assert growth(plain.guard.read, short, long) <= RATIO


@pytest.mark.parametrize("unit", ["石堂,", "老城区道路改造今年安排多少钱", "1"])
def test_guard_takes_no_longer_for_each_character_of_a_longer_text(bot: Bot, unit: str) -> None:
    longest = bot.settings.max_question_chars
    short, long = (repeated(unit, length) for length in (longest // TIMES, longest))
    bot.guard.read("预先打开词典")
    taken = [min(seconds(partial(bot.guard.read, f"{new}{text}"), tries=1) for new in "甲乙") for text in (short, long)]
    print(f"\nthe guard reads {longest} characters ({unit!r}) in {1000 * taken[1]:.0f} ms")
    assert taken[1] <= RATIO * max(taken[0], FLOOR)


def of_the_report(corpus: Corpus) -> list[str]:
    """The words of the report and of the lexicon, which a question can be made of."""
    words = sorted({word for text in corpus.folded.values() for word in corpus.words.cut(text) if len(word) > 1})
    said = [part for entry in corpus.lexicon.entries for parts in entry.sayings for part in parts]
    return ["".join(words[::3]), "".join(said[::5]), ",".join(said[::7])]


def whole_turns(bot: Bot, length: int) -> list[str]:
    """The worst questions of a length: crafted ones, and ones that speak of as much of the report as they can."""
    report = of_the_report(bot.index.corpus)
    asks = ("", "哪个村", "在哪里", "叫什么名字", "列出哪些数字指标", "200个以上的有哪些", "哪几处提到", "还在前期的")
    several = ("食堂几个?" * 12)[:60]
    return [*texts(length), *((ask + text)[:length] for ask in asks for text in report), several]


def histories(turn: str) -> list[list[dict[str, str]]]:
    """A turn as every one of the longest history, and as one short enough for all of those that are heard."""
    said = f"那{turn}"[: tuning.CHARACTERS_HEARD // tuning.TURNS_HEARD]
    return [[{"role": "user", "content": text}] * 20 for text in (turn, said)]


def test_worst_turns_with_the_longest_history_are_answered_soon(plain: Bot) -> None:
    length = plain.settings.max_question_chars
    taken = []
    for turn in whole_turns(plain, length)[::SAMPLED]:
        asked = f"那{turn}"[:length]
        for history in histories(turn):
            with suppress(QuestionTooLong):
                work = partial(plain.answer, asked, history)
                taken.append((seconds(work, enough=SECONDS), turn[:16]))
    taken.sort(reverse=True)
    print("\nthe slowest turns:", *(f"{1000 * best:.0f} ms {text!r}" for best, text in taken[:8]), sep="\n")
    assert [f"{1000 * best:.0f} ms {text!r}" for best, text in taken if best > SECONDS] == []


def test_what_is_too_long_costs_no_more_than_what_is_read(plain: Bot) -> None:
    turn = repeated("长者食堂今年建几个", 4000)
    asked = "那它呢"
    short = seconds(lambda: plain.prepared(asked, [{"role": "user", "content": turn[: tuning.CHARACTERS_HEARD]}]))
    long = seconds(lambda: plain.prepared(asked, [{"role": "user", "content": turn}] * 20))
    assert long < 3 * max(short, 0.005)
