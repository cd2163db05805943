"""Names in a question that no document holds: nothing can be answered or confirmed about them."""

import re

from corpus.corpus import Corpus
from corpus.figures import NUMERALS

OFFICIAL_NAME = re.compile(r"[\u4e00-\u9fff]{2,12}(?:医院|大学|学院|中学|小学|公司|集团|银行|研究院)")
SMALL_PLACE = re.compile(r"[\u4e00-\u9fff]{2}(街道|社区|小区|花园|镇)")
# Characters that are not part of a place name.
FUNCTION = re.compile(f"[这那哪整全各每本我你他她咱俺们在到从去来是有和跟几个些的了把给对向两{NUMERALS}]")


def unheard(text: str, corpus: Corpus) -> tuple[str, ...]:
    """Names in a claim that no document holds: what is claimed about them cannot be confirmed."""
    names = (_name_at_the_end(found, corpus) for found in OFFICIAL_NAME.findall(text))
    return tuple(name for name in names if not corpus.frequency(name) and not _is_paraphrase(name, corpus))


def _name_at_the_end(phrase: str, corpus: Corpus) -> str:
    """The name a phrase ends with: what stands after its last function word (孩子在马甲中学 -> 马甲中学)."""
    name = ""
    for word in reversed(corpus.words.cut(phrase)):
        if word in corpus.lexicon.stopwords:
            break
        name = word + name
    return name


def _is_paraphrase(name: str, corpus: Corpus) -> bool:
    known = corpus.place_names | corpus.lexicon.stopwords
    return all(word in known or corpus.frequency(word) for word in corpus.words.cut(name))


def strangers(text: str, corpus: Corpus) -> tuple[str, ...]:
    """Named places (金鼎小区, 河市镇) that no document holds."""
    found = []
    for match in SMALL_PLACE.finditer(text):
        name = _name_at_the_end(match.group(), corpus)
        stem = name.removesuffix(match.group(1))
        common = corpus.words.knows(stem) and not corpus.words.is_proper(stem)
        if (
            len(stem) == 2
            and not FUNCTION.search(stem)
            and not common
            and not corpus.frequency(stem)
            and stem not in corpus.place_names
        ):
            found.append(name)
    return tuple(found)
