"""Damage to the files of an index is noticed before they are read; the index is built anew, the damaged one kept."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import seal
from corpus.build import INDEXES, builtin_embedder, open_index
from corpus.corpus import Corpus, read_corpus
from tests.conftest import ROOT
from tests.corpus.test_shelf import put

CHANCE = random.Random(11)
WORD = "停车位"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("sealed")
    put(folder / "documents", "some", "一、目标\n" + "\n".join(f"新建停车位{n}个。" for n in range(1, 20)))
    return read_corpus(folder / "documents", ROOT / "corpus" / "lexicon", folder)


def inside(data: Path) -> Path:
    """The folder of the only index in a data folder."""
    (found,) = (data / INDEXES).iterdir()
    return found


@pytest.fixture(scope="module")
def sound(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index that nobody touches."""
    folder = tmp_path_factory.mktemp("sound")
    open_index(corpus, folder).close()
    return folder


@pytest.fixture
def data(sound: Path, tmp_path: Path) -> Path:
    """A folder with an index that may be damaged."""
    return shutil.copytree(sound, tmp_path / "data")


def is_whole(corpus: Corpus, data: Path) -> bool:
    """Whether the index opens and finds everything by meaning and by words."""
    index = open_index(corpus, data)
    try:
        scores = index.keywords.search([(corpus.words.tokens(WORD), 1.0)])
        near = index.vectors.search(WORD, len(corpus.rows))
        return len(near) == len(corpus.rows) and int((scores > 0).sum()) == len(corpus.passages)
    finally:
        index.close()


def apart(data: Path) -> list[Path]:
    return list(data.glob(f"{seal.APART}*"))


def flip(content: bytes) -> bytes:
    at = CHANCE.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << CHANCE.randrange(8)]) + content[at + 1 :]


def cut(content: bytes) -> bytes:
    return content[: CHANCE.randrange(len(content))]


def overwrite(content: bytes) -> bytes:
    at = CHANCE.randrange(len(content))
    return content[:at] + CHANCE.randbytes(min(200, len(content) - at)) + content[at + 200 :]


def test_unchanged_index_is_opened_as_it_is_again_and_again(corpus: Corpus, data: Path) -> None:
    for _ in range(3):
        assert is_whole(corpus, data)
    assert apart(data) == []


@pytest.mark.parametrize("harm", [flip, cut, overwrite])
def test_damage_anywhere_in_any_file_is_noticed_and_mended(
    corpus: Corpus, sound: Path, tmp_path: Path, harm: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    index = inside(sound)
    for number, path in enumerate(p for p in seal._files(index) if p.stat().st_size):
        data = shutil.copytree(sound, tmp_path / str(number))
        damaged = data / path.relative_to(sound)
        damaged.write_bytes(harm(damaged.read_bytes()))
        caplog.clear()
        assert is_whole(corpus, data)
        assert f"索引已损坏（{path.relative_to(index).as_posix()} 和上次不一样），现在重建" in caplog.text
        assert [(one / path.relative_to(index)).exists() for one in apart(data)] == [True]
        assert is_whole(corpus, data)


@pytest.mark.parametrize("name", ["chroma/chroma.sqlite3", "keywords/vocab.index.json", "chroma", "keywords"])
def test_missing_file_is_noticed_and_mended(
    corpus: Corpus, data: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    missing = inside(data) / name
    shutil.rmtree(missing) if missing.is_dir() else missing.unlink()
    assert is_whole(corpus, data)
    assert f"缺少 {name}" in caplog.text


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"fingerprint": 1}', '{"files": [], "fingerprint": "", "passages": 0}']
)
def test_damaged_seal_is_noticed(corpus: Corpus, data: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    (inside(data) / seal.SEAL).write_text(content)
    assert is_whole(corpus, data)
    assert "索引已损坏（index.json 读不了）" in caplog.text


@pytest.mark.parametrize("harm", [flip, cut, overwrite])
def test_without_a_seal_damage_ends_no_start(
    corpus: Corpus, sound: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    for number, name in enumerate(
        ["chroma/chroma.sqlite3", "keywords/vocab.index.json", "keywords/data.csc.index.npy"] * 2
    ):
        data = shutil.copytree(sound, tmp_path / str(number))
        (inside(data) / seal.SEAL).unlink()
        damaged = inside(data) / name
        damaged.write_bytes(harm(damaged.read_bytes()))
        assert is_whole(corpus, data)


@pytest.mark.parametrize(
    "harm",
    [
        "update migrations set hash = 'x'",
        "drop table collections",
        "delete from tenants",
        "update segments set type = 'x'",
        "drop table embeddings",
        "update collections set config_json_str = '{'",
    ],
)
def test_sound_file_that_chroma_cannot_use_is_set_apart(corpus: Corpus, data: Path, harm: str) -> None:
    (inside(data) / seal.SEAL).unlink()
    with sqlite3.connect(inside(data) / "chroma" / "chroma.sqlite3") as database:
        database.execute(harm)
    assert is_whole(corpus, data)
    assert len(apart(data)) == 1


def test_files_that_ended_two_processes_are_not_opened_a_third_time(
    corpus: Corpus, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (inside(data) / seal.SEAL).unlink()
    for _ in range(seal.TRIES):
        assert seal.take_off(inside(data)) is None  # a process that ends here leaves its mark
    assert is_whole(corpus, data)
    assert "打开了2次，程序都意外结束" in caplog.text
    assert not (inside(data) / seal.TRIED).exists()


def test_one_process_that_was_ended_while_it_opened_the_files_is_no_sign_of_damage(corpus: Corpus, data: Path) -> None:
    (inside(data) / seal.SEAL).unlink()
    assert seal.take_off(inside(data)) is None
    assert is_whole(corpus, data)
    assert apart(data) == []


def test_only_the_latest_damaged_index_is_kept(corpus: Corpus, data: Path) -> None:
    (data / f"{seal.APART}20200101-000000").mkdir()
    for _ in range(2):
        (inside(data) / "keywords" / "params.index.json").write_text("{}")
        assert is_whole(corpus, data)
        assert len(apart(data)) == 1
    assert "20200101" not in apart(data)[0].name


def test_index_of_other_documents_is_no_damage(corpus: Corpus, data: Path) -> None:
    other = builtin_embedder(corpus)
    other.name = "other"
    open_index(corpus, data, other).close()
    assert apart(data) == []


@pytest.mark.parametrize("harm", [flip, cut, overwrite, lambda _: b""])
def test_damaged_dictionary_is_made_anew(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    made, noted = tmp_path / "jieba.cache", tmp_path / "jieba.sha256"
    made.write_bytes(b"parsed" * 100)
    seal.note(made)
    seal.drop_changed(made)
    assert made.exists()
    made.write_bytes(harm(made.read_bytes()))
    seal.drop_changed(made)
    assert not made.exists()
    assert not noted.exists()
    seal.drop_changed(made)
