import { DialogOpener } from "../dialog_opener.js";
import { ErrorSummary } from "../error_summary.js";
import { start } from "../lib/modules.js";
import { Menu } from "../menu.js";
import { Room } from "../room/room.js";
import { ThemeMenu } from "../theme.js";

start({
  "dialog-opener": DialogOpener,
  "error-summary": ErrorSummary,
  menu: Menu,
  room: Room,
  "theme-menu": ThemeMenu,
});
