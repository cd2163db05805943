"""`python -m evals.bench_scale`: what a question costs against how much is held.

The reports are made up from the served one: each is of one city and one year, its sentences are those of the served
report with other numbers, years and nouns, each a paragraph of its own. From MADE_UP on the vectors are made up too,
for encoding so many sentences measures the encoder alone. They come from an endpoint, as a customer's
would.
"""

import argparse
import hashlib
import json
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import yaml

from bot.settings import Settings, settings
from corpus.build import open_index
from corpus.corpus import Corpus, read_corpus
from evals.bench import questions, serving, wait_for, wait_for_page

SIZES, MADE_UP = (100, 2_000, 20_000, 100_000), 20_000
# How many questions are asked, and how many before them that are not counted: what is built once is built by them.
ASKED, WARM = 300, 40
# How many paragraphs a report has, and how many years of reports a city.
PARAGRAPHS, YEARS, FIRST = 100, 20, 2006
# How many of the nouns of a sentence become others, and how long a vector is.
CHANGED, SIZE = 0.4, 384
MODEL = "made-up"
HEAD = "| 段落 | 句和分句 | 向量 | 建索引 | 启动到第一个回答 | p50 | p95 | 处理器 p50 | 处理器 p95 | 内存 |"
NUMBER, SENTENCE = re.compile(r"\d+(?:\.\d+)?"), re.compile(r"[^。]+。")
NAMES = "临安宁平江海河山川云龙凤青白东西南北长永"


class MadeUp:
    """An embedder whose vectors are drawn by chance, the same for the same text."""

    name = f"endpoint-{MODEL}"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector of length 1 a text."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a text."""
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        drawn = np.random.default_rng(seed).standard_normal(SIZE, dtype=np.float32)
        vector: list[float] = (drawn / np.linalg.norm(drawn)).tolist()
        return vector


class _Endpoint(BaseHTTPRequestHandler):
    """The made-up vectors over the interface of OpenAI."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        vectors = MadeUp().embed_documents(texts)
        data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
        body = json.dumps({"object": "list", "model": MODEL, "data": data, "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is told of a request."""


@contextmanager
def endpoint() -> Iterator[str]:
    """The address of an endpoint that gives the made-up vectors."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()


def make_reports(folder: Path, passages: int, served: Corpus) -> None:
    """Document folders with so many passages in all."""
    drawn = random.Random(passages)
    sentences = [s for p in served.passages if p.kind == "body" for s in SENTENCE.findall(p.text) if len(s) > 12]
    nouns = sorted({w for s in sentences for w in served.words.cut(s) if len(w) == 2 and served.words.is_noun(w)})
    cities = [first + second + "市" for first in NAMES for second in NAMES if first != second]
    for number in range(max(passages // PARAGRAPHS, 1)):
        city, year = cities[number // YEARS], FIRST + number % YEARS
        lines = [_varied(drawn.choice(sentences), year, nouns, served, drawn) for _ in range(PARAGRAPHS)]
        half = PARAGRAPHS // 2
        text = [
            f"{year}年{city}政府工作报告",
            f"一、{year - 1}年工作回顾",
            *lines[:half],
            f"二、{year}年工作安排",
            *lines[half:],
        ]
        home = folder / f"city{number // YEARS:02d}-{year}"
        home.mkdir(parents=True)
        (home / "text.txt").write_text("\n".join(text), encoding="utf-8")
        fields = {
            "title": text[0],
            "year": year,
            "kind": "annual_plan",
            "publisher": f"{city}人民政府",
            "file": "text.txt",
        }
        (home / "document.yaml").write_text(
            yaml.safe_dump({**fields, "place_names": [city]}, allow_unicode=True), "utf-8"
        )


def _varied(sentence: str, year: int, nouns: Sequence[str], served: Corpus, drawn: random.Random) -> str:
    """A sentence with other numbers, the years of its report, and some other nouns."""
    words = {w for w in served.words.cut(sentence) if w in nouns and drawn.random() < CHANGED}
    for word in sorted(words):
        sentence = sentence.replace(word, drawn.choice(nouns))

    def other(found: re.Match[str]) -> str:
        said = found.group()
        if re.fullmatch(r"20\d\d", said):
            return str(int(said) - served.newest.year + year)
        return f"{drawn.uniform(1, 99):.1f}" if "." in said else str(drawn.randrange(1, 10 ** len(said) + 1))

    return NUMBER.sub(other, sentence)


def build(home: Path, size: int, served: Corpus, base: Settings) -> tuple[float, int]:
    """Make the reports and their index; the seconds of processor and how many rows it has."""
    make_reports(home / "documents", size, served)
    corpus = read_corpus(home / "documents", base.lexicon_dir, home)
    begun = time.process_time()
    index = open_index(corpus, home, MadeUp() if size >= MADE_UP else None)
    spent = time.process_time() - begun
    index.close()
    return spent, len(corpus.rows)


def worked(process: psutil.Process) -> float:
    """The seconds that the processor has worked for a process, to the hundredth."""
    times = process.cpu_times()
    return float(times.user + times.system)


def ask(url: str, process: psutil.Process, asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each answer, one after the other, and those that the processor worked for it; lowest first."""
    times, works = [], []
    with httpx.Client(timeout=120) as client:
        for question in asked:
            begun, before = time.perf_counter(), worked(process)
            client.post(f"{url}/api/ask", json={"question": question}).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
            works.append((worked(process) - before) * 1000)
    return sorted(times), sorted(works)


def _told(ordered: Sequence[float]) -> str:
    return f"{statistics.median(ordered):.0f} ms | {ordered[int(len(ordered) * 0.95)]:.0f} ms"


def measure(size: int, address: str, served: Corpus, base: Settings, asked: Sequence[str]) -> str:
    """One line of the table: what so many passages cost to build, to open and to ask."""
    made_up = size >= MADE_UP
    reach = {"BASE_URL": address, "API_KEY": "none", "MODEL": MODEL} if made_up else {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        begun = time.perf_counter()
        spent, rows = build(home, size, served, base)
        built = time.perf_counter() - begun
        more = {"BOT_DOCUMENTS_DIR": str(home / "documents"), **{f"BOT_EMBEDDING_{k}": v for k, v in reach.items()}}
        with serving([sys.executable, "app.py"], home, more) as (url, process, started):
            start = wait_for(f"{url}/api/ask", started, {"question": asked[0]})
            starting = worked(process)
            wait_for_page(url, started)
            ask(url, process, asked[:WARM])
            times, works = ask(url, process, asked[WARM:])
            memory = process.memory_info().rss / 2**20
    vectors = "编造" if made_up else "编码器"
    return (
        f"| {size:,} | {rows:,} | {vectors} | {built:.0f} s（处理器 {spent:.0f} s） "
        f"| {start:.1f} s（处理器 {starting:.1f} s） | {_told(times)} | {_told(works)} | {memory:.0f} MB |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_scale", description="一个问题的代价和收录多少的关系")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="段落数")
    chosen = parser.parse_args(arguments).sizes
    base = settings()
    with tempfile.TemporaryDirectory() as folder, endpoint() as address:
        served = read_corpus(base.documents_dir, base.lexicon_dir, Path(folder))
        asked = [q for q in questions() if 0 < len(q) <= 300][:: max(len(questions()) // (ASKED + WARM), 1)]
        print(HEAD, "|---" * HEAD.count(" |") + "|", sep="\n")
        for size in chosen:
            print(measure(size, address, served, base, asked[: ASKED + WARM]), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
