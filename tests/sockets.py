"""Socket clients: one in process, one over the wire to a real server."""

import contextlib
import queue
import time
from socket import SHUT_RDWR
from typing import Any, Self

import requests
import socketio as client_library
from flask_socketio import SocketIOTestClient

from app.kernel.ids import new_id
from app.web import sockets
from tests.browser import Browser
from tests.cast import Figure

NAMESPACE = sockets.NAMESPACE
#: Where Flask's test client believes to be.
ORIGIN = "http://localhost"


class SocketRefusedError(Exception):
    """The server does not let this socket in; `data` is what `connect_error` carries."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.data = data


class Socket:
    """A socket of a signed-in browser, in process: every event is handled before `send` returns."""

    def __init__(self, browser: Browser, *, origin: str | None = ORIGIN) -> None:
        self._client = SocketIOTestClient(
            browser.app,
            sockets.socketio,
            namespace=NAMESPACE,
            headers={"Origin": origin} if origin else {},
            flask_test_client=browser.http,
        )
        self._seen: list[tuple[str, Any]] = []

    @property
    def is_open(self) -> bool:
        """Whether the server holds the connection."""
        return bool(self._client.is_connected(NAMESPACE))

    def send(self, event: str, *payload: Any) -> Any:
        """Send an event; return the acknowledgement, None when it is empty."""
        return self._client.emit(event, *payload, namespace=NAMESPACE, callback=True) or None

    def enter(self, visit_id: str, **after: int) -> Any:
        """Enter a room."""
        return self.send("enter", {"visit": visit_id, "after": after})

    def append(self, visit_id: str, kind: str, body: Any, **envelope: Any) -> Any:
        """Append an event to the channel `room`, or another one that `envelope` names."""
        return self.send("append", appending(visit_id, kind, body, **envelope))

    def heard(self, event: str) -> list[Any]:
        """What the server sent under this name since the socket was opened."""
        for each in self._client.queue:
            self._seen.append((each["name"], each["args"][0]))
        self._client.queue.clear()
        return [payload for name, payload in self._seen if name == event]

    def close(self) -> None:
        """Close as a closed tab does."""
        if self.is_open:
            self._client.disconnect(NAMESPACE)


class LivePerson:
    """Somebody at a real server: an HTTP session of their own, and sockets."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self._sockets: list[LiveSocket] = []

    def sign_in(self, figure: Figure) -> Self:
        """Sign in by the form."""
        token = self.token()
        fields = {"email": figure.email, "password": figure.password, "csrf_token": token}
        answer = self.http.post(f"{self.url}/sign-in", data=fields, allow_redirects=False)
        assert answer.status_code == 302, answer.status_code
        return self

    def sign_out(self) -> None:
        """Sign out as the button does."""
        answer = self.http.post(f"{self.url}/sign-out", data={"csrf_token": self.token()})
        assert answer.ok, answer.status_code

    def token(self) -> str:
        """A CSRF token of this person's."""
        page = self.http.get(f"{self.url}/sign-in").text
        _, _, rest = page.partition('name="csrf_token" value="')
        return rest.partition('"')[0]

    def socket(self, **options: Any) -> "LiveSocket":
        """Open a socket. Raises SocketRefusedError with what the server says of why."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)
        opened = LiveSocket(self.url, cookies, **options)
        self._sockets.append(opened)
        return opened

    def close(self) -> None:
        """Close everything."""
        for each in self._sockets:
            each.close()
        self.http.close()


class LiveSocket:
    """A python-socketio client that keeps what it hears."""

    def __init__(self, url: str, cookies: str, *, origin: str | None = "") -> None:
        """Connect. `origin` is the server's own unless given; None: no such header."""
        self.refusal: Any = None
        self._heard: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._seen: list[tuple[str, Any]] = []
        # websocket-client sends an Origin of its own, the server's address.
        extra = {"suppress_origin": True} if origin is None else {"origin": origin or url}
        self.client = client_library.Client(reconnection=False, websocket_extra_options=extra)
        self.client.on("*", self._hear, namespace=NAMESPACE)
        self.client.on("connect_error", self._refused, namespace=NAMESPACE)
        try:
            self.client.connect(
                url,
                headers={"Cookie": cookies},
                transports=["websocket"],
                namespaces=[NAMESPACE],
                wait_timeout=10,
            )
        except client_library.exceptions.ConnectionError as error:
            self.close()
            raise SocketRefusedError(self.refusal) from error

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return NAMESPACE in self.client.namespaces

    def send(self, event: str, *payload: Any, timeout: float = 10) -> Any:
        """Send an event; return the acknowledgement. Raises TimeoutError of the client."""
        data = payload[0] if len(payload) == 1 else payload
        return self.client.call(event, data, namespace=NAMESPACE, timeout=timeout)

    def enter(self, visit_id: str, **after: int) -> Any:
        """Enter a room."""
        return self.send("enter", {"visit": visit_id, "after": after})

    def append(self, visit_id: str, kind: str, body: Any, **envelope: Any) -> Any:
        """Append an event to the channel `room`, or another one that `envelope` names."""
        timeout = envelope.pop("timeout", 10)
        return self.send("append", appending(visit_id, kind, body, **envelope), timeout=timeout)

    def heard(self, event: str) -> list[Any]:
        """What the server sent under this name so far."""
        while not self._heard.empty():
            self._seen.append(self._heard.get())
        return [payload for name, payload in self._seen if name == event]

    def hears(self, event: str, *, within: float = 5.0, **facts: Any) -> Any:
        """Wait for an event with these facts and return it. Raises TimeoutError."""
        deadline = time.monotonic() + within
        while True:
            for payload in self.heard(event):
                if facts.items() <= payload.items():
                    return payload
            if time.monotonic() > deadline:
                message = f"no {event} with {facts} within {within} s, only {self._seen}"
                raise TimeoutError(message)
            time.sleep(0.01)

    def close(self) -> None:
        """Cut the line, and wait for the client's threads."""
        line = self.client.eio.ws
        if line is not None and line.sock is not None:
            with contextlib.suppress(OSError):
                line.sock.shutdown(SHUT_RDWR)
        if self.client.eio.queue is not None:
            # Wakes the library's writer, which may have missed that the server ended the line.
            self.client.eio.queue.put(None)
        self.client.eio.wait()
        if line is not None:
            # The library leaves it open where the server reset the connection.
            line.shutdown()

    def _hear(self, event: str, payload: Any = None) -> None:
        self._heard.put((event, payload))

    def _refused(self, data: Any) -> None:
        self.refusal = data


def appending(visit_id: str, kind: str, body: Any, **envelope: Any) -> dict[str, Any]:
    """The payload of an `append`, with a fresh key unless one is given."""
    key = envelope.pop("key", None) or new_id()
    return {
        "visit": visit_id,
        "channel": "room",
        "key": key,
        "kind": kind,
        "body": body,
        **envelope,
    }
