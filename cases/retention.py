"""What is deleted by itself, and when.

Mail that was no request keeps its content for thirty days: long enough for a second look, and no longer.
What remains tells that a mail came in, when, and what the classifier made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cases.ports import Clock, Store

#: How long the content of a mail is kept that asked for nothing (GDPR art. 5(1)(e)).
NO_REQUEST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Retention:
    store: Store
    clock: Clock

    async def forget(self) -> int:
        """Delete the content of every mail without a case whose time has passed; how many there were."""
        async with self.store.begin() as tx:
            return await tx.forget_content(self.clock.now() - NO_REQUEST)
