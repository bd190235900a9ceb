import { clearPrivateOfOthers, NoteDrafts } from "./lib/note_drafts.js";
import { sealedBox } from "./lib/sealed_box.js";
import { KeptBanner } from "./notes/kept_banner.js";

/** Beside a signed note: gives back text that came too late, and warns before an addendum is lost. */
export class NoteAddendum {
  /** @param {HTMLElement} form */
  constructor(form) {
    this.form = /** @type {HTMLFormElement} */ (form);
    this.area = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    form.addEventListener("submit", () => {
      this.isSent = true;
    });
    addEventListener("beforeunload", (event) => {
      if (this.area.value.trim() && !this.isSent) {
        event.preventDefault();
      }
    });
    this.ready = this.open();
  }

  async open() {
    const settings = this.form.dataset;
    const { reader = "", visit = "", layer = "", draftKey = "", zone = "UTC" } = settings;
    clearPrivateOfOthers(localStorage, reader);
    const box = await sealedBox(draftKey);
    const drafts = new NoteDrafts(localStorage, box, { reader, visit, layer, page: "signed" });
    const kept = new KeptBanner(this.form, drafts, {
      zone,
      restore: (draft) => {
        this.area.value = [this.area.value, draft.text].filter(Boolean).join("\n\n");
        this.area.focus();
      },
    });
    await kept.offer(settings.stored ?? "");
  }
}
