"""SoundFonts of a single sine; not in ``conftest``, of which there are several."""

from __future__ import annotations

import struct

import numpy as np

HZ = 441.0  # of key 69: 50 samples a period at 22,050 Hz
FONT_RATE, PERIOD = 22_050, 50
LOOPED = {54: 1}  # a zone whose sound lasts


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def font(path, *, zones=({},), said=(), samples=None, kind=1, program=0, bank=0):
    """Write a SoundFont of one program; ``zones``: generators of its only instrument."""
    if samples is None:
        wave = np.sin(2 * np.pi * np.arange(40 * PERIOD) / PERIOD)
        samples = np.round(16000 * wave).astype("<i2").tobytes()
    n = len(samples) if kind & 16 else len(samples) // 2

    def head(name, *rest):
        return name.encode().ljust(20, b"\0") + b"".join(rest)

    def generators(rows):
        return b"".join(struct.pack("<Hh", *row) for row in rows)

    igen, ibag = b"", b""
    for zone in zones:
        ibag += struct.pack("<HH", len(igen) // 4, 0)
        igen += generators([*zone.items(), (53, 0)])
    ibag += struct.pack("<HH", len(igen) // 4, 0)
    pgen = generators([*said, (41, 0)])
    pdta = (
        chunk(b"phdr", head("one", struct.pack("<HHHIII", program, bank, 0, 0, 0, 0))
              + head("EOP", struct.pack("<HHHIII", 0, 0, 1, 0, 0, 0)))
        + chunk(b"pbag", struct.pack("<HHHH", 0, 0, len(pgen) // 4, 0))
        + chunk(b"pmod", bytes(10))
        + chunk(b"pgen", pgen + bytes(4))
        + chunk(b"inst", head("one", struct.pack("<H", 0))
                + head("EOI", struct.pack("<H", len(zones))))
        + chunk(b"ibag", ibag)
        + chunk(b"imod", bytes(10))
        + chunk(b"igen", igen + bytes(4))
        + chunk(b"shdr", head("wave", struct.pack(
            "<IIIIIBbHH", 0, n, 10 * PERIOD, 30 * PERIOD, FONT_RATE, 69, 0, 0, kind))
            + head("EOS", bytes(26)))
    )  # fmt: skip
    lists = (
        chunk(b"LIST", b"INFO" + chunk(b"ifil", struct.pack("<HH", 2, 4)))
        + chunk(b"LIST", b"sdta" + chunk(b"smpl", samples))
        + chunk(b"LIST", b"pdta" + pdta)
    )
    path.write_bytes(chunk(b"RIFF", b"sfbk" + lists))
    return path
