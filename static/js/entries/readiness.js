import { DialogOpener } from "../dialog_opener.js";
import { ErrorSummary } from "../error_summary.js";
import { start } from "../lib/modules.js";
import { Menu } from "../menu.js";
import { ReadinessBoard } from "../readiness/board.js";
import { ReadinessCheck } from "../readiness/check.js";
import { ReadinessProbe } from "../readiness/probe.js";
import { ReadinessQuestion } from "../readiness/question.js";
import { ThemeMenu } from "../theme.js";

start({
  "dialog-opener": DialogOpener,
  "error-summary": ErrorSummary,
  menu: Menu,
  "readiness-board": ReadinessBoard,
  "readiness-check": ReadinessCheck,
  "readiness-probe": ReadinessProbe,
  "readiness-question": ReadinessQuestion,
  "theme-menu": ThemeMenu,
});
