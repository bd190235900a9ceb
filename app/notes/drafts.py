"""The key that seals a writer's unsaved text on their own device.

The browser keeps what is not saved yet, sealed with this key, and the key comes with the page. So
the copy outlives a crash or a sign-out, and opens for nobody but the person who wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.device_keys import device_key

if TYPE_CHECKING:
    from app.notes.rules import Layer


def draft_key(secret: str, *, person_id: str, visit_id: str, layer: Layer) -> str:
    """Return 32 bytes in base64 that are the same whenever this person opens this note."""
    return device_key(secret, f"note draft:{person_id}:{visit_id}:{layer}")
