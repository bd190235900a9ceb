import { DialogOpener } from "../dialog_opener.js";
import { ErrorSummary } from "../error_summary.js";
import { ForgetDevice } from "../forget_device.js";
import { start } from "../lib/modules.js";
import { Menu } from "../menu.js";
import { Tabs } from "../tabs.js";
import { ThemeMenu } from "../theme.js";

start({
  "dialog-opener": DialogOpener,
  "error-summary": ErrorSummary,
  "forget-device": ForgetDevice,
  menu: Menu,
  tabs: Tabs,
  "theme-menu": ThemeMenu,
});
