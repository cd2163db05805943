"""The files for putting the service into operation name only what there is, and their own tools can read them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.meter import Meter
from bot.running.kept import folders
from bot.settings import Settings
from bot.web.server import Front
from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose.*.yaml"))
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
UNIT = DEPLOY / "wenzheng.service"
SETTING = re.compile(r"\b(BOT_[A-Z_]+[A-Z])\b")
METRIC = re.compile(r"\b(?:bot|process)_[a-z_]+\b")
PLACES = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)
INSTRUCTIONS = {
    "FROM",
    "ARG",
    "RUN",
    "COPY",
    "WORKDIR",
    "ENV",
    "USER",
    "VOLUME",
    "EXPOSE",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "CMD",
}
# What the ports and volumes are made for.
PLACED = {"HOST": "0.0.0.0", "PORT": 7860, "BOT_DATA_DIR": "/data"}
# Made by the operator: certificates.
OWN = {"./tls"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def services(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from read(path)["services"].items()


@pytest.mark.parametrize("path", [p for p in sorted(DEPLOY.iterdir()) if p.name != "tls"], ids=lambda p: p.name)
def test_settings_that_are_named_exist(path: Path) -> None:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    assert not set(SETTING.findall(path.read_text(encoding="utf-8"))) - known


@pytest.mark.parametrize("path", COMPOSE, ids=lambda p: p.name)
def test_what_compose_mounts_and_builds_exists(path: Path) -> None:
    named = read(path)["volumes"]
    for name, service in services(path):
        if "build" in service:
            context = (DEPLOY / service["build"]["context"]).resolve()
            assert context == ROOT
            assert (context / service["build"]["dockerfile"]).is_file()
        for volume in service.get("volumes", []):
            source = volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
            assert source in named or source in OWN or (DEPLOY / source).exists(), (name, source)


@pytest.mark.parametrize("path", COMPOSE, ids=lambda p: p.name)
def test_services_of_ours_may_do_little_and_come_back(path: Path) -> None:
    ours = [service for _, service in services(path) if "build" in service]
    assert ours
    for service in ours:
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert PLACED.items() <= service["environment"].items(), "what .env says must not hold here"
        assert any(str(volume).startswith("data") for volume in service["volumes"])
    folders = [volume for service in ours for volume in service["volumes"] if str(volume).startswith("data")]
    assert len(folders) == len(set(folders)), "one process holds an index"


def test_large_set_has_several_services_behind_one_proxy() -> None:
    known = dict(services(DEPLOY / "compose.large.yaml"))
    told = (DEPLOY / "nginx.large.conf").read_text(encoding="utf-8")
    behind = set(re.findall(r"server (\w+):7860", told))
    assert behind == {name for name, service in known.items() if "build" in service}
    assert len(behind) >= 2
    stores = {urlsplit(str(known[name]["environment"]["BOT_CHROMA_URL"])).netloc for name in behind}
    assert stores == {f"chroma:{known['chroma']['command'][5]}"}
    for service in known.values():
        for needed in service.get("depends_on", {}):
            assert "healthcheck" in known[needed] or known[needed]["image"] == "wenzheng-youju"


def test_proxies_let_documents_of_the_office_through() -> None:
    most = Settings(_env_file=None).max_upload_bytes
    for path in (DEPLOY / "nginx.large.conf", ROOT / "docs" / "nginx.conf"):
        (told,) = re.findall(
            r"location (?:= )?\S*/office/documents \{(.*?)\}", path.read_text(encoding="utf-8"), re.DOTALL
        )
        (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", told)
        assert int(megabytes) << 20 > most


def test_what_is_only_asked_may_be_asked_of_another_service_and_nothing_else(tmp_path: Path) -> None:
    told = (DEPLOY / "nginx.large.conf").read_text(encoding="utf-8")
    ((path, inside),) = re.findall(r"location ~ (\S+) \{(.*?)\}", told, re.DOTALL)
    assert "non_idempotent" in inside
    assert told.count("non_idempotent") == 1
    front = Front(Settings(_env_file=None, data_dir=tmp_path), stop=lambda: None)
    open_to_all = {one for one, methods in front.app.openapi()["paths"].items() if "post" in methods}
    others = {"/lite", "/complaints", "/sign-in", "/office/documents", "/desk"}
    again = {one for one in open_to_all | others | {"/turn"} if re.match(path, one)}
    assert again == open_to_all - {"/api/feedback"} | {"/turn"}


def test_image_copies_what_there_is_and_runs_as_nobody() -> None:
    lines = re.sub(r"\\\n", " ", IMAGE).splitlines()
    used = {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}
    assert used <= INSTRUCTIONS
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for copied in PLACES.findall(IMAGE):
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists()
            assert f"!{source}" in allowed
    assert re.search(r"^USER 10001:10001$", IMAGE, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in IMAGE
    assert "/readyz" in IMAGE[IMAGE.index("HEALTHCHECK") :]
    (made,) = re.findall(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"uv=={made}" in IMAGE


def test_image_holds_everything_the_program_reads() -> None:
    copied = {source for line in PLACES.findall(IMAGE) for source in line.split()[:-1]}
    assert {"app.py", "bot", "corpus", "prompts", "pyproject.toml", "evals/baseline.json"} <= copied


def test_unit_is_understood_by_systemd_and_lets_little_through() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("没有 systemd-analyze")
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", UNIT], capture_output=True, text=True, check=False)
    wrong = [line for line in told.stderr.splitlines() if "is not executable" not in line and UNIT.name in line]
    assert wrong == []
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", UNIT], capture_output=True, check=False
    )
    assert rated.returncode == 0, "exposure above 2.0"


def test_unit_and_terminal_read_one_file_and_an_update_keeps_what_a_district_changes() -> None:
    told = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    unit, install = UNIT.read_text(encoding="utf-8"), (DEPLOY / "install.sh").read_text(encoding="utf-8")
    assert not SETTING.findall(unit), "the terminal would not know of it"
    assert "\nEnvironmentFile=/etc/wenzheng/env\n" in unit
    assert "ln -s /etc/wenzheng/env /opt/wenzheng/.env" in told
    own = [folder for folder in folders(Settings(_env_file=None)) if folder.name != "drafts"]
    assert own
    for folder in own:
        path = folder.path("").relative_to(ROOT)
        assert f"--exclude=./{path} " in install
        assert re.search(rf"for kept in .*\b{re.escape(path.name)}\b", install)
        assert re.search(rf"^BOT_{folder.name.upper()}_(DIR|FILE)=/(var/lib|etc)/wenzheng/", told, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.sh")), ids=lambda p: p.name)
def test_scripts_can_be_read_by_the_shell_and_run(path: Path) -> None:
    assert subprocess.run(["bash", "-n", path], capture_output=True, check=False).returncode == 0
    assert path.stat().st_mode & 0o111


def expressions() -> Iterator[str]:
    for group in read(DEPLOY / "alerts.yaml")["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_alerts_and_panels_ask_for_what_is_counted() -> None:
    meter = Meter()
    meter.answered("answered", "excerpt", 0.1)
    meter.fell_back("internal")
    meter.wrote({"number": 1}, (1, 1))
    meter.rated(True)
    with meter.step("find"):
        pass
    counted = set(METRIC.findall(meter.text("closed").decode()))
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert asked
    assert not asked - counted


def test_every_alert_leads_to_what_is_to_be_done() -> None:
    told = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (.+)$", told, re.MULTILINE))
    for group in read(DEPLOY / "alerts.yaml")["groups"]:
        for rule in group["rules"]:
            path, _, heading = rule["annotations"]["runbook"].partition("#")
            assert path == "docs/runbooks.md"
            assert heading in headings


def test_configuration_of_the_proxy_is_understood_by_nginx(tmp_path: Path) -> None:
    if not shutil.which("nginx"):
        pytest.skip("没有 nginx(见 tests/browser/install.sh)")
    server = (DEPLOY / "nginx.large.conf").read_text(encoding="utf-8")
    server = re.sub(r"server app(\d):7860", r"server 127.0.0.\1:7860", server)
    server = re.sub(r"(listen \S*443) ssl", r"\1", server)
    server = re.sub(r"^\s*ssl_certificate.*$", "", server, flags=re.MULTILINE)
    path = tmp_path / "nginx.conf"
    path.write_text(f"pid {tmp_path}/pid; events {{}}\nhttp {{ access_log off;\n{server}\n}}\n", encoding="utf-8")
    command = ["nginx", "-t", "-p", tmp_path, "-c", path, "-e", tmp_path / "error.log"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
