"""Settings: what variables mean, and what is refused in one line."""

from pathlib import Path

import pytest

from web.settings import SettingError, is_loopback, read_settings, unknown_variables


def test_defaults_serve_this_machine_alone_with_embedded_sqlite():
    settings = read_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url.startswith("sqlite:///")
    assert settings.address == "http://127.0.0.1:8000"


def test_an_empty_variable_counts_as_none():
    assert read_settings({"ITER_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ITER_PORT", "80a"),
        ("ITER_PORT", "65536"),
        ("ITER_PORT", "-1"),
        ("ITER_PORT", "٣"),
        ("ITER_DATABASE_URL", "mysql://x/y"),
        ("ITER_SMTP_URL", "mail.example.com"),
        ("ITER_BASE_URL", "ftp://x"),
        ("ITER_PROFILE", "tests"),
        ("ITER_LOG_LEVEL", "loud"),
        ("ITER_MAX_BODY", "0"),
        ("ITER_DEMO", "1"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_it(name, value):
    with pytest.raises(SettingError) as caught:
        read_settings({name: value})
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_test_clock_needs_the_test_profile():
    with pytest.raises(SettingError, match="ITER_PROFILE=test"):
        read_settings({"ITER_TEST_CLOCK": "/tmp/clock"})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com"])
def test_the_test_clock_needs_loopback(host):
    with pytest.raises(SettingError, match="loopback"):
        read_settings({"ITER_TEST_CLOCK": "/tmp/clock", "ITER_PROFILE": "test", "ITER_HOST": host})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_with_the_test_profile_gets_its_clock(host):
    settings = read_settings({"ITER_TEST_CLOCK": "/tmp/clock", "ITER_PROFILE": "test", "ITER_HOST": host})
    assert settings.test_clock == Path("/tmp/clock")
    assert is_loopback(host)


def test_misspelt_variables_are_named():
    assert unknown_variables({"ITER_PROT": "1", "ITER_PORT": "1", "HOME": "/"}) == ["ITER_PROT"]


@pytest.mark.parametrize(
    ("told", "local"),
    [
        ({}, True),
        ({"ITER_HOST": "::1"}, True),
        ({"ITER_BASE_URL": "http://localhost:9000"}, True),
        ({"ITER_HOST": "0.0.0.0"}, False),
        ({"ITER_BASE_URL": "https://support.example"}, False),
        ({"ITER_PROXIES": "1"}, False),
    ],
)
def test_a_server_is_local_only_where_every_setting_says_so(told, local):
    assert read_settings(told).is_local is local
