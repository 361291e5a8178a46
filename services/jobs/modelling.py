"""The job that has models fitted, in a process of its own. It may run twice without harm."""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime

from services.base.errors import UnavailableError
from services.base.settings import ROOT
from services.base.texts import N_

MODULE = "services.analytics.nightly"
# Linear algebra would otherwise start a thread a core, beside the guests.
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


async def fit_models(now: datetime) -> None:
    """Fit every restaurant's models: value, churn, next visit of each customer.

    The web process never loads scipy: that takes a second and 100 MB, and a fit holds everybody up.

    Raises:
        UnavailableError: the process ended with an error; its log says which restaurant.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, now.isoformat(), cwd=ROOT, env=os.environ | ONE_CORE
    )
    try:
        code = await process.wait()
    finally:
        # The job was stopped: so is the work, between two of its transactions.
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
    if code:
        raise UnavailableError(N_("Models could not be fitted for every restaurant."))
