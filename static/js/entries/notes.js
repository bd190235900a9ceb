import { start } from "../lib/modules.js";
import { NoteAddendum } from "../note_addendum.js";
import { NoteEditor } from "../note_editor.js";

start({ "note-editor": NoteEditor, "note-addendum": NoteAddendum });
