"""The deliverer as a process of its own."""

import asyncio
import logging
import signal

from app.database.engine import open_database
from app.models.base import utc_now
from app.settings import Settings
from app.webhooks.delivering import Deliverer


def run_deliverer(settings: Settings) -> None:
    """Until the process is told to end."""
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    asyncio.run(deliver(settings))


async def deliver(settings: Settings) -> None:
    database = open_database(settings)
    running = asyncio.create_task(Deliverer(database, settings, utc_now).run())
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        logging.getLogger("onrecord.webhooks").info("the deliverer has ended")
    finally:
        await database.close()
