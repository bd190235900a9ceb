"""Keys that seal what a person wrote on their own device until the server has it.

The key comes with the page. So what lies on the device outlives a crash or a sign-out, and opens
for nobody but the person who wrote it.
"""

from __future__ import annotations

import base64
import hmac


def device_key(secret: str, place: str) -> str:
    """Return 32 bytes in base64 that are the same whenever this secret meets this place."""
    return base64.b64encode(hmac.digest(secret.encode(), place.encode(), "sha256")).decode()
