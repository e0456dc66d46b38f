"""The wheel, installed in an environment that has nothing else, works from any folder and claims only its own names.

The development environment hides what a wheel forgot: a missing dependency, a template, the migrations.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run *command* in *cwd* and return its stdout; fail with everything that it said."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    finished = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one wheel and one sdist, built without isolation: the build backend is a development tool here."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--sdist", "--outdir", folder, cwd=REPOSITORY)
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    (only,) = distributions.glob("*.whl")
    return only


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment that holds the wheel and its runtime dependencies alone."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False)  # the development environment's pip installs into it
    binaries = environment / "bin"
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        binaries / "python",
        "install",
        "-q",
        "--no-compile",
        wheel,
        cwd=environment,
    )
    return binaries


def test_the_wheel_claims_exactly_its_own_top_level_names(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top_level = {name.split("/")[0] for name in names}
    distribution = {name for name in top_level if name.endswith(".dist-info")}
    assert len(distribution) == 1
    assert top_level - distribution == {"gateway", "adapters", "core"}
    assert "gateway/_migrations/env.py" in names
    assert any(name.startswith("gateway/_migrations/versions/") and name.endswith(".py") for name in names)
    shipped = {
        str(path.relative_to(REPOSITORY))
        for folder in ("gateway", "adapters", "core")
        for path in (REPOSITORY / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped - set(names) == set()
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert {"LICENSE", "NOTICE"} <= {name.rsplit("/", 1)[-1] for name in names}


def test_the_sdist_holds_all_that_the_wheel_is_built_from(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {
        "pyproject.toml",
        "migrations/env.py",
        "gateway/__init__.py",
        "core/errors.py",
        "LICENSE",
        "NOTICE",
    } <= names
    assert not [name for name in names if name.startswith((".venv", "demo-home", "tests"))]


def test_the_wheel_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert "serve" in run(installed / "ordergate", "--help", cwd=tmp_path)
    run(installed / "ordergate", "init", home, cwd=tmp_path)
    assert (home / "ordergate.toml").is_file()
    places = run(
        installed / "python",
        "-c",
        "import core, adapters, gateway; print(core.__file__, adapters.__file__, gateway.__file__)",
        cwd=tmp_path,
    ).split()
    assert len(places) == 3
    assert {Path(place).parents[1] for place in places} == {Path(places[0]).parents[1]}
    assert str(REPOSITORY) not in " ".join(places)


def test_every_module_imports_with_the_runtime_dependencies_alone(installed: Path, tmp_path: Path) -> None:
    walk = (
        "import importlib, pkgutil, core, adapters, gateway\n"
        "for package in (core, adapters, gateway):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if '_migrations' not in module.name and not module.name.endswith('__main__'):\n"
        "            try:\n"
        "                importlib.import_module(module.name)\n"
        "                print(module.name)\n"
        "            except ModuleNotFoundError as error:\n"
        "                print('lacks', error.name, module.name, sep='/')\n"
    )
    modules = run(installed / "python", "-W", "error", "-c", walk, cwd=tmp_path).split()
    lacking = {name for name in modules if name.startswith("lacks/")}
    tokens, pictures = "lacks/joserfc/gateway.oidc.", r"lacks/(cv2|numpy|rapidocr)/adapters\.email\.ocr\."
    assert [name for name in lacking if not name.startswith(tokens) and not re.match(pictures, name)] == []
    assert "core.errors" in modules
    assert "gateway.cli" in {name.rsplit(".", 1)[0] if name.startswith("gateway.cli.") else name for name in modules}


def test_settings_that_need_an_extra_name_it(installed: Path, tmp_path: Path) -> None:
    """Issue 5 part 2: tokens of an identity provider without the library that checks them."""
    home = tmp_path / "home"
    run(installed / "ordergate", "init", home, cwd=tmp_path)
    with (home / "ordergate.toml").open("a", encoding="utf-8") as file:
        file.write('[oidc]\nissuer = "https://id.example.com"\naudience = "o"\nscopes = { "o" = "read" }\n')
    command = [installed / "ordergate", "orders", "--home", home]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "oidc: " in told.stderr
    assert "ordergate[oidc]" in " ".join(told.stderr.split())


def test_no_two_installed_distributions_conflict(installed: Path, tmp_path: Path) -> None:
    checked = run(sys.executable, "-m", "pip", "--python", installed / "python", "check", cwd=tmp_path)
    assert "No broken requirements" in checked
