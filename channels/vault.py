"""Implements ``contract.Vault``: a channel's secret, replaced while it is in use."""

import asyncio
import logging

from asgiref.sync import sync_to_async
from django.db import Error as DatabaseFault
from django.utils import timezone

from channels.contract import Pace
from channels.models import Channel
from channels.pacing import PaceSlot
from core.connections import reconnect_if_broken
from core.crypto import decrypt, encrypt

logger = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1, 2)  # seconds; what a receiver gave us exists nowhere else


class ChannelVault:
    """The secret of the channel with this primary key."""

    def __init__(self, pk: int) -> None:
        self.pk = pk

    async def read(self) -> str:
        """Return the secret as it is stored now; "" when the channel is gone."""
        return await sync_to_async(self._read)()

    async def replace(self, old: str, new: str) -> bool:
        """Store ``new`` if ``old`` still stands, and try again when the database does not answer.

        Raises the database's error after the last try.
        """
        for pause in PAUSES:
            try:
                return await sync_to_async(self._replace)(old, new)
            except DatabaseFault as error:
                logger.warning("A renewed secret cannot be stored yet: %s", type(error).__name__)
                await sync_to_async(reconnect_if_broken)()
                await asyncio.sleep(pause)
        return await sync_to_async(self._replace)(old, new)

    async def reserve(self, seconds: float) -> bool:
        """Whether the caller alone may renew the secret during these seconds."""
        pace = Pace(key=f"secret:{self.pk}", interval=seconds)
        return await sync_to_async(PaceSlot.objects.reserve)([pace], timezone.now())

    def _read(self) -> str:
        return decrypt(self._stored())

    def _stored(self) -> str:
        rows = Channel.objects.filter(pk=self.pk).values_list("secret", flat=True)
        return rows.first() or ""

    def _replace(self, old: str, new: str) -> bool:
        stored = self._stored()
        if decrypt(stored) != old:
            return False
        # Cipher texts differ every time: whoever else wrote since we read changed this one.
        return bool(Channel.objects.filter(pk=self.pk, secret=stored).update(secret=encrypt(new)))
