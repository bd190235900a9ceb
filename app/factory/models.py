"""Every table of the house, gathered for migrations."""

from __future__ import annotations

from app.accounts import models as _accounts
from app.audit import models as _audit
from app.care import models as _care
from app.kernel import vault as _vault
from app.kernel.db import Base
from app.notes import models as _notes
from app.readiness import models as _readiness
from app.room import models as _room
from app.scheduling import models as _scheduling

FLOORS = (_accounts, _audit, _care, _vault, _notes, _readiness, _room, _scheduling)
metadata = Base.metadata
