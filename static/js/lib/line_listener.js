/**
 * What a page does with what comes over its line.
 *
 * @typedef {import("./http_door.js").Answer} Answer
 * @typedef {"joining" | "live" | "polling" | "cut" | "closed" | "signed_out"} State
 *
 * @typedef {object} Listener
 * @property {(state: State, message?: string) => void} state
 * @property {(answer: Answer) => void} entered first answer of the room, of either way in
 * @property {(answer: Answer) => void} caught events that were asked for, and the head
 * @property {(event: any) => void} event
 * @property {(receipt: any) => void} receipt
 * @property {(presence: any) => void} presence
 * @property {(typing: any) => void} typing
 * @property {(now: string, askedAt: number) => void} time
 *
 * @typedef {{last: number, hasGap: boolean, saw: (head: number | undefined) => void}} Log
 *
 * @typedef {object} Parts what a line is made of
 * @property {string} visit
 * @property {any} socket a socket.io socket that neither connects nor reconnects by itself
 * @property {import("./http_door.js").HttpDoor} http
 * @property {Log} log
 * @property {Listener} listener
 * @property {() => object} vitals what a beat tells of this device
 * @property {() => number} read the last number that was in sight
 */

export {};
