"""The stage of the room's tests: a running server, and what people see and do in the room."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, expect

from tests.cast import ADA, MARA, Figure
from tests.e2e.people import LAPTOP, PHONE, Visitor
from tests.proxy import Line
from tests.servers import LiveServer

#: A network whose middle lets no WebSocket through.
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"


@dataclass
class Room:
    """Ada's visit on a running server, and the way into it."""

    browser: Browser
    server: LiveServer
    visit: str
    #: Who comes over a line that can be cut.
    lines: dict[Figure, Line] = field(default_factory=dict)

    def arrive(self, figure: Figure, *, script: str = "") -> Visitor:
        """Sign somebody in at a browser of their own."""
        size = PHONE if figure is ADA else LAPTOP
        line = self.lines.get(figure)
        visitor = Visitor.arrive(self.browser, line.url if line else self.server.url, size)
        if script:
            visitor.page.add_init_script(script)
        visitor.open("/sign-in")
        sign_in(visitor.page, figure)
        return visitor

    def let_in(self, figure: Figure, *, script: str = "") -> Visitor:
        """Sign somebody in and open the room."""
        visitor = self.arrive(figure, script=script)
        visitor.open(self.path)
        return visitor

    @property
    def path(self) -> str:
        return f"/visits/{self.visit}/room"

    def second_tab(self, visitor: Visitor) -> Visitor:
        """Open the room once more in the same browser."""
        tab = Visitor(visitor.page.context.new_page(), visitor.base)
        tab.open(self.path)
        return tab


def see(visitor: Visitor, *texts: str) -> None:
    """These are the messages on the screen, each once, in this order."""
    expect(visitor.page.locator("#lines .message__text")).to_have_text(list(texts))


def see_state(visitor: Visitor, text: str, word: str) -> None:
    item = visitor.page.locator("#lines .message", has_text=text)
    expect(item.locator("[data-slot=state]")).to_contain_text(word)


def press_signal(visitor: Visitor, signal: str) -> None:
    visitor.page.locator(f"#signals button[value={signal}]").click()


def see_signal(visitor: Visitor, signal: str, words: str) -> None:
    said = visitor.page.locator(f"#signals button[value={signal}] [data-slot=said]")
    expect(said).to_have_text(words)


def sign_in(page: Page, figure: Figure) -> None:
    page.get_by_label("Email address").fill(figure.email)
    page.get_by_label("Password").fill(figure.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_out(page: Page) -> None:
    page.locator("summary", has_text=MARA.name).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
