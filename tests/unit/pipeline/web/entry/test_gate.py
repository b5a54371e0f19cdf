"""Whoever is not logged in gets the log-in page and nothing else, whatever route is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import Route

from classify.letter import Secrecy
from index.book import Book
from index.errors import DiskFullError
from index.visibility import Role
from pipeline.office import Office
from pipeline.web.entry.gate import COOKIE, is_api, local_path
from pipeline.web.site.menu import DOORS
from pipeline.web.site.viewer import who_looks
from tests.keeping import DOUBTFUL_SECRECY, NOW, file_one, hand_on, make_filing
from tests.visiting import GOOD, HERE, Browser, visiting
from tests.walking import every_route

OPEN = {"/login", "/openapi.json", "/healthz", "/metrics"}  # and what lies under /static
"""What opens without a log-in; what the two that watch tell to whom: `overview/test_machine_page.py`."""


@pytest.fixture
def browser(office: Office, book: Book) -> Iterator[Browser]:
    with visiting(office, book) as visitor:
        yield visitor


def closed(app: FastAPI) -> Iterator[Route | APIRoute]:
    """Yield the routes that ask for a log-in: all but what the log-in page needs."""
    for route in every_route(app.routes):
        if route.path not in OPEN and not route.path.startswith("/static/"):
            yield route


def test_no_route_opens_without_a_log_in(browser: Browser) -> None:
    asked = 0
    for route in closed(browser.app):
        address = re.sub(r"{[^}]*}", "1", route.path)
        for method in sorted(route.methods or ()):
            answer = browser.ask(method, address)
            asked += 1
            if is_api(address):
                assert answer.status_code == 401, f"{method} {address}"
                continue
            assert answer.status_code == 303, f"{method} {address}"
            assert answer.headers["location"].startswith("/login"), f"{method} {address}"
    assert asked > 25


def test_every_route_asks_who_looks(browser: Browser) -> None:
    """The gate would be enough; a route that asks as well stays closed when the gate is changed."""

    def asks(dependant: Dependant) -> bool:
        return dependant.call is who_looks or any(asks(one) for one in dependant.dependencies)

    forgetful = {
        route.path
        for route in closed(browser.app)
        if not isinstance(route, APIRoute) or not asks(route.dependant)
    }
    assert forgetful == set()


def test_every_path_under_api_answers_401_in_json(browser: Browser) -> None:
    for address in ("/api", "/api/", "/api/nothing", "/api/letters", "/api/a/b/c"):
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            for authorization in ("", "Bearer saraban_0", "Basic eDp5"):
                sent = {"authorization": authorization} if authorization else {}
                answer = browser.ask(method, address, sent)
                assert answer.status_code == 401, (method, address, authorization)
                assert answer.json()
                assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_opens_the_interface_and_no_page(browser: Browser, book: Book) -> None:
    clerk = book.people.find("registry_clerk")
    assert clerk is not None
    key = book.people.create_token(clerk.looking(), "program", clerk.roles, now=NOW)
    bearer = {"authorization": f"Bearer {key}"}
    assert browser.ask("GET", "/api/nothing", bearer).status_code == 404
    assert browser.ask("GET", "/", bearer).status_code == 303
    browser.log_in("registry_clerk")
    wrong = {"authorization": "Bearer saraban_0"}
    assert browser.ask("GET", "/api/nothing", wrong).status_code == 401, "the session does not help"


def test_log_in_leads_to_what_was_asked_for_and_log_out_ends_it(browser: Browser) -> None:
    asked = browser.get("/search?q=ก&page=1")
    location = asked.headers["location"]
    assert location.startswith("/login?next=%2Fsearch%3Fq%3D")
    form = browser.get(location).text
    wanted = re.search(r'name="next" value="([^"]+)"', form)
    assert wanted is not None
    entered = browser.log_in("registry_clerk", next=wanted[1].replace("&amp;", "&"))
    assert entered.status_code == 303
    assert entered.headers["location"].startswith("/search?q=")
    page = browser.get(entered.headers["location"])
    assert page.status_code == 200
    assert "REGISTRY_CLERK" in page.text
    kept = dict(browser.cookies)
    assert browser.post("/logout").headers["location"] == "/login"
    assert dict(browser.cookies) == {}
    browser.cookies.update(kept)
    assert browser.get("/").status_code == 303, "the old cookie opens nothing"


def test_the_cookie_is_out_of_reach_and_new_at_each_log_in(browser: Browser) -> None:
    browser.cookies.set(COOKIE, "fixed-by-somebody-else")
    first = browser.log_in("auditor").headers["set-cookie"]
    assert "fixed-by" not in first
    for flag in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert flag in first
    assert "Secure" not in first
    assert "max-age" not in first.lower()
    second = browser.log_in("auditor").headers["set-cookie"]
    assert first != second
    secure = Browser(browser.app, base="https://127.0.0.1:8470")
    assert "Secure" in secure.log_in("auditor").headers["set-cookie"]


def test_a_wrong_password_is_refused_in_words_and_then_waited_for(browser: Browser) -> None:
    answers = [browser.log_in(name, "wrong") for name in ("auditor", "nobody")]
    texts = [answer.text.replace("nobody", "auditor") for answer in answers]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert texts[0] == texts[1]
    assert "ไม่ถูกต้อง" in texts[0]
    for _ in range(4):
        browser.log_in("auditor", "wrong")
    throttled = browser.log_in("auditor")
    assert throttled.status_code == 429
    assert throttled.headers["retry-after"] == "5"
    browser.now += timedelta(seconds=5)
    assert browser.log_in("auditor").status_code == 303


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
def test_nobody_is_logged_in_or_out_from_a_page_elsewhere(browser: Browser, origin: str) -> None:
    data: dict[str, object] = {"name": "auditor", "password": GOOD}
    refused = browser.ask("POST", "/login", {"origin": origin}, data)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    browser.log_in("auditor")
    assert browser.ask("POST", "/logout", {"origin": origin}).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8470"])
def test_a_foreign_host_name_gets_no_log_in_page(browser: Browser, host: str) -> None:
    assert browser.get("/login", host=host).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "evil",
        "",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\\\\evil",
        "/login",
        "/logout",
        "///evil.example",
        "/ก",
        "/a\r\nx: y",
    ],
)
def test_an_address_elsewhere_leads_home(address: str) -> None:
    assert local_path(address) == "/"


def test_after_log_in_nobody_is_led_elsewhere(browser: Browser) -> None:
    for address in ("//evil.example", "/\\evil.example", "https://evil.example"):
        assert browser.log_in("auditor", next=address).headers["location"] == "/"
        again = browser.get(f"/login?next={address}")
        assert again.headers["location"] == "/", "also for who is logged in already"


@pytest.mark.parametrize("address", ["/", "/search?q=%E0%B8%81&page=2", "/letters/1/2569#page-2"])
def test_a_path_of_ours_is_kept(address: str) -> None:
    assert local_path(address) == address


@pytest.mark.parametrize(
    ("form_of", "led_to"),
    [
        ("/letters/1/2569", "/letters/1/2569"),
        ("/letters/1/2569/correct", "/letters/1/2569"),  # the answer to a form that was refused
        ("/sent/new?answers=1/2569", "/sent/new?answers=1/2569"),
        ("/review/1/2569", "/review/1/2569"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(
    browser: Browser, form_of: str, led_to: str
) -> None:
    sent = browser.ask("POST", "/letters/1/2569/correct", {"referer": HERE + form_of})
    assert sent.headers["location"] == f"/login?next={quote(led_to, safe='')}"
    foreign = browser.ask("POST", "/letters/1/2569/correct", {"referer": "http://evil//x.y/z"})
    assert "evil" not in foreign.headers["location"]


def test_a_script_that_is_logged_out_is_told_to_open_the_log_in_page(browser: Browser) -> None:
    answer = browser.get("/letters/desk", hx_request="true", hx_current_url=f"{HERE}/?group=plan")
    assert answer.headers["hx-redirect"] == "/login?next=%2F%3Fgroup%3Dplan"
    assert answer.content == b""


def test_a_list_left_open_does_not_keep_its_reader_logged_in(browser: Browser) -> None:
    browser.log_in("registry_clerk")
    for _ in range(12):
        browser.now += timedelta(minutes=5)
        browser.get("/letters/desk", hx_request="true")
    assert browser.get("/").status_code == 303


def test_a_link_in_a_mail_is_asked_again_from_our_own_page(browser: Browser) -> None:
    cross = browser.get("/letters/1/2569", sec_fetch_site="cross-site", sec_fetch_mode="navigate")
    assert cross.status_code == 200
    assert 'http-equiv="refresh"' in cross.text
    own = browser.get("/letters/1/2569", sec_fetch_site="same-origin", sec_fetch_mode="navigate")
    assert own.status_code == 303


def test_a_log_in_form_as_large_as_a_book_is_not_read(browser: Browser) -> None:
    assert browser.post("/login", name="x" * 20_000).status_code == 413


def test_a_book_that_cannot_be_asked_lets_nobody_in_and_says_so(
    browser: Browser, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.log_in("auditor")

    def fail(*_: object, **__: object) -> None:
        raise DiskFullError("saraban.db")

    monkeypatch.setattr(book.logins, "who", fail)
    answer = browser.get("/")
    assert (answer.status_code, "ดิสก์เต็ม" in answer.text) == (503, True)
    assert browser.get("/api/letters").status_code == 503


def test_a_one_time_password_opens_nothing_but_its_change(browser: Browser, book: Book) -> None:
    once = book.people.reset_password("registry_clerk", who="test", now=NOW)
    browser.log_in("registry_clerk", once)
    for address in ("/", "/letters/1/2569", "/quarantine"):
        assert browser.get(address).headers["location"] == "/password"
    assert browser.get("/api/letters").status_code == 401
    assert "รหัสใช้ครั้งเดียว" in browser.get("/password").text
    short = browser.post("/password", old=once, new="short", again="short")
    assert (short.status_code, "๑๐" in short.text) == (403, True)
    new = "ส้มตำไทยไข่เค็ม"
    assert browser.post("/password", old=once, new=new, again=GOOD).status_code == 403
    assert browser.post("/password", old="wrong", new=new, again=new).status_code == 403
    assert browser.post("/password", old=once, new=new, again=new).headers["location"] == "/"
    assert browser.get("/").status_code == 200


ALLOWED = {
    "/": set(Role),
    "/search": set(Role),
    "/quarantine": {Role.REGISTRY_CLERK, Role.SECRET_REGISTRAR},
    "/audit": {Role.AUDITOR},
    "/people": {Role.ADMINISTRATOR},
    "/people/auditor": {Role.ADMINISTRATOR},
    "/password": set(Role),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_doors_and_sees_no_other(browser: Browser, role: Role) -> None:
    assert browser.log_in(role.value).status_code == 303
    for address, allowed in ALLOWED.items():
        expected = 200 if role in allowed else 403
        assert browser.get(address).status_code == expected, address
    header = browser.get("/password").text.split("</header>")[0]
    for door in DOORS:
        shown = f'href="{door.address}"' in header.split("<nav")[1]
        by_role = not door.roles or role in door.roles
        has_secrets = role is Role.SECRET_REGISTRAR  # nobody else was cleared
        assert shown is (by_role and (has_secrets or not door.cleared)), door.address
        if shown:
            assert browser.get(door.address).status_code == 200, door.address


def opens(browser: Browser, running: int) -> bool:
    """Tell whether the letter is given; these have no file, so asking ends at the archive (503)."""
    status = browser.get(f"/letters/{running}/2569/original").status_code
    assert status in (404, 503)
    return status == 503


WHOLE_REGISTER = {
    Role.REGISTRY_CLERK,
    Role.RECORDS_OFFICER,
    Role.SECRET_REGISTRAR,
    Role.AUDITOR,
    Role.DIRECTOR,
}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_the_letters_it_may(browser: Browser, book: Book, role: Role) -> None:
    file_one(book, 1, make_filing(group="admin", subject="เรื่องของอีกกลุ่ม"))
    file_one(
        book, 2, make_filing(number="ก 2", group="plan", subject="เรื่องลับ", secrecy=Secrecy.SECRET)
    )
    file_one(
        book,
        3,
        make_filing(number="ก 3", group="plan", subject="สงสัยว่าลับ", review=(DOUBTFUL_SECRECY,)),
    )
    file_one(book, 4, make_filing(group="plan", subject="เรื่องของแผน"))
    hand_on(book, 2, 3, 4)
    browser.log_in(role.value)
    normal, secret = role in WHOLE_REGISTER, role is Role.SECRET_REGISTRAR
    own = normal or role in (Role.DEPUTY_DIRECTOR, Role.GROUP_HEAD, Role.GROUP_OFFICER)
    assert [opens(browser, number) for number in (1, 2, 3, 4)] == [normal, secret, secret, own]
    listed = browser.get("/").text
    assert ("เรื่องของอีกกลุ่ม" in listed) is normal
    assert secret or "เรื่องลับ" not in listed


def test_a_personal_grant_opens_one_letter_until_it_runs_out_or_is_denied(
    browser: Browser, book: Book
) -> None:
    for key in (1, 2):
        file_one(book, key, make_filing(group="admin", secrecy=Secrecy.SECRET))
    registrar, officer = book.people.find("secret_registrar"), book.people.find("group_officer")
    assert registrar is not None
    assert officer is not None
    book.people.change(replace(officer, clearance=Secrecy.SECRET), who="test", now=NOW)
    until = NOW + timedelta(minutes=30)
    book.grants.permit(
        registrar.looking(), 1, "group_officer", until=until, reason="ร่วมตอบ", now=NOW
    )
    browser.log_in("group_officer")
    assert [opens(browser, 1), opens(browser, 2)] == [True, False]
    browser.now += timedelta(minutes=31)
    assert not opens(browser, 1)
    browser.now = NOW
    browser.log_in("group_officer")  # the log-in of a clock that was ahead ended
    assert opens(browser, 1)
    book.grants.deny(registrar.looking(), 1, "group_officer", reason="เป็นผู้ถูกสอบ", now=NOW)
    assert not opens(browser, 1)


def test_who_opens_a_letter_is_noted_once_an_hour_and_of_a_secret_one_each_time(
    browser: Browser, book: Book
) -> None:
    file_one(book, 1)
    file_one(book, 2, make_filing(secrecy=Secrecy.SECRET))
    file_one(book, 3, make_filing(review=(DOUBTFUL_SECRECY,)))
    for name in ("secret_registrar", "registry_clerk"):
        browser.log_in(name)
        for _ in range(3):
            opens(browser, 1)
            opens(browser, 2)
            opens(browser, 3)
            opens(browser, 99)
    browser.now += timedelta(minutes=30)  # past ten
    opens(browser, 1)
    noted = [
        (one.who, one.action, one.letter_id)
        for one in book.audit.entries(limit=1000)
        if "view" in one.action
    ]
    assert Counter(noted) == {
        ("secret_registrar", "viewed", 1): 1,
        ("secret_registrar", "viewed", 2): 3,
        ("secret_registrar", "viewed", 3): 3,
        ("registry_clerk", "viewed", 1): 2,
        ("registry_clerk", "view_refused", 2): 3,
        ("registry_clerk", "view_refused", 3): 3,
    }
