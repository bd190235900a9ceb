"""nginx before several processes, with the very file that a clinic is given (deploy/nginx.conf)."""

import os
import signal
import socket
from pathlib import Path
from typing import Self

from tests.programs import Program, find_program, free_port, lacking
from tests.servers import ROOT

SHIPPED = ROOT / "deploy" / "nginx.conf"
_PROCESS = "    server 127.0.0.1:{} max_fails=0;\n"
_AROUND = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/hearthside.conf;
}}
"""


class Nginx:
    """An nginx in a folder and on ports of its own. It talks plain HTTP; with the folder of a
    certificate, TLS as shipped.
    """

    def __init__(self, folder: Path, certificate: Path | None = None) -> None:
        found = find_program("nginx", "/usr/sbin", "/usr/local/sbin")
        if found is None:
            lacking("nginx")
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self._folder, self._certificate = folder, certificate
        self._log = folder / "nginx.log"
        self._command = [str(found), "-p", str(folder), "-c", "nginx.conf", "-e", str(self._log)]
        self._program: Program | None = None

    def start(self, ports: list[int]) -> None:
        """Stand before the processes at these ports; wait until it takes connections."""
        own = "user root;" if os.geteuid() == 0 else ""  # else it would read as another user
        around = own + _AROUND.format(folder=self._folder)
        (self._folder / "nginx.conf").write_text(around, "utf-8")
        (self._folder / "hearthside.conf").write_text(self._fitted(ports), "utf-8")
        self._program = Program(self._command, self._log)
        self._program.wait_until_ready(self._answers, what="nginx")

    def _fitted(self, ports: list[int]) -> str:
        """Return the shipped file with this machine's places in it."""
        lines = SHIPPED.read_text("utf-8").splitlines(keepends=True)
        text = "".join(line for line in lines if self._certificate or "    ssl_" not in line)
        tls = " ssl http2" if self._certificate else ""
        places = {
            "".join(map(_PROCESS.format, (5001, 5002))): "".join(map(_PROCESS.format, ports)),
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port}{tls};",
            "/var/log/nginx/hearthside.log": str(self._folder / "access.log"),
            "/opt/hearthside/": f"{ROOT}/",
        }
        if self._certificate:
            places["/etc/ssl/hearthside"] = str(self._certificate)
        for shipped, here in places.items():
            assert shipped in text, f"deploy/nginx.conf has no {shipped!r}"
            text = text.replace(shipped, here)
        return text

    def served(self) -> list[str]:
        """Return the lines of its access log."""
        return (self._folder / "access.log").read_text("utf-8").splitlines()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End it at once."""
        if self._program:
            self._program.end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
