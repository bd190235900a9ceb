import { start } from "../lib/modules.js";
import { OfflineRoom } from "../room/offline_room.js";

start({ "offline-room": OfflineRoom });
