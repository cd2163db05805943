"""A backup holds what cannot be made again; it is put back whole, from one kind of database into the other, or not."""

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.errors import BackupUnusable
from bot.office.documents.drafts import DRAFTS
from bot.records import audit, copies, schema, turns
from bot.records.accounts import users
from bot.records.database import Database, migrate, newest, revision
from bot.records.feedback import all_feedback
from bot.running.archive import MANIFEST
from bot.running.backup import back_up, before, restore
from bot.settings import Settings
from tests.bot.running.conftest import PASSWORD, POLICY, SECRET, Opened, fill, kept
from tests.bot.signing_in import sign_in


def content(database: Database) -> dict[str, list[copies.Row]]:
    """Every row that is copied; of the audit those before the restoring."""
    with database.as_it_is() as connection:
        found = {name: list(copies.rows(connection, table)) for name, table in copies.tables(connection).items()}
    return {**found, "audit": [row for row in found["audit"] if row["action"] != "records restored"]}


def test_what_is_restored_is_what_was_backed_up(settings: Settings, opened: Opened, url: str, tmp_path: Path) -> None:
    source, target = opened(f"sqlite:///{tmp_path / 'source.db'}"), opened(url)
    fill(source)
    file = tmp_path / "backup.zip"
    copied = back_up(settings, source, file)
    assert copied.rows["turns"] == 5
    assert all(copied.rows.values()), "there is something of everything that is kept"
    assert file.stat().st_mode & 0o077 == 0
    restored = restore(settings, target, file)
    assert restored.rows == copied.rows
    assert content(target) == content(source)
    assert audit.examine(target) == []
    back = tmp_path / "back.zip"
    back_up(settings, target, back)
    home = opened(f"sqlite:///{tmp_path / 'home.db'}")
    restore(settings, home, back)
    assert content(home) == content(source)
    assert sign_in(home, "chief", PASSWORD, POLICY)


def test_no_secret_and_nobody_signed_in_is_in_a_backup(settings: Settings, opened: Opened, tmp_path: Path) -> None:
    source = opened(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    token = sign_in(source, "chief", PASSWORD, POLICY)
    file = tmp_path / "backup.zip"
    copied = back_up(settings, source, file)
    with zipfile.ZipFile(file) as archive:
        inside = {name: archive.read(name).decode() for name in archive.namelist() if not name.startswith("lexicon/")}
    assert not [name for name, text in inside.items() if SECRET in text or token in text]
    assert not [name for name in inside if "sign_in" in name or "keys" in name]
    assert inside["settings.env"] == copied.settings
    assert "BOT_RETENTION_DAYS=60" in copied.settings
    assert "# BOT_MODEL_API_KEY=" in copied.settings


def test_backup_made_while_others_write_is_of_one_moment(settings: Settings, opened: Opened, url: str) -> None:
    source, done = opened(url), threading.Event()
    fill(source)

    def write() -> None:
        number = 100
        while not done.is_set():
            with source.begin() as connection:
                connection.execute(schema.turns.insert(), [asdict(kept(number))])
                audit.append(connection, "writer", "wrote", answer=kept(number).answer_id)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            file = settings.data_dir / f"{number}.zip"
            copied = back_up(settings, source, file)
            with zipfile.ZipFile(file) as archive:
                told = [json.loads(line) for line in archive.open("records/audit.jsonl")]
            wrote = sum(entry["action"] == "wrote" for entry in told)
            assert copied.rows["turns"] == 5 + wrote
            assert copied.faults == []
    finally:
        done.set()
        writer.join()


def amid(file: Path, share: float) -> int:
    """The place of a byte amid what a file of the archive holds: the first one for 0, the last for 1."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    member = members[round(share * (len(members) - 1))]
    header = file.read_bytes()[member.header_offset :][:30]
    names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return member.header_offset + len(header) + names + member.compress_size // 2


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 1.0])
def test_damaged_backup_is_refused_and_changes_nothing(
    settings: Settings, opened: Opened, backed_up: Path, tmp_path: Path, share: float
) -> None:
    content_of = backed_up.read_bytes()
    at = amid(backed_up, share)
    backed_up.write_bytes(content_of[:at] + bytes([content_of[at] ^ 0xFF]) + content_of[at + 1 :])
    target = opened(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(BackupUnusable, match="损坏"):
        restore(settings, target, backed_up)
    assert not target.file or not target.file.exists()


def rewritten(file: Path, change: Callable[[dict[str, object]], object]) -> Path:
    """The same archive with another manifest."""
    made = file.with_name("rewritten.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            manifest = json.loads(old.read(MANIFEST))
            change(manifest)
            new.writestr(name, json.dumps(manifest) if name == MANIFEST else old.read(name))
    return made


@pytest.mark.parametrize(
    ("told", "said"),
    [({"schema": "9999"}, "更新的程序"), ({"format": 2}, "更新的程序"), ({"kind": "audit"}, "不是备份")],
)
def test_backup_of_a_newer_program_is_refused(
    settings: Settings, opened: Opened, backed_up: Path, tmp_path: Path, told: dict[str, object], said: str
) -> None:
    with pytest.raises(BackupUnusable, match=said):
        restore(settings, opened(f"sqlite:///{tmp_path / 'target.db'}"), rewritten(backed_up, lambda m: m.update(told)))


def test_part_that_leads_out_of_its_folder_is_refused(settings: Settings, opened: Opened, tmp_path: Path) -> None:
    file = tmp_path / "evil.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("documents/../../evil", "x")
        archive.writestr(MANIFEST, json.dumps({"parts": {"documents/../../evil": "x"}}))
    with pytest.raises(BackupUnusable, match="名称不对"):
        restore(settings, opened(f"sqlite:///{tmp_path / 'target.db'}"), file)


def test_database_with_records_is_only_replaced_when_told_so(
    settings: Settings, opened: Opened, backed_up: Path, url: str
) -> None:
    target = opened(url)
    users.add(target, "other", "agent", PASSWORD, "command")
    with pytest.raises(BackupUnusable, match="--replace"):
        restore(settings, target, backed_up)
    assert [one["name"] for one in users.every(target)] == ["other"]
    restore(settings, target, backed_up, replace=True)
    assert [one["name"] for one in users.every(target)] == ["chief"]
    assert audit.examine(target) == []
    assert len(all_feedback(target)) == 1


def test_documents_come_back_and_what_they_replace_is_set_apart(
    settings: Settings, opened: Opened, backed_up: Path, tmp_path: Path
) -> None:
    (name,) = (folder.name for folder in settings.documents_dir.iterdir())
    text = settings.documents_dir / name / "report.txt"
    before = text.read_bytes()
    text.write_text("换成了别的")
    (settings.documents_dir / "newer-2026").mkdir()
    (settings.documents_dir / "newer-2026" / "text.txt").write_text("后来上架的")
    target = opened(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(BackupUnusable, match=r"report\.txt"):
        restore(settings, target, backed_up)
    (settings.documents_dir / DRAFTS / "waiting").mkdir(parents=True)
    (settings.documents_dir / DRAFTS / "waiting" / "text.txt").write_text("等人审定的")
    assert restore(settings, target, backed_up, replace=True).files == 1
    assert not (settings.documents_dir / DRAFTS / "waiting").exists()
    assert text.read_bytes() == before
    assert not (settings.documents_dir / "newer-2026").exists()
    apart = {path.read_text() for path in (settings.documents_dir / ".removed").rglob("*.txt")}
    assert apart == {"换成了别的", "后来上架的"}


def test_backup_of_an_older_schema_is_brought_to_the_newest(settings: Settings, opened: Opened, url: str) -> None:
    source = opened(url)
    fill(source)
    with source.reshaped() as connection:
        migrate(connection, "0003")
    file = settings.data_dir / "old.zip"
    back_up(settings, source, file)
    target = opened(f"sqlite:///{settings.data_dir / 'target.db'}")
    restore(settings, target, file)
    with target.as_it_is() as connection:
        assert revision(connection) == newest()
    assert [one["name"] for one in users.every(target)] == ["chief"]
    assert len(turns.of_session(target, "s" * 32)) == 5


def test_audit_that_is_not_whole_is_told_and_stays_so(settings: Settings, opened: Opened, tmp_path: Path) -> None:
    source = opened(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    with source.begin() as connection:
        connection.execute(delete(schema.audit).where(schema.audit.c.number == 2))
    copied = back_up(settings, source, tmp_path / "faulty.zip")
    assert [(fault.kind, fault.first) for fault in copied.faults] == [("missing", 2)]
    target = opened(f"sqlite:///{tmp_path / 'target.db'}")
    assert restore(settings, target, tmp_path / "faulty.zip").faults == copied.faults
    assert [(fault.kind, fault.first) for fault in audit.examine(target)] == [("missing", 2)]


def test_place_that_cannot_be_written_leaves_nothing(settings: Settings, opened: Opened, tmp_path: Path) -> None:
    source = opened(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    with pytest.raises(BackupUnusable, match="不存在"):
        back_up(settings, source, tmp_path / "none" / "backup.zip")
    (tmp_path / "there.zip").write_text("x")
    with pytest.raises(BackupUnusable, match="已经有了"):
        back_up(settings, source, tmp_path / "there.zip")
    assert not list(tmp_path.glob("*.part"))


def test_document_that_waits_for_a_second_person_is_backed_up(
    settings: Settings, opened: Opened, tmp_path: Path
) -> None:
    draft = settings.documents_dir / DRAFTS / "waiting" / "text.txt"
    draft.parent.mkdir(parents=True)
    draft.write_text("等人审定的", encoding="utf-8")
    source = opened(f"sqlite:///{tmp_path / 'source.db'}")
    fill(source)
    back_up(settings, source, tmp_path / "backup.zip")
    shutil.rmtree(settings.documents_dir / DRAFTS)
    restore(settings, opened(f"sqlite:///{tmp_path / 'target.db'}"), tmp_path / "backup.zip")
    assert draft.read_text(encoding="utf-8") == "等人审定的"


def test_backups_before_something_do_not_overwrite_each_other(settings: Settings) -> None:
    first = before(settings, "restore")
    first.write_bytes(b"")
    assert before(settings, "restore") != first
