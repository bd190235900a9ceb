"""Where somebody comes from: what a proxy says of it is believed only where there is one."""

from dataclasses import replace

import pytest

from app import create_app
from app.accounts import actions

SECURE = {"X-Forwarded-Proto": "https"}


@pytest.fixture
def behind(app):
    """The same application, told that it stands behind a proxy."""
    return create_app(replace(app.config["SETTINGS"], behind_proxy=True))


def use_up_the_tries(address):
    """Fail to sign in from an address as often as it may; each failure costs a hash, so at once."""
    actions._failures_of_address.spend(address, cost=100)  # noqa: SLF001


def try_to_sign_in(app, forwarded):
    client = app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    fields = {"email": "nobody@hearthside.example", "password": "x", "csrf_token": token}
    headers = {"X-Forwarded-For": forwarded}
    return client.post("/sign-in", data=fields, headers=headers).status_code


def choose_a_theme(app):
    """Return the cookie that comes back when the page was asked for over TLS, as is claimed."""
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/appearance", data={"theme": "dark"}, headers=SECURE)
    return answer.headers["Set-Cookie"]


def test_nobody_gets_more_tries_by_claiming_other_addresses(app):
    use_up_the_tries("127.0.0.1")
    assert try_to_sign_in(app, "198.51.100.1") == 429


def test_behind_a_proxy_each_address_has_its_own_tries(behind):
    use_up_the_tries("198.51.100.1")
    assert try_to_sign_in(behind, "198.51.100.1") == 429
    assert try_to_sign_in(behind, "198.51.100.2") == 400
    # Only what the nearest proxy wrote counts, which stands last.
    assert try_to_sign_in(behind, "198.51.100.3, 198.51.100.1") == 429


def test_a_page_is_safe_over_tls_only_by_the_word_of_a_proxy(app, behind):
    assert "Secure" not in choose_a_theme(app)
    assert "Secure" in choose_a_theme(behind)
