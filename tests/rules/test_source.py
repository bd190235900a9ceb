"""House rules that no linter knows, held by reading the source."""

import ast
import re
from statistics import median

import pytest

from tests.rules.sources import ROOT, modules, named, tracked, tracked_texts

HELD = ("app", "bench", "migrations", "tests")
# Put together here, so that this file does not break its own rules.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r")\b")
MACHINE = re.compile("|".join(("/wo" + "rk/", "/ro" + "ot/", "/opt/(wh" + "eels|py" + "pi)")))
ADDRESS = re.compile(r"(https?|file|git\+\w+)://[^\s\"]+")
FUNDING = re.compile(r'^\s*"url": "https://[^"]+",?$', re.MULTILINE)


def length(text: str) -> int:
    return len(text.splitlines())


def test_no_module_is_longer_than_300_lines():
    lengths = {named(path): length(path.read_text("utf-8")) for path in modules(*HELD)}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_half_of_the_modules_are_shorter_than_80_lines():
    lengths = [length(path.read_text("utf-8")) for path in modules("app")]
    assert not lengths or median(lengths) < 80


@pytest.mark.parametrize("path", modules("app"), ids=named)
def test_functions_fit_on_a_screen(path):
    """No body is longer than 25 lines, its docstring not counted."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    assert {node.name: body_length(node) for node in functions if body_length(node) > 25} == {}


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", modules("app"), ids=named)
def test_nothing_is_imported_inside_a_function(path):
    """A local import hides a cycle; no comment may excuse it."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, FUNCTIONS)]
    inside = [node.lineno for function in functions for node in ast.walk(function) if imports(node)]
    assert inside == []


def imports(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_only_the_kernel_commits():
    callers = [
        named(path)
        for path in modules("app")
        if re.search(r"(?<!def )\bcommit\(", path.read_text("utf-8"))
    ]
    assert callers in ([], ["app/kernel/db.py"])


def test_no_blanket_exemption_from_a_check():
    """An exemption names its code: `noqa: S311`, `type: ignore[misc]`."""
    blanket = re.compile(r"# *noqa(?!: [A-Z])|# *type: *ignore(?!\[)")
    found = [
        named(path)
        for path in modules("app", "bench", "migrations")
        if blanket.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_nothing_is_left_unfinished():
    assert [name for name, text in tracked_texts().items() if UNFINISHED.search(text)] == []


def test_no_file_names_a_place_on_one_machine():
    assert [name for name, text in tracked_texts().items() if MACHINE.search(text)] == []


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("*.lock")))
def test_a_python_lock_names_no_registry_and_hashes_everything(lock):
    text = (ROOT / lock).read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
    assert pins
    assert len(
        re.findall(r"^[a-z0-9][\w.-]*==[^\n]*\\\n +--hash=sha256:", text, re.MULTILINE)
    ) == len(pins)
    assert not ADDRESS.search(text)
    assert "--find-links" not in text


def test_the_browser_lock_names_no_registry_and_hashes_everything():
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
    assert not ADDRESS.search(FUNDING.sub("", text))


def test_the_dead_websocket_server_stays_out():
    """It wins silently over simple-websocket and has no limit on the size of a message."""
    locks = [path.read_text("utf-8") for path in ROOT.glob("*.lock")]
    assert locks
    assert not any(re.search(r"^gevent-websocket==", lock, re.MULTILINE) for lock in locks)


def test_no_kept_file_is_larger_than_400_kb():
    sizes = {named(path): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in sizes.items() if size > 400_000} == {}


def test_nothing_made_by_setup_is_kept():
    made = ("node_modules/", "static/dist/", ".venv/", "instance/")
    assert [named(path) for path in tracked() if named(path).startswith(made)] == []
