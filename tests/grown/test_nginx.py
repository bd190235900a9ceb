"""nginx before the processes, with the file that a clinic is given."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest
import requests

from tests.cast import ADA, MARA
from tests.nginx import Nginx
from tests.programs import wait_until
from tests.servers import ROOT, LiveServer
from tests.sockets import LivePerson

#: What the application itself says of a file, and nginx must say too.
SAID_OF_FILES = (
    "Cache-Control",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
)


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that it was sent."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of something that says what nginx told it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def lines_of(server: LiveServer) -> int:
    """How many connections a process holds."""
    known = psutil.Process(server.pid).net_connections("tcp")
    return sum(c.status == psutil.CONN_ESTABLISHED and c.laddr.port == server.port for c in known)


def test_what_a_browser_says_of_where_it_comes_from_is_thrown_away(nginx, echo):
    nginx.start([echo])
    claimed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Prefix": "/elsewhere",
        "Forwarded": "for=203.0.113.9",
    }
    told = requests.get(nginx.url, headers=claimed, timeout=10).json()
    forwarded = {name: value for name, value in told.items() if "orwarded" in name}
    assert forwarded == {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"}
    assert told["Host"] == nginx.url.removeprefix("http://")


def test_people_of_both_processes_meet_in_a_room_behind_nginx(clinic, nginx, behind):
    mara, ada = (LivePerson(nginx.url).sign_in(figure) for figure in (MARA, ADA))
    sockets = [mara.socket(), ada.socket()]
    for socket in sockets:
        assert socket.enter(clinic.visit.id)["ok"]
    # Each process has one of them, though nothing binds anybody to one.
    wait_until(lambda: [lines_of(server) for server in behind] == [1, 1], what="one line each")
    assert sockets[0].append(clinic.visit.id, "message.posted", {"text": "Hello"})["ok"]
    for socket in sockets:
        assert socket.hears("event", kind="message.posted", within=2.0)["body"]["text"] == "Hello"
    behind[0].kill()
    wait_until(lambda: sum(socket.is_open for socket in sockets) == 1, what="one line cut")
    # Whoever asks is not told of the dead process, by pages or by sockets.
    for person in (mara, ada) * 3:
        assert person.http.get(f"{nginx.url}/").status_code == 200
    again = [person.socket() for person in (mara, ada)]
    for socket in again:
        assert socket.enter(clinic.visit.id)["ok"]
    assert again[1].append(clinic.visit.id, "message.posted", {"text": "Still here"})["ok"]
    assert again[0].hears("event", seq=again[1].heard("event")[-1]["seq"])
    mara.close()
    ada.close()


def test_files_come_from_nginx_as_the_application_would_give_them(app, nginx, echo):
    nginx.start([echo])
    hashed = json.loads((ROOT / "static/dist/manifest.json").read_text("utf-8"))["main.js"]["file"]
    for path in (f"/static/dist/{hashed}", "/static/css/main.css"):
        given = requests.get(f"{nginx.url}{path}", timeout=10)
        with app.test_client().get(path) as own:
            assert (given.status_code, given.content) == (200, own.data)
            said, meant = ({n: a.headers[n] for n in SAID_OF_FILES} for a in (given, own))
        assert said == meant
    assert requests.get(f"{nginx.url}/static/nothing.js", timeout=10).status_code == 404
    assert requests.get(f"{nginx.url}/readyz", timeout=10).status_code == 404


def test_a_body_that_is_too_large_goes_no_further(nginx, echo):
    nginx.start([echo])
    large = b"x" * (2 * 1024 * 1024 + 1)
    assert requests.post(f"{nginx.url}/sign-in", data=large, timeout=10).status_code == 413


def test_the_file_as_shipped_speaks_tls_and_sends_plain_http_there(tmp_path, echo):
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1"
    where = f"-keyout {tmp_path}/private.pem -out {tmp_path}/fullchain.crt -subj /CN=127.0.0.1"
    names = "-addext subjectAltName=IP:127.0.0.1"
    subprocess.run(f"{make} {where} {names}".split(), check=True, capture_output=True)
    with Nginx(tmp_path, certificate=tmp_path) as nginx:
        nginx.start([echo])
        trusted = f"{tmp_path}/fullchain.crt"
        told = requests.get(nginx.url, verify=trusted, timeout=10).json()
        assert told["X-Forwarded-Proto"] == "https"
        plain = f"http://127.0.0.1:{nginx.plain_port}/visits"
        answer = requests.get(plain, timeout=10, allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (
            301,
            "https://127.0.0.1/visits",
        )
