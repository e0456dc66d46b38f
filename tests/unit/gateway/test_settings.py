"""Settings: the file, the environment over it, and every mistake told by its path."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel, ConfigDict

from core.errors import SettingsInvalid
from gateway.settings import ServerSettings, Settings, checked, load_settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ordergate.toml").write_text("")
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "ordergate.toml").write_text(text)


def test_an_empty_file_gives_the_defaults_and_a_database_in_the_home(home: Path) -> None:
    settings = load_settings(home)
    assert settings.database.url == f"sqlite:///{home / 'ordergate.db'}"
    assert settings.server.port == 8080
    assert settings.folders.settle_seconds == 2
    assert settings.folders.incomplete_seconds == 60
    assert not settings.sandbox.enabled


def test_the_environment_overrides_the_file_key_by_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, '[server]\nport = 1\nhost = "::1"\n')
    monkeypatch.setenv("ORDERGATE_SERVER__PORT", "9000")
    monkeypatch.setenv("ORDERGATE_CARRIER__SANDBOX__PORT", "9001")
    settings = load_settings(home)
    assert (settings.server.host, settings.server.port) == ("::1", 9000)
    assert settings.carrier.sandbox == {"port": "9001"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server]\nprot = 1", "server.prot: unknown key"),
        ("[foo]\nbar = 1", "foo: unknown key"),
        ("[server]\nport = 70000", "server.port: "),
        ('[folders]\nwatch = "sometimes"', "folders.watch: "),
        ("[carrier.dhl]\nx = 1", "carrier.dhl: unknown key"),
        ("[server\n", "is not TOML"),
        ('[database]\nurl = "mysql://host/x"', "mysql is not supported"),
        ('[database]\nurl = "::"', "is not an address"),
        ('[database]\nurl = "sqlite://"', "needs a file"),
    ],
)
def test_a_mistake_is_refused_with_its_path(home: Path, text: str, told: str) -> None:
    write(home, text)
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(home)
    assert told in refused.value.message


def test_all_mistakes_are_told_at_once(home: Path) -> None:
    write(home, "[server]\nport = -1\nprot = 2\n[intake]\nmax_ahead_days = -1\n")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(home)
    assert [problem.split(":")[0] for problem in refused.value.inputs["problems"]] == [  # type: ignore[attr-defined] # a list
        "server.port",
        "server.prot",
        "intake.max_ahead_days",
    ]
    assert refused.value.hint == f"Known: {', '.join(sorted(ServerSettings.model_fields))}."


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ORDERGATE_SERVER__PROT", "host, port"),
        ("ORDERGATE_SERVR__PORT", "database, documents, events, folders"),
        ("ORDERGATE_DATABASE_URL", "ORDERGATE_DATABASE__URL"),
    ],
)
def test_a_misspelt_variable_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, hint: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(home)
    assert hint in refused.value.hint


def test_a_variable_that_is_no_setting_of_ours_is_left_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERGATE_HOME", "/somewhere")
    monkeypatch.setenv("ORDERGATE_SHOP_SECRET", "x")
    assert load_settings(home) == load_settings(home)


def test_addresses_of_databases_are_made_whole(home: Path) -> None:
    write(home, '[database]\nurl = "sqlite:///other/place.db"')
    assert load_settings(home).database.url == f"sqlite:///{home / 'other/place.db'}"
    write(home, '[database]\nurl = "postgresql://me:secret@db/orders"')
    settings = load_settings(home)
    assert settings.database.url == "postgresql+psycopg://me:secret@db/orders"
    assert "secret" not in repr(settings)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="cannot read"):
        load_settings(tmp_path)


def test_every_setting_says_what_it_means() -> None:
    unsaid = []
    for name, section in Settings.model_fields.items():
        model = section.annotation
        if get_origin(model) is list:
            (model,) = get_args(model)
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        inner = {key: field.annotation for key, field in model.model_fields.items()}
        tables = {
            f"{name}.{key}": one for key, one in inner.items() if isinstance(one, type) and issubclass(one, BaseModel)
        }
        for path, table in {name: model, **tables}.items():
            assert table.__doc__
            places = {f"{path}.{key}": field for key, field in table.model_fields.items()}
            unsaid += [place for place, field in places.items() if place not in tables and not field.description]
    assert unsaid == []


def test_settings_of_a_carrier_are_checked_by_its_own_model() -> None:
    class Carrier(BaseModel):
        model_config = ConfigDict(extra="forbid")
        port: int = 0

    assert checked(Carrier, {"port": "5"}, "carrier.x").port == 5
    with pytest.raises(SettingsInvalid, match=r"carrier\.x\.prot: unknown key"):
        checked(Carrier, {"prot": 5}, "carrier.x")


def test_a_mistake_in_one_of_many_is_told_with_its_place(home: Path) -> None:
    write(home, '[[alert_sinks]]\nname = "x"\nkind = "mail"\nto = ["a@b.example"]\nseverity = "high"\n')
    with pytest.raises(SettingsInvalid, match=r"alert_sinks\.0\.severity: unknown key") as refused:
        load_settings(home)
    assert "again_hours" in (refused.value.hint or "")
