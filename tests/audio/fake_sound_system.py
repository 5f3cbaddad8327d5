"""Stands in for the module ``sounddevice``: devices that behave as an environment variable says.

``FAKE_SOUND_SYSTEM`` holds JSON: ``systems``, names of sound systems, and ``devices``, each with
``name``, ``channels`` and, if need be,

system     number of its system; default: 0
rate       Hz that it states; default: 48000
gives      samples that it gives in a second; default: as many as it was opened with
rates      that it takes; default: all
openings   numbers of channels that it takes; default: all up to ``channels``
error      of PortAudio, for whatever it is opened with
sounding   channels, from 0 on, with a tone of 440 Hz; default: the first

A test that runs the program copies this file as ``sounddevice.py`` into a folder on its path.
"""

from __future__ import annotations

import json
import os
import threading
import time
from types import SimpleNamespace

import numpy as np


class PortAudioError(Exception):
    pass


def _setup():
    return json.loads(os.environ["FAKE_SOUND_SYSTEM"])


default = SimpleNamespace(device=[0, -1])


def _terminate():
    pass


def _initialize():
    pass


def query_hostapis():
    return tuple({"name": name} for name in _setup()["systems"])


def query_devices():
    return [
        {
            "name": device["name"],
            "hostapi": device.get("system", 0),
            "max_input_channels": device["channels"],
            "default_samplerate": float(device.get("rate", 48000)),
        }
        for device in _setup()["devices"]
    ]


class InputStream:
    def __init__(
        self,
        *,
        samplerate,
        blocksize,
        device,
        channels,
        dtype,
        latency,
        callback,
        finished_callback,
    ):
        own = _setup()["devices"][device]
        if "error" in own:
            raise PortAudioError(f"Error opening InputStream: {own['error']}")
        if channels not in own.get("openings", range(1, own["channels"] + 1)):
            raise PortAudioError(
                "Error opening InputStream: Invalid number of channels [PaErrorCode -9998]"
            )
        if samplerate not in own.get("rates", [samplerate]):
            raise PortAudioError(
                "Error opening InputStream: Invalid sample rate [PaErrorCode -9997]"
            )
        self._given = own.get("gives", samplerate)
        self._sounding = [c for c in own.get("sounding", [0]) if c < channels]
        self._size, self._channels, self._callback = blocksize, channels, callback
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def close(self):
        self._closed.set()

    def _run(self):
        begin, position = time.monotonic(), 0
        while True:
            due = begin + (position + self._size) / self._given
            if self._closed.wait(max(0.0, due - time.monotonic())):
                return
            times = np.arange(position, position + self._size) / self._given
            block = np.zeros((self._size, self._channels), dtype=np.float32)
            block[:, self._sounding] = 0.1 * np.sin(2 * np.pi * 440.0 * times)[:, None]
            position += self._size
            self._callback(block, self._size, None, SimpleNamespace(input_overflow=False))
