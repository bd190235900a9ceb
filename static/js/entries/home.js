import "./main.js";
import { HomeLive } from "../home_live.js";
import { start } from "../lib/modules.js";

start({ home: HomeLive });
