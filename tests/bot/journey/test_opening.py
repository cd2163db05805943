"""The Chroma server of the settings, and who may make an index in it."""

from pathlib import Path

import pytest

from bot.errors import NotReady
from bot.journey.opening import server_of
from bot.settings import Settings
from corpus.chroma import VectorsUnusable

URL = "http://chroma:8000"


def settings(tmp_path: Path, **given: object) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **given)


def test_vectors_stand_in_the_data_folder_unless_a_server_is_set(tmp_path: Path) -> None:
    assert server_of(settings(tmp_path)) is None
    found = server_of(settings(tmp_path, chroma_url=f"{URL}/", chroma_token="secret"))
    assert found
    assert (found.url, found.token) == (URL, "secret")


def test_server_that_is_not_among_the_allowed_hosts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="chroma"):
        server_of(settings(tmp_path, chroma_url=URL, allowed_hosts="model.example"))


def test_index_is_made_under_a_lock_of_the_records_database(tmp_path: Path) -> None:
    found = server_of(settings(tmp_path, chroma_url=URL))
    assert found
    for _ in range(2):
        with found.alone():
            pass
    away = server_of(settings(tmp_path, chroma_url=URL, database_url="postgresql://bot@127.0.0.1:1/none"))
    assert away
    with pytest.raises(VectorsUnusable, match="数据库"), away.alone():
        pytest.fail("was let in")
