"""What people do in the pages, in their own words. Each waits for what it did to show."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
#: How long a page may take to show something on a busy machine.
PATIENCE_MS = 20_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """Somebody at a browser of their own."""

    page: Page
    base: str

    @classmethod
    def arrive(cls, browser: Browser, base: str, viewport: dict[str, int]) -> "Visitor":
        """Open a fresh browser profile."""
        context = browser.new_context(
            viewport=viewport, permissions=["camera", "microphone"], locale="en-GB"
        )
        context.set_default_timeout(PATIENCE_MS)
        return cls(context.new_page(), base)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.base}/sign-in")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.locator("form[action$='/sign-out']")).to_be_attached()

    def open(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def enter_room(self, visit: str) -> None:
        self.open(f"/visits/{visit}/room")
        self.see_connection("live")

    def see_connection(self, state: str) -> None:
        expect(self.page.locator("#connection")).to_have_attribute("data-line", state)

    def say(self, text: str) -> None:
        """Write and send, as quickly as fingers do; the message shows at once, in some state."""
        self.page.locator("#text").fill(text)
        self.page.locator("#composer button[type=submit]").click()
        expect(self.page.locator("#lines .message__text", has_text=text)).to_be_attached()

    def conversation(self) -> list[str]:
        """The messages on the screen, from top to bottom."""
        return self.page.locator("#lines .message__text").all_inner_texts()

    def see_all_sent(self) -> None:
        """No message of this person waits or failed."""
        waiting = self.page.locator(
            "#lines [data-state=queued], #lines [data-state=sending], #lines [data-state=failed]"
        )
        expect(waiting).to_have_count(0, timeout=60_000)


def answer(form: Locator, value: dict[str, Any]) -> None:
    """Answer one question of the readiness check: press the one choice, or fill in and save."""
    one_press = form.locator("button.press:not([data-heard])")
    if one_press.count():
        wanted = str(next(iter(value.values())))
        form.locator(f"button.press[value='{wanted}']").click()
        return
    for part, content in value.items():
        field = form.locator(f"[name='value-{part}']")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"label:has(input[name='value-{part}'][value='{content}'])").click()
        else:
            field.fill(str(content))
    form.locator("[data-slot=save], button[type=submit]").first.click()
