"""The notes in real browsers: nothing typed is lost, whoever else writes and whatever breaks."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import ADA, MARA, THEO, Clinic, Figure
from tests.e2e.people import LAPTOP, PHONE, Visitor
from tests.servers import LiveServer

pytestmark = pytest.mark.browser

Come = Callable[[Figure], Visitor]


@pytest.fixture
def notes(clinic: Clinic) -> str:
    return f"/visits/{clinic.visit.id}/notes"


@pytest.fixture
def come(browser: Browser, live: LiveServer) -> Iterator[Come]:
    """Have somebody sign in, in a browser of their own."""
    visitors: list[Visitor] = []

    def comes(figure: Figure) -> Visitor:
        visitor = Visitor.arrive(browser, live.url, PHONE if figure is ADA else LAPTOP)
        visitors.append(visitor)
        visitor.sign_in(figure.email, figure.password)
        return visitor

    yield comes
    for visitor in visitors:
        visitor.page.context.close()


def text_of(page: Page):
    return page.locator("#note-text")


def see_saved(page: Page) -> None:
    expect(page.locator("[data-slot=saved]")).to_have_attribute("data-state", "saved")
    expect(page.locator("[data-slot=saved-text]")).to_contain_text("Saved ")


def see_kept(page: Page) -> None:
    kept = page.locator("[data-slot=kept]")
    expect(kept).to_be_visible()
    expect(kept).to_contain_text("that was not saved yet")


def test_what_one_writes_is_saved_and_shows_at_the_other(come, notes):
    mara, ada = come(MARA), come(ADA)
    ada.open(notes)
    mara.open(notes)
    text_of(mara.page).fill("What stays: the room by the sea.")
    see_saved(mara.page)
    expect(text_of(ada.page)).to_have_value("What stays: the room by the sea.")
    expect(ada.page.locator("[data-slot=version]")).to_have_text("Version 1, by Mara Ellis")


def test_a_crash_without_a_network_loses_nothing(come, notes):
    ada = come(ADA)
    ada.open(notes)
    ada.page.context.set_offline(True)
    text_of(ada.page).fill("Typed on the train.")
    expect(ada.page.locator("[data-slot=saved-text]")).to_contain_text(
        "Not saved. Your text is kept on this device."
    )
    again = Visitor(ada.page.context.new_page(), ada.base)
    ada.page.close(run_before_unload=False)
    again.page.context.set_offline(False)
    again.open(notes)
    see_kept(again.page)
    again.page.get_by_role("button", name="Restore").click()
    expect(text_of(again.page)).to_have_value("Typed on the train.")
    see_saved(again.page)
    again.page.reload()
    expect(text_of(again.page)).to_have_value("Typed on the train.")
    expect(again.page.locator("[data-slot=kept]")).to_be_hidden()


def test_two_who_write_at_once_see_both_texts_and_make_one(come, notes):
    mara, ada = come(MARA), come(ADA)
    mara.open(notes)
    ada.open(notes)
    ada.page.context.set_offline(True)
    text_of(ada.page).fill("Ada’s words.")
    text_of(mara.page).fill("Mara’s words.")
    see_saved(mara.page)
    ada.page.context.set_offline(False)
    conflict = ada.page.locator("[data-slot=conflict]")
    expect(conflict).to_contain_text("Mara’s words.")
    expect(conflict).to_contain_text("Ada’s words.")
    ada.page.get_by_role("button", name="Put both together").click()
    see_saved(ada.page)
    expect(text_of(mara.page)).to_have_value("Ada’s words.\n\n--- Mara Ellis:\nMara’s words.")


def test_text_typed_while_the_other_signed_can_still_be_added(come, notes):
    mara, ada = come(MARA), come(ADA)
    mara.open(notes)
    text_of(mara.page).fill("The note.")
    see_saved(mara.page)
    ada.open(notes)
    ada.page.context.set_offline(True)
    text_of(ada.page).fill("The note. And one thing more.")
    mara.page.get_by_role("button", name="Read and sign").click()
    mara.page.get_by_role("button", name="Sign this note").click()
    expect(mara.page.locator(".seal")).to_contain_text("Signed by Mara Ellis")
    ada.page.context.set_offline(False)
    expect(ada.page.locator("[data-slot=saved-text]")).to_contain_text("signed now")
    expect(text_of(ada.page)).to_have_value("The note. And one thing more.")
    ada.page.on("dialog", lambda dialog: dialog.accept())
    ada.open(notes)
    see_kept(ada.page)
    ada.page.get_by_role("button", name="Add it here").click()
    expect(ada.page.locator("#addendum-text")).to_have_value("The note. And one thing more.")


def test_another_persons_private_words_leave_the_device_with_the_next_sign_in(come, notes):
    mara = come(MARA)
    mara.open(f"{notes}/private")
    mara.page.context.set_offline(True)
    text_of(mara.page).fill("A thought of my own.")
    expect(mara.page.locator("[data-slot=saved-text]")).to_contain_text("Not saved.")
    held = mara.page.evaluate("JSON.stringify(localStorage)")
    assert ".private." in held
    assert "thought" not in held
    next_one = Visitor(mara.page.context.new_page(), mara.base)
    mara.page.close(run_before_unload=False)
    next_one.page.context.set_offline(False)
    next_one.page.context.clear_cookies()
    next_one.sign_in(THEO.email, THEO.password)
    next_one.open(f"{notes}/private")
    expect(text_of(next_one.page)).to_have_value("")
    next_one.page.wait_for_function("!JSON.stringify(localStorage).includes('.private.')")
    expect(next_one.page.locator("[data-slot=kept]")).to_be_hidden()


def test_leaving_with_unsaved_words_asks_first(come, notes):
    ada = come(ADA)
    ada.open(notes)
    ada.page.context.set_offline(True)
    text_of(ada.page).press_sequentially("Not yet")
    with ada.page.expect_event("dialog") as asked:
        ada.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(text_of(ada.page)).to_have_value("Not yet")


def test_on_a_phone_note_and_transcript_take_turns(come, notes):
    ada = come(ADA)
    ada.open(notes)
    expect(ada.page.locator("#transcript")).to_be_hidden()
    ada.page.get_by_role("link", name="Transcript").click()
    expect(ada.page.locator("#transcript")).to_be_visible()
    expect(text_of(ada.page)).to_be_hidden()
