/** On the page where nobody is signed in: what the last person's sign-in left on the device goes. */

import { forgetDevice } from "./room/offline_start.js";

export class ForgetDevice {
  constructor() {
    forgetDevice().catch((error) => globalThis.reportError(error));
  }
}
