"""Which drum kits there are, under which licence, and which are held out.

A kit is a list of *takes*: one drum as one microphone or one sampler hears it, with its samples
from soft to loud. What is under a copyleft or share-alike licence is never trained on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

Role = Literal["train", "tune", "test"]

# What a hit is: the ten drums, two more ways to play two of them, and what is none of them.
VOICES = (
    "kick",
    "snare",
    "side_stick",
    "hihat_closed",
    "hihat_pedal",
    "hihat_open",
    "tom_low",
    "tom_mid",
    "tom_high",
    "ride",
    "ride_bell",
    "crash",
    "percussion",
)
# General MIDI keys of a kit. Claps and hand percussion are heard in bands and are no drum here.
GENERAL_MIDI_VOICES = {
    35: "kick", 36: "kick", 37: "side_stick", 38: "snare", 40: "snare", 39: "percussion",
    41: "tom_low", 43: "tom_low", 45: "tom_mid", 47: "tom_mid", 48: "tom_high", 50: "tom_high",
    42: "hihat_closed", 44: "hihat_pedal", 46: "hihat_open", 49: "crash", 57: "crash",
    52: "crash", 55: "crash", 51: "ride", 59: "ride", 53: "ride_bell", 54: "percussion",
    56: "percussion", 60: "percussion", 61: "percussion", 62: "percussion", 63: "percussion",
    64: "percussion", 69: "percussion", 70: "percussion", 75: "percussion", 82: "percussion",
}  # fmt: skip


@dataclass(frozen=True)
class Kit:
    """A kit and where its licence lets it be used. ``place`` is relative to the sources."""

    name: str
    place: str
    role: Role
    licence: str
    attribution: str


KITS = (
    Kit("virtuosity", "virtuosity", "train", "CC0-1.0", "Versilian Studios, Karoryfer Samples"),
    Kit("muldjord", "muldjord", "train", "CC-BY-4.0", "Lars Muldjord, DrumGizmo team"),
    Kit("rumpf", "hydrogen/rumpf_kit_z01_h2", "train", "CC-BY-3.0", "Emanuel Rumpf"),
    Kit("discord", "discord/001-Standard Kit", "train", "CC0-1.0", "kinwie, Versilian Studios"),
    Kit("uzu", "uzu", "train", "Unlicense", "uzu-drumkit: Switch Angel, mot4i and others"),
    Kit("audiophob", "hydrogen/Audiophob", "train", "CC0-1.0", "audiophobdubstep"),
    Kit("sonic_pi", "sonicpi", "train", "CC0-1.0", "Sonic Pi, its samples from freesound.org"),
    Kit("gogodze", "gogodze2/Samples", "train", "CC0-1.0", "Karoryfer Lecolds: Gogodze Phu Vol II"),
    Kit("pearl", "pearl", "train", "CC-BY-3.0", "enoe: Pearl Master Studio Pack 1"),
    Kit("jazzkit", "jazzkit", "train", "CC0-1.0", "bigjoedrummer, shpira, Peter Semiletov"),
    Kit("el_nacho", "el_nacho", "train", "CC-BY-4.0", "Paolo D'Emilio (copyc4t)"),
    Kit("frankensnare", "frankensnare/Samples", "train", "CC0-1.0", "Karoryfer Samples"),
    Kit("fluidr3", "sf2/FluidR3_GM.sf2", "train", "MIT", "Frank Wen"),
    Kit("timgm6mb", "sf2/TimGM6mb.sf2", "tune", "GPL-2.0-only", "Tim Brechbill"),
    Kit("colombo", "hydrogen/ColomboAcousticDrumkit", "tune", "GPL-2.0-or-later",
        "Marcos Guglielmetti"),
    Kit("bja_pacific", "hydrogen/BJA_Pacific", "tune", "CC-BY-SA-3.0-US", "Luc Tanguay"),
    Kit("millo3", "hydrogen/Millo_MultiLayered3", "tune", "GPL-2.0-only", "Emiliano Grilli"),
    Kit("millo2", "hydrogen/Millo_MultiLayered2", "tune", "GPL-2.0-only", "Emiliano Grilli"),
    Kit("varibreaks", "hydrogen/VariBreaks", "tune", "GPL-2.0-or-later", "Artemiy Pavlov"),
    Kit("forzee", "hydrogen/ForzeeStereo", "test", "GPL-2.0-only",
        "Vladimir Sadovnikov, Alexander Belokurov"),
    Kit("black_pearl", "sf2/Black_Pearl_4_LV2.sf2", "test", "CC-BY-SA-3.0", "Glen MacArthur"),
    Kit("red_zeppelin", "sf2/Red_Zeppelin_4_LV2.sf2", "test", "CC-BY-SA-3.0", "Glen MacArthur"),
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A file of one hit, and the files that are added to it: other microphones, and how loud."""

    files: tuple[tuple[Path, float], ...]


@dataclass(frozen=True)
class Take:
    """One drum of a kit as one way of recording it hears it."""

    kit: str
    voice: str
    name: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class FontTake:
    """One key of a drum kit in a SoundFont, to be played at several velocities."""

    kit: str
    voice: str
    name: str
    font: Path
    program: int
    key: int
    is_percussion_channel: bool = True


def all_takes(sources: Path, kit: Kit) -> list[Take | FontTake]:
    """Every take of a kit, in a fixed order; none where the kit is not in ``sources``."""
    place = sources / kit.place
    if not place.exists():
        return []
    takes = list(_READERS[kit.name](kit.name, place))
    for take in takes:
        if take.voice not in VOICES:
            raise ValueError(f"{kit.name} has the unknown voice {take.voice!r}")
    return takes


def _mixed(
    take: Take,
    samples: Sequence[str],
    mixes: Mapping[str, Sequence[tuple[str, float]]],
    folder: Path,
    pattern: str = "{microphone}/{sample}",
) -> Iterator[Take]:
    """``take``, whose name is that of a stroke, once for each mix of microphones.

    ``pattern`` is the path of a file below ``folder``.
    """
    for mix, microphones in mixes.items():
        mixed = tuple(
            Sample(
                tuple(
                    (folder / pattern.format(microphone=microphone, sample=sample), gain)
                    for microphone, gain in microphones
                )
            )
            for sample in samples
        )
        if mixed:
            yield replace(take, name=f"{take.name} {mix}", samples=mixed)


def _single(paths: Iterable[Path]) -> tuple[Sample, ...]:
    return tuple(Sample(((path, 1.0),)) for path in paths)


# -- Hydrogen -----------------------------------------------------------------------------------

_HYDROGEN_NAMES = (
    (r"roll|choke|flink|redo|^stick$", None),
    (r"clap|cowbell|tambourine$", "percussion"),
    (r"rim ?click|side ?stick|stick", "side_stick"),
    (r"kick|bass ?drum", "kick"),
    (r"snare", "snare"),
    (r"tom ?(low|floor)|low tom|floor ?tom", "tom_low"),
    (r"tom ?(mid|2)|(mid|middle) tom", "tom_mid"),
    (r"tom ?(hi|high|1)|high tom", "tom_high"),
    (r"hat pedal|pedal hh|hi-hat pedal|foot", "hihat_pedal"),
    (r"open|swish|hat free|hat.* op\b", "hihat_open"),
    (r"closed|hat.* (cl|pd)\b", "hihat_closed"),
    (r"ride.*bell|bell|ride-cup", "ride_bell"),
    (r"crash/ride|ride-crash", None),
    (r"ride", "ride"),
    (r"crash|splash|china", "crash"),
)
# Names that tell nothing or something else: instruments of these kits by what they sound like.
_HYDROGEN_EXCEPTIONS: dict[str, dict[str, str | None]] = {
    "bja_pacific": {"Tom": "tom_mid"},
    "colombo": {
        # Its pedal is a half-open hi-hat, and the lower cymbal zones are struck as a ride.
        "Pedal HH": "hihat_open",
        "crash16inch": None,
        "redo super opaco": None,
        "Stick": "side_stick",
    },
    # Hisses and noises in place of the drums that its names promise.
    "audiophob": {
        "Kick": None, "Stick": None, "Snare Jazz": None, "Pedal HH": None, "Tom Low": None,
        "Tom Mid": None, "Tom Hi": None, "Cowbell": None,
    },
    "millo2": {"Stick": "side_stick"},
    "millo3": {"Stick": "side_stick"},
    "rumpf": {"c#3 - stick": "side_stick", "d#4 - cymbal 1": None, "e4 - cymbal 2": None,
              "d4 - high tom": None, "c4 - middle tom": None, "f4 - ride bell": None},
}  # fmt: skip


def _hydrogen(kit: str, folder: Path) -> list[Take]:
    text = (folder / "drumkit.xml").read_text(encoding="utf-8", errors="replace")
    takes = []
    seen: set[tuple[str, ...]] = set()
    for block in re.findall(r"<instrument>(.*?)</instrument>", text, re.DOTALL):
        found = re.search(r"<name>(.*?)</name>", block)
        files = tuple(re.findall(r"<filename>(.*?)</filename>", block))
        if found is None or not files or files in seen or "emptySample" in files[0]:
            continue
        seen.add(files)
        name = found[1]
        voice = _HYDROGEN_EXCEPTIONS.get(kit, {}).get(name, _by_name(name))
        paths = [path for file in files if (path := folder / file).is_file()]
        if voice is not None and paths:
            takes.append(Take(kit, voice, name, _single(paths)))
    return takes


def _by_name(name: str) -> str | None:
    for pattern, voice in _HYDROGEN_NAMES:
        if re.search(pattern, name.lower()):
            return voice
    return None


# -- Kits of files ------------------------------------------------------------------------------


def _virtuosity(kit: str, folder: Path) -> list[Take]:
    voices = {
        "acoustic-kick": "kick", "acoustic-snare": "snare", "brushes-snare": "snare",
        "acoustic-hihat-closed": "hihat_closed", "acoustic-hihat-open": "hihat_open",
        "acoustic-ride": "ride", "acoustic-crash": "crash",
        "808-kick": "kick", "808-snare": "snare", "808-hihat-closed": "hihat_closed",
        "808-hihat-open": "hihat_open", "808-clap": "percussion",
    }  # fmt: skip
    takes = []
    for name, voice in voices.items():
        manifest = folder / name / "manifest.json"
        if manifest.is_file():
            entries = json.loads(manifest.read_text())["samples"]
            paths = [folder / name / entry["file"] for entry in entries]
            takes.append(Take(kit, voice, name, _single(dict.fromkeys(paths))))
    return takes


_MULDJORD = {  # folder: voice and its close microphones
    "KdrumL": ("kick", ("KdrumL",)),
    "KdrumR": ("kick", ("KdrumR",)),
    "Snare": ("snare", ("Snare_top", "Snare_bottom")),
    "HihatClosed": ("hihat_closed", ("Hihat",)),
    "HihatOpen": ("hihat_open", ("Hihat",)),
    "Tom1": ("tom_high", ("Tom1",)),
    "Tom2": ("tom_mid", ("Tom2",)),
    "Tom3": ("tom_low", ("Tom3",)),
    "Tom4": ("tom_low", ("Tom4",)),
    "RideL": ("ride", ("RideL",)),
    "RideR": ("ride", ("RideR",)),
    "RideLBell": ("ride_bell", ("RideL",)),
    "RideRBell": ("ride_bell", ("RideR",)),
    "CrashL": ("crash", ("OHL",)),
    "CrashR": ("crash", ("OHR",)),
    "China": ("crash", ("OHR",)),
}


def _muldjord(kit: str, folder: Path) -> list[Take]:
    takes: list[Take] = []
    for name, (voice, close) in _MULDJORD.items():
        found = {int(path.name.split("-")[0]) for path in (folder / name).glob("*-OHL.flac")}
        numbers = [str(number) for number in sorted(found)]
        mixes = {
            "overheads": (("OHL", 0.5), ("OHR", 0.5)),
            "room": (("AmbL", 0.5), ("AmbR", 0.5), ("OHL", 0.25), ("OHR", 0.25)),
            "close": (*((mic, 1.0) for mic in close), ("OHL", 0.2), ("OHR", 0.2)),
        }
        pattern = f"{{sample}}-{name}-{{microphone}}.flac"
        takes += _mixed(Take(kit, voice, name, ()), numbers, mixes, folder / name, pattern)
    return takes


# Twenty snare drums from 10 to 22 inches, struck on the head and on the rim. Sweeping brushes, and
# drums with a tambourine or beads on them, are left out.
_FRANKENSNARE_STROKES = {"sn": "snare", "sr": "snare", "sm": "snare", "ss": "side_stick"}
_FRANKENSNARE_OTHERS = re.compile("brush|tamb|prep|spring|xtra")


def _frankensnare(kit: str, folder: Path) -> list[Take]:
    takes: list[Take] = []
    for drum in sorted(path for path in folder.iterdir() if path.is_dir()):
        if _FRANKENSNARE_OTHERS.search(drum.name):
            continue
        for stroke, voice in _FRANKENSNARE_STROKES.items():
            names = [path.name for path in sorted((drum / "oh").glob(f"{stroke}_*.flac"))]
            close = "top" if (drum / "top").is_dir() else "snom"
            mixes = {
                "overheads": (("oh", 1.0),),
                "close": ((close, 1.0), ("btm", 0.4), ("oh", 0.3)),
            }
            take = Take(kit, voice, f"{drum.name} {stroke}", ())
            takes += _mixed(take, names, mixes, drum)
    return takes + _globs(
        kit, folder, (("percussion", ("xtra_claps/*.flac", "xtra_tamb/tamb*.flac")),), apart=True
    )


# Strokes and their close microphone. A hi-hat held loosely counts as open.
_GOGODZE = {
    "ks": ("kick", "kick_mic"),
    "sc": ("snare", "snare_mic"),
    "se": ("snare", "snare_mic"),
    "ss": ("side_stick", "snare_mic"),
    "ht": ("hihat_closed", "side_mic"),
    "hc": ("hihat_closed", "side_mic"),
    "hf": ("hihat_pedal", "side_mic"),
    "hl": ("hihat_open", "side_mic"),
    "hh": ("hihat_open", "side_mic"),
    "ho": ("hihat_open", "side_mic"),
    "th": ("tom_high", "kick_mic"),
    "tm": ("tom_mid", "snare_mic"),
    "tl": ("tom_low", "side_mic"),
}


def _gogodze(kit: str, folder: Path) -> list[Take]:
    takes: list[Take] = []
    for code, (voice, close) in _GOGODZE.items():
        names = [path.name for path in sorted((folder / "oh_mic").glob(f"{code}_*.wav"))]
        mixes = {
            "overhead": (("oh_mic", 1.0),),
            "close": ((close, 1.0), ("oh_mic", 0.3)),
            "front": (("front_mic", 1.0), ("oh_mic", 0.3)),
            "room": (("wndw_mic", 1.0),),
            "crystal": (("retro_mic", 1.0),),
        }
        takes += _mixed(Take(kit, voice, code, ()), names, mixes, folder)
    return takes


_PEARL = (
    ("kick", ("kick-*.wav",)),
    ("snare", ("snare-*.wav",)),
    ("hihat_closed", ("hihat-closed.wav",)),
    ("hihat_open", ("hihat-open.wav",)),
    ("tom_high", ("tom-01.wav",)),
    ("tom_mid", ("tom-02.wav",)),
    ("tom_low", ("tom-03.wav",)),
    ("ride", ("ride-*.wav",)),
    ("crash", ("crash-*.wav", "splash-*.wav")),
)


def _pearl(kit: str, folder: Path) -> list[Take]:
    return _globs(kit, folder, _PEARL, apart=True)


_JAZZKIT = (
    ("kick", ("bass/*.wav",)),
    ("snare", ("snare/*tight-[12].wav",)),
    ("snare", ("snare/*loose-hit.wav",)),
    ("hihat_closed", ("cymbals/hat-closed-[1-4].wav",)),
    ("hihat_closed", ("cymbals/hat-closed-hit[1-3].wav",)),
    ("hihat_pedal", ("cymbals/hat-closed-leg.wav",)),
    ("hihat_open", ("cymbals/hat-closed-hit4-half*.wav",)),
    ("hihat_open", ("cymbals/hat-open-short.wav", "cymbals/hat-open[1-3].wav")),
    ("tom_high", ("toms/*-8-1.wav",)),
    ("tom_mid", ("toms/*-10-buzz-1.wav",)),
    ("tom_mid", ("toms/*-12-1.wav",)),
    ("tom_low", ("toms/*-14-floor-1.wav",)),
    ("crash", ("cymbals/cymbal-big[12].wav",)),
    ("crash", ("cymbals/cymbal-second1.wav",)),
    ("ride", ("cymbals/cymbal-small[12].wav",)),
    ("ride", ("cymbals/cymbal-small3.wav",)),
)


def _jazzkit(kit: str, folder: Path) -> list[Take]:
    return _globs(kit, folder, _JAZZKIT)


_EL_NACHO = (
    ("kick", ("*-kick.flac",)),
    ("snare", ("*-snare.flac",)),
    ("hihat_closed", ("*-hi-hat.flac",)),
    ("hihat_open", ("*-hi-hat-open.flac",)),
    ("tom_high", ("*-hi-tom.flac",)),
    ("tom_mid", ("*-mid-tom.flac",)),
    ("tom_low", ("*-low-tom.flac",)),
    ("crash", ("*-cymbal.flac",)),
)


def _el_nacho(kit: str, folder: Path) -> list[Take]:
    return _globs(kit, folder, _EL_NACHO)


_DISCORD = (
    ("kick", ("Kick ?.aif",)),
    ("snare", ("SML Snare [1-8]-L.aif", "SML Snare RS ?-L.aif")),
    ("snare", ("SML Snare [1-8]-R.aif", "SML Snare RS ?-R.aif")),
    ("side_stick", ("Snare4_Xstick*.wav", "Snare2_stick*.wav")),
    ("hihat_closed", ("CL SH Hat *.aif",)),
    ("hihat_closed", ("CL Tip Hat *.aif",)),
    ("hihat_pedal", ("STMP Hat *.aif",)),
    ("hihat_open", ("OP SH Hat *.aif", "OP TIP Hat *.aif")),
    ("tom_low", ("F Tom ? L.aif",)),
    ("tom_low", ("F Tom ? R.aif",)),
    ("tom_mid", ("M Tom ? L.aif",)),
    ("tom_mid", ("M Tom ? R.aif",)),
    ("ride", ("PL EDG *ide *.aif", "PL MID *ide *.aif")),
    ("ride_bell", ("PL BELL ride *.aif",)),
    ("crash", ("A CST crash *.aif",)),
    ("crash", ("PL crash *.aif",)),
    ("crash", ("SAB crash *.aif",)),
    ("crash", ("ZLC crash *.aif",)),
    ("percussion", ("BongoH*.wav",)),
    ("percussion", ("BongoL*.wav",)),
    ("percussion", ("Conga_*.wav",)),
    ("percussion", ("Quinto_*.wav",)),
    ("percussion", ("Clap_*.wav",)),
    ("percussion", ("Cowbell1*.wav",)),
    ("percussion", ("Claves1*.wav",)),
    ("percussion", ("Tamb1*.wav",)),
    ("percussion", ("Mid_Shaker*.wav",)),
    ("percussion", ("maraca*.wav",)),
    ("percussion", ("Agogo_*.wav",)),
    ("percussion", ("Triangle1_Hit*.wav",)),
)


def _discord(kit: str, folder: Path) -> list[Take]:
    return _globs(kit, folder, _DISCORD)


def _globs(
    kit: str, folder: Path, rows: tuple[tuple[str, tuple[str, ...]], ...], *, apart: bool = False
) -> list[Take]:
    """Takes of files by pattern; ``apart``: each file is another drum, not another layer."""
    takes = []
    for voice, patterns in rows:
        paths = sorted({path for pattern in patterns for path in folder.glob(pattern)})
        groups = [[path] for path in paths] if apart else [paths]
        takes += [Take(kit, voice, group[0].stem, _single(group)) for group in groups if group]
    return takes


_UZU = (
    ("kick", ("bd/*.wav",)),
    ("snare", ("sd/*.wav",)),
    ("side_stick", ("rim/*.wav",)),
    ("hihat_closed", ("hh/*.wav",)),
    ("hihat_open", ("oh/*.wav",)),
    ("tom_low", ("lt/*.wav",)),
    ("tom_mid", ("mt/*.wav",)),
    ("tom_high", ("ht/*.wav",)),
    ("ride", ("rd/*.wav",)),
    ("crash", ("cr/*.wav",)),
    ("percussion", ("cp/*.wav", "cb/*.wav", "sh/*.wav", "tb/*.wav")),
)
_SONIC_PI_LAYERED = (
    ("kick", ("drum_bass_*.flac", "drum_heavy_kick.flac")),
    ("snare", ("drum_snare_*.flac",)),
    ("hihat_closed", ("drum_cymbal_closed.flac",)),
    ("hihat_pedal", ("drum_cymbal_pedal.flac",)),
    ("hihat_open", ("drum_cymbal_open.flac",)),
    ("tom_low", ("drum_tom_lo_*.flac",)),
    ("tom_mid", ("drum_tom_mid_*.flac",)),
    ("tom_high", ("drum_tom_hi_*.flac",)),
    ("crash", ("drum_cymbal_soft.flac", "drum_cymbal_hard.flac")),
    ("crash", ("drum_splash_*.flac",)),
)
_SONIC_PI_ONE_SHOTS = (
    ("kick", tuple(f"bd_{name}.flac" for name in (
        "808", "ada", "boom", "fat", "gas", "haus", "jazz", "klub", "pure", "sone", "tek", "zome",
        "zum"))),
    ("kick", ("elec_hollow_kick.flac", "elec_soft_kick.flac")),
    ("snare", ("sn_*.flac", "elec_hi_snare.flac", "elec_lo_snare.flac", "elec_mid_snare.flac",
               "elec_snare.flac", "elec_filt_snare.flac")),
    ("hihat_closed", tuple(f"hat_{name}.flac" for name in (
        "bdu", "cab", "gem", "gnu", "gump", "metal", "noiz", "raw", "snap", "star", "tap", "zild"
        ))),
    ("percussion", ("tabla_*.flac", "drum_cowbell.flac", "perc_snap*.flac", "elec_wood.flac")),
)  # fmt: skip


def _uzu(kit: str, folder: Path) -> list[Take]:
    return _globs(kit, folder, _UZU, apart=True)


def _sonic_pi(kit: str, folder: Path) -> list[Take]:
    layered = _globs(kit, folder, _SONIC_PI_LAYERED)
    return layered + _globs(kit, folder, _SONIC_PI_ONE_SHOTS, apart=True)


# -- SoundFonts ---------------------------------------------------------------------------------

_FLUID_PROGRAMS = (0, 1, 2, 3, 8, 16, 24, 25, 32, 40)
_TIMGM_PROGRAMS = (0, 8, 16, 24, 25, 32, 40)
# Their maps are their own: 46 is half open, 48 a swish, and there is one rack tom in two places.
_AVL_VOICES = {
    36: "kick", 37: "side_stick", 38: "snare", 40: "snare", 41: "tom_low", 43: "tom_low",
    42: "hihat_closed", 44: "hihat_pedal", 46: "hihat_open", 48: "hihat_open", 49: "crash",
    57: "crash", 55: "crash", 51: "ride", 59: "ride", 53: "ride_bell",
}  # fmt: skip
_RACK_TOMS = {"black_pearl": "tom_high", "red_zeppelin": "tom_mid"}  # 12 and 14 inches


def _general_midi_font(programs: tuple[int, ...]) -> Callable[[str, Path], list[FontTake]]:
    def read(kit: str, font: Path) -> list[FontTake]:
        takes = []
        for program in programs:
            for key, voice in GENERAL_MIDI_VOICES.items():
                # Hand percussion is the same in all kits of a font.
                if voice == "percussion" and program:
                    continue
                # The toms of its drum machine are hisses.
                if voice.startswith("tom") and program == 24:
                    continue
                name = f"program {program} key {key}"
                takes.append(FontTake(f"{kit}:{program}", voice, name, font, program, key))
        return takes

    return read


def _avl_font(kit: str, font: Path) -> list[FontTake]:
    voices = _AVL_VOICES | {45: _RACK_TOMS[kit], 47: _RACK_TOMS[kit]}
    return [
        FontTake(kit, voice, f"key {key}", font, 0, key, is_percussion_channel=False)
        for key, voice in sorted(voices.items())
    ]


_READERS: dict[str, Callable[[str, Path], Iterable[Take | FontTake]]] = {
    "virtuosity": _virtuosity,
    "muldjord": _muldjord,
    "gogodze": _gogodze,
    "pearl": _pearl,
    "jazzkit": _jazzkit,
    "el_nacho": _el_nacho,
    "rumpf": _hydrogen,
    "discord": _discord,
    "uzu": _uzu,
    "audiophob": _hydrogen,
    "sonic_pi": _sonic_pi,
    "frankensnare": _frankensnare,
    "fluidr3": _general_midi_font(_FLUID_PROGRAMS),
    "timgm6mb": _general_midi_font(_TIMGM_PROGRAMS),
    "colombo": _hydrogen,
    "bja_pacific": _hydrogen,
    "millo2": _hydrogen,
    "millo3": _hydrogen,
    "varibreaks": _hydrogen,
    "forzee": _hydrogen,
    "black_pearl": _avl_font,
    "red_zeppelin": _avl_font,
}
