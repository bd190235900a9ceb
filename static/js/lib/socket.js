/** A socket to the rooms, that neither connects nor reconnects by itself. */

import { io } from "socket.io-client";

/** @returns {import("socket.io-client").Socket} */
export function roomSocket() {
  return io("/room", {
    transports: ["websocket"],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    timeout: 5000,
  });
}
