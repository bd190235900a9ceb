import { ErrorSummary } from "../error_summary.js";
import { start } from "../lib/modules.js";
import { Menu } from "../menu.js";
import { ThemeMenu } from "../theme.js";

start({ "error-summary": ErrorSummary, menu: Menu, "theme-menu": ThemeMenu });
