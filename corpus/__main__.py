"""`python -m corpus add|check|list|remove|build`: put documents up, look at how they are read, take them down."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import get_args

from dotenv import dotenv_values

from corpus.build import open_index
from corpus.corpus import Corpus, read_corpus
from corpus.folder import IndexUnavailable
from corpus.lexicon import LexiconError
from corpus.outline import remainder
from corpus.passage import Document, DocumentKind
from corpus.read import DocumentError, read_document
from corpus.shelving import Given, put_up, take_down

HERE = Path(__file__).resolve().parent
# How many characters of an unused line are shown.
SHOWN = 40


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 1 with a message when it cannot be done."""
    try:
        options = _parser(_environment()).parse_args(arguments)
        options.act(options)
    except (DocumentError, LexiconError, IndexUnavailable) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _environment() -> Mapping[str, str]:
    """The environment and, where it is silent, `.env`: what the service goes by. Raises DocumentError."""
    try:
        given = dotenv_values(".env")
    except UnicodeDecodeError as problem:
        raise DocumentError(".env 不是 UTF-8 编码，请另存为 UTF-8") from problem
    return {name: value for name, value in {**given, **os.environ}.items() if value}


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description="文件上架、检查、下架，建立索引")
    commands = parser.add_subparsers(title="命令", required=True)
    shared = argparse.ArgumentParser(add_help=False)
    for option, setting, usual, told in (
        ("--documents", "BOT_DOCUMENTS_DIR", HERE / "documents", "文件所在目录"),
        ("--lexicon", "BOT_LEXICON_DIR", HERE / "lexicon", "词表所在目录"),
        ("--data", "BOT_DATA_DIR", HERE.parent / "data", "索引写到哪里"),
    ):
        where = Path(environment.get(setting, usual))
        shared.add_argument(option, type=Path, default=where, help=f"{told}；不写就是设置 {setting} 的")
    for name, act, told in (
        ("add", _add, "把文件上架，并说出读成了什么"),
        ("check", _check, "说出每份文件读成了什么、剩下什么"),
        ("list", _list, "列出已有的文件"),
        ("remove", _remove, "把文件下架"),
        ("build", _build, "建立或更新索引"),
    ):
        command = commands.add_parser(name, help=told, description=told, parents=[shared])
        command.set_defaults(act=act)
        if name == "add":
            _describing(command)
        if name in ("check", "remove"):
            command.add_argument("ids", nargs="*" if name == "check" else "+", metavar="编号", help="文件夹的名字")
    return parser


def _describing(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="+", type=Path, metavar="文件", help="原文")
    command.add_argument("--id", help="编号，也是文件夹的名字；不写就用标题的拼音和年份")
    command.add_argument("--title", help="标题；不写就从原文里找")
    command.add_argument("--year", type=int, help="年份；不写就从原文里找")
    command.add_argument("--kind", choices=get_args(DocumentKind), help="类别；不写就看标题")
    command.add_argument("--publisher", help="发布单位；不写就看标题")
    command.add_argument("--replace", action="store_true", help="同一编号已有文件时换成这一份")


def _add(options: argparse.Namespace) -> None:
    given = Given(options.id, options.title, options.year, options.kind, options.publisher)
    if len(options.files) > 1 and any((given.id, given.title)):
        raise DocumentError("一次上架几份文件时，不能用 --id 和 --title，请一份一份来")
    added = [put_up(file, options.documents, given, options.replace) for file in options.files]
    corpus = read_corpus(options.documents, options.lexicon, options.data)
    unused = [name for name in added if name in corpus.skipped]
    for name in unused:
        take_down(options.documents, name)
    if unused:
        raise DocumentError("\n".join(corpus.skipped[name] for name in unused))
    for document in added:
        print("\n".join(_summary(corpus, corpus.documents[document], options.documents)))
    print("已上架。请核对上面读出的各部分和年份，不对的写进 document.yaml；正在运行的服务几秒后就能答到。")


def _check(options: argparse.Namespace) -> None:
    corpus = read_corpus(options.documents, options.lexicon, options.data)
    unknown = [one for one in options.ids if one not in corpus.documents]
    if unknown:
        raise DocumentError(corpus.skipped.get(unknown[0], f"没有编号为“{unknown[0]}”的文件"))
    for name, document in corpus.documents.items():
        if not options.ids or name in options.ids:
            print("\n".join(_summary(corpus, document, options.documents)))
    if corpus.skipped:
        raise DocumentError("\n".join(corpus.skipped.values()))


def _list(options: argparse.Namespace) -> None:
    corpus = read_corpus(options.documents, options.lexicon, options.data)
    counted = Counter(passage.document_id for passage in corpus.passages)
    for document in corpus.documents.values():
        gone = corpus.superseded.get(document.id, "")
        print(
            f"{document.id}\t{document.year}\t{counted[document.id]}段\t{document.title}"
            + (gone and f"\t不再现行：{gone}")
        )
    for why in corpus.skipped.values():
        print(f"没有用\t{why}")


def _remove(options: argparse.Namespace) -> None:
    for name in options.ids:
        print(f"已下架，原来的文件移到了 {take_down(options.documents, name)}；正在运行的服务几秒后就不再用它。")


def _build(options: argparse.Namespace) -> None:
    corpus = read_corpus(options.documents, options.lexicon, options.data)
    index = open_index(corpus, options.data)
    kinds = Counter(passage.kind for passage in corpus.passages)
    print(f"索引就绪：{len(corpus.documents)} 份文件，正文 {kinds['body']} 段，附注 {kinds['annotation']} 条")
    index.close()


def _summary(corpus: Corpus, document: Document, documents: Path) -> list[str]:
    """How a document was read: its parts with their years, its terms and targets, and the unused lines."""
    passages = [passage for passage in corpus.passages if passage.document_id == document.id]
    lines = [f"{document.id}：《{document.title}》{document.year}年，{document.publisher}"]
    if document.id in corpus.superseded:
        lines.append(f"  不再现行：{corpus.superseded[document.id]}")
    for part, inside in groupby(passages, key=corpus.part_of):
        lines.append(f"  {part.period} {KINDS[part.kind]}\t{len(list(inside))}段\t{part.title}")
    terms = sum(term.annotation_id.startswith(f"{document.id}-n") for term in corpus.terms)
    targets = sum(target.document_id == document.id for target in corpus.targets)
    lines.append(f"  名词 {terms} 个，有数量的目标 {targets} 条")
    left = remainder(read_document(documents / document.id)[1])
    lines.append(f"  没有用到的 {len(left)} 行：" + "；".join(line.text[:SHOWN] for line in left))
    return lines


KINDS = {
    "opening": "开头",
    "review": "回顾",
    "plan": "计划",
    "outlook": "展望",
    "rules": "条文",
    "annotations": "附注",
}


if __name__ == "__main__":
    sys.exit(main())
