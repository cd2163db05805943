"""Which department handles a request: the row of the office's table that is nearest in meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot import tuning
from bot.site import Department
from corpus.encoder import Encoder, Matrix


@dataclass(frozen=True)
class Directory:
    """The table of departments. Without an encoder nothing fits."""

    departments: Sequence[Department]
    encoder: Encoder | None

    def of(self, said: str) -> Department | None:
        """The department for a complaint or an errand; None when none fits."""
        if self.encoder is None or not self.departments or not said.strip():
            return None
        likeness = self._meanings @ self.encoder.queries([said])[0]
        best = int(np.argmax(likeness))
        return self.departments[best] if likeness[best] >= tuning.DEPARTMENT_FITS else None

    @cached_property
    def _meanings(self) -> Matrix:
        assert self.encoder
        return self.encoder.queries([f"{one.topic}：{one.purpose}" for one in self.departments])
