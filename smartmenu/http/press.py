"""What a process prints, one after the other: a PDF of a big room takes seconds of a processor."""

import asyncio

one_press = asyncio.Semaphore(1)
