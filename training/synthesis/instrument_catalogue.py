"""Which sampled instruments the melodic model is trained on, which it is measured on, and why.

An instrument is held out by its library, never by its files: libraries that share samples (the
MuseScore font has most of its from FluidR3, Csound's from TimGM6mb) are on the same side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from amtstudio.learning.instruments.musicians import Manner

Family = Literal[
    "keys", "guitar", "bass", "strings", "winds", "brass", "voice", "mallets", "organ_synth"
]
Role = Literal["train", "held_out"]


@dataclass(frozen=True)
class InstrumentSource:
    """One instrument of one library.

    ``place`` is a glob below the library's folder, or ``bank:program`` of a SoundFont.
    """

    name: str
    collection: str
    place: str
    family: Family
    manner: Manner
    lowest: int
    highest: int
    weight: float = 1.0


@dataclass(frozen=True)
class SampleLibrary:
    """A body of samples; ``origin`` is a public repository with its commit, or a package."""

    name: str
    role: Role
    licence: str
    attribution: str
    origin: str
    folder: str = ""  # below the folder of libraries, or the file name of a SoundFont


_LIBRARY_ROWS: tuple[tuple[str, Role, str, str, str, str], ...] = (
    ("fluidr3", "train", "MIT", "Frank Wen", "Debian fluid-soundfont-gm 3.1", "FluidR3_GM.sf2"),
    (
        "musescore",
        "train",
        "MIT",
        "S. Christian Collins",
        "Debian musescore-general-soundfont-lossless 0.2",
        "MuseScore_General_Full.sf2",
    ),
    (
        "discord",
        "train",
        "CC0-1.0",
        "Jeff Learman, Karoryfer Samples, Versilian Studios, kinwie",
        "sfzinstruments/Discord-SFZ-GM-Bank@7a9c478",
        "Discord-SFZ-GM-Bank",
    ),
    (
        "forbidden",
        "train",
        "CC0-1.0",
        "Versilian Studios (VSCO 2 CE); tarane468, cabled_mess, pjcohen (Freesound)",
        "autotel/forbidden-music@33294e0",
        "forbidden-music/public/audio/chromatic",
    ),
    (
        "forbidden_held_out",
        "held_out",
        "as in each folder",
        "tarane468, atonia (Freesound)",
        "autotel/forbidden-music@33294e0",
        "forbidden-music/public/audio/chromatic",
    ),
    (
        "emilyguitar",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "sfzinstruments/karoryfer.emilyguitar@b4920dc",
        "karoryfer.emilyguitar",
    ),
    (
        "shinyguitar",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "sfzinstruments/karoryfer.shinyguitar@57243cc",
        "karoryfer.shinyguitar",
    ),
    (
        "growlybass",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "sfzinstruments/karoryfer.growlybass@4f48326",
        "karoryfer.growlybass",
    ),
    (
        "swagbass",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "sfzinstruments/karoryfer.swagbass@9d10fca",
        "karoryfer.swagbass",
    ),
    (
        "war_tuba",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "sfzinstruments/karoryfer.war-tuba@5b62dd6",
        "karoryfer.war-tuba",
    ),
    (
        "bigcat_cello",
        "train",
        "CC0-1.0",
        "Karoryfer Samples, bigcat instruments; played by Kamila Borowiak",
        "sfzinstruments/karoryfer-bigcat.cello@6fd75fb",
        "karoryfer-bigcat.cello",
    ),
    (
        "smolken_bass",
        "train",
        "CC0-1.0",
        "D. Smolken",
        "sfzinstruments/dsmolken.double-bass@c2985eb",
        "dsmolken.double-bass",
    ),
    (
        "e_pianos",
        "train",
        "CC-BY-3.0",
        "Greg Sullivan",
        "sfzinstruments/GregSullivan.E-Pianos@8c3e581",
        "GregSullivan.E-Pianos",
    ),
    (
        "keyboardia",
        "train",
        "CC0-1.0 (steel drums: Unlicense)",
        "FreePats project (setBfree organ), Versilian Studios (VCSL, VSCO 2 CE), Jack Learman",
        "adewale/keyboardia@702ad0c",
        "keyboardia/app/public/instruments",
    ),
    (
        "keyboardia_held_out",
        "held_out",
        "CC0-1.0",
        "Karoryfer Samples",
        "adewale/keyboardia@702ad0c",
        "keyboardia/app/public/instruments",
    ),
    (
        "tonejs",
        "train",
        "CC-BY-3.0",
        "Nicholaus P. Brosowsky, ToneJS-Instruments",
        "package tonejs-instrument-<name>-mp3 1.1",
        "tonejs",
    ),
    (
        "mtg_sax",
        "train",
        "CC-BY-4.0",
        "Music Technology Group, UPF",
        "training pack, instruments/mtg_sax",
        "mtg_sax",
    ),
    (
        "weresax",
        "train",
        "CC0-1.0",
        "Karoryfer Samples",
        "training pack, instruments/weresax",
        "weresax",
    ),
    (
        "ixox_flute",
        "train",
        "CC-BY-4.0",
        "Xavier Hosxe",
        "training pack, instruments/ixox_flute",
        "ixox_flute",
    ),
    (
        "spanish_guitar",
        "train",
        "CC0-1.0",
        "FreePats project",
        "training pack, instruments/spanish_guitar",
        "spanish_guitar",
    ),
    ("ganjo", "train", "CC0-1.0", "itsclipping", "training pack, instruments/ganjo", "ganjo"),
    (
        "philharmonia",
        "held_out",
        "CC-BY-SA-3.0",
        "Philharmonia Orchestra",
        "training pack, instruments/philharmonia",
        "philharmonia",
    ),
    (
        "timgm6mb",
        "held_out",
        "GPL-2.0-only",
        "Tim Brechbill",
        "Debian timgm6mb-soundfont",
        "TimGM6mb.sf2",
    ),
)
LIBRARIES = {row[0]: SampleLibrary(*row) for row in _LIBRARY_ROWS}

# General MIDI programs: program, name, family, manner, range.
_PROGRAMS: tuple[tuple[int, str, Family, Manner, int, int], ...] = (
    (4, "epiano_1", "keys", "struck", 28, 100),
    (5, "epiano_2", "keys", "struck", 28, 100),
    (6, "harpsichord", "keys", "struck", 29, 89),
    (7, "clavinet", "keys", "struck", 36, 88),
    (8, "celesta", "mallets", "struck", 60, 104),
    (9, "glockenspiel", "mallets", "struck", 72, 105),
    (10, "music_box", "mallets", "struck", 60, 96),
    (11, "vibraphone", "mallets", "struck", 53, 89),
    (12, "marimba", "mallets", "struck", 45, 96),
    (13, "xylophone", "mallets", "struck", 65, 103),
    (14, "tubular_bells", "mallets", "struck", 60, 84),
    (15, "dulcimer", "mallets", "struck", 55, 88),
    (16, "drawbar_organ", "organ_synth", "organ", 36, 96),
    (17, "percussive_organ", "organ_synth", "organ", 36, 96),
    (18, "rock_organ", "organ_synth", "organ", 36, 96),
    (19, "church_organ", "organ_synth", "organ", 36, 96),
    (20, "reed_organ", "organ_synth", "organ", 36, 90),
    (21, "accordion", "organ_synth", "organ", 45, 92),
    (22, "harmonica", "winds", "blown", 52, 96),
    (23, "bandoneon", "organ_synth", "organ", 45, 92),
    (24, "nylon_guitar", "guitar", "plucked", 38, 84),
    (25, "steel_guitar", "guitar", "plucked", 38, 84),
    (26, "jazz_guitar", "guitar", "plucked", 38, 86),
    (27, "clean_guitar", "guitar", "plucked", 38, 88),
    (28, "muted_guitar", "guitar", "plucked", 38, 84),
    (29, "overdriven_guitar", "guitar", "plucked", 38, 88),
    (30, "distorted_guitar", "guitar", "plucked", 38, 88),
    (32, "acoustic_bass", "bass", "plucked", 26, 60),
    (33, "fingered_bass", "bass", "plucked", 26, 62),
    (34, "picked_bass", "bass", "plucked", 26, 62),
    (35, "fretless_bass", "bass", "plucked", 26, 62),
    (36, "slap_bass", "bass", "plucked", 26, 62),
    (38, "synth_bass", "bass", "organ", 26, 60),
    (40, "violin", "strings", "bowed", 55, 100),
    (41, "viola", "strings", "bowed", 48, 88),
    (42, "cello", "strings", "bowed", 36, 79),
    (43, "contrabass", "strings", "bowed", 28, 60),
    (44, "tremolo_strings", "strings", "bowed", 36, 93),
    (45, "pizzicato", "strings", "plucked", 36, 93),
    (46, "harp", "guitar", "plucked", 28, 100),
    (48, "ensemble_1", "strings", "bowed", 36, 96),
    (49, "ensemble_2", "strings", "bowed", 36, 96),
    (52, "choir", "voice", "sung", 43, 84),
    (53, "oohs", "voice", "sung", 43, 84),
    (56, "trumpet", "brass", "blown", 52, 87),
    (57, "trombone", "brass", "blown", 36, 74),
    (58, "tuba", "brass", "blown", 26, 60),
    (59, "muted_trumpet", "brass", "blown", 52, 86),
    (60, "horn", "brass", "blown", 36, 79),
    (61, "brass_section", "brass", "blown", 36, 86),
    (64, "soprano_sax", "winds", "blown", 54, 88),
    (65, "alto_sax", "winds", "blown", 48, 83),
    (66, "tenor_sax", "winds", "blown", 42, 79),
    (67, "baritone_sax", "winds", "blown", 34, 72),
    (68, "oboe", "winds", "blown", 58, 92),
    (69, "english_horn", "winds", "blown", 52, 84),
    (70, "bassoon", "winds", "blown", 34, 76),
    (71, "clarinet", "winds", "blown", 50, 94),
    (72, "piccolo", "winds", "blown", 74, 105),
    (73, "flute", "winds", "blown", 59, 98),
    (74, "recorder", "winds", "blown", 60, 96),
    (75, "pan_flute", "winds", "blown", 58, 94),
    (77, "shakuhachi", "winds", "blown", 55, 90),
    (79, "ocarina", "winds", "blown", 60, 96),
    (80, "square_lead", "organ_synth", "organ", 36, 96),
    (81, "saw_lead", "organ_synth", "organ", 36, 96),
    (82, "calliope", "organ_synth", "organ", 48, 96),
    (84, "charang", "organ_synth", "organ", 40, 92),
    (87, "bass_lead", "organ_synth", "organ", 30, 84),
    (88, "new_age_pad", "organ_synth", "organ", 40, 88),
    (89, "warm_pad", "organ_synth", "organ", 40, 88),
    (104, "sitar", "guitar", "plucked", 45, 80),
    (105, "banjo", "guitar", "plucked", 48, 88),
    (106, "shamisen", "guitar", "plucked", 48, 84),
    (107, "koto", "guitar", "plucked", 46, 88),
    (108, "kalimba", "mallets", "struck", 55, 90),
    (109, "bagpipe", "winds", "blown", 56, 81),
    (110, "fiddle", "strings", "bowed", 55, 93),
    (111, "shanai", "winds", "blown", 55, 84),
    (114, "steel_drums", "mallets", "struck", 52, 86),
)
# The only programs of the MuseScore font with samples of its own.
_MUSESCORE_PROGRAMS = (5, 25, 40, 41, 42, 52, 71)

# Name, library, files, family, manner, range, weight.
_FILES: tuple[tuple[str, str, str, Family, Manner, int, int, float], ...] = (
    ("martin", "discord", "Discord GM/Melodic/026*/*.wav", "guitar", "plucked", 38, 84, 4.0),
    ("emily", "emilyguitar", "notes/*.wav", "guitar", "plucked", 36, 86, 4.0),
    ("shiny_acoustic", "shinyguitar", "Samples/acoustic/??_*.wav Samples/acoustic/???_*.wav",
     "guitar", "plucked", 38, 86, 3.0),
    ("shiny_electric", "shinyguitar", "Samples/electric/??_*.wav Samples/electric/???_*.wav",
     "guitar", "plucked", 38, 86, 3.0),
    ("spanish", "spanish_guitar", "*.ogg", "guitar", "plucked", 38, 84, 4.0),
    ("tonejs_acoustic", "tonejs", "guitar-acoustic/*.mp3", "guitar", "plucked", 38, 84, 3.0),
    ("tonejs_nylon", "tonejs", "guitar-nylon/*.mp3", "guitar", "plucked", 38, 84, 3.0),
    ("tonejs_electric", "tonejs", "guitar-electric/*.mp3", "guitar", "plucked", 38, 86, 3.0),
    ("ganjo", "ganjo", "*.ogg", "guitar", "plucked", 48, 86, 1.0),
    ("sitar", "discord", "Discord GM/Melodic/105*/*.wav", "guitar", "plucked", 45, 84, 0.7),
    ("tonejs_harp", "tonejs", "harp/*.mp3", "guitar", "plucked", 30, 98, 0.7),
    ("celtic_harp", "forbidden", "celtic_harp/*.wav", "guitar", "plucked", 43, 90, 0.7),
    ("killer_bass", "discord", "Discord GM/Melodic/034*/*.wav", "bass", "plucked", 26, 64, 2.0),
    ("growly", "growlybass", "sustain/*.wav", "bass", "plucked", 26, 64, 2.0),
    ("swag", "swagbass", "notes/*.wav", "bass", "plucked", 26, 64, 2.0),
    ("smolken_pizz", "smolken_bass", "pizz/*.wav", "bass", "plucked", 26, 60, 2.0),
    ("smolken_arco", "smolken_bass", "arco/*.wav", "strings", "bowed", 28, 62, 1.0),
    ("bigcat_cello", "bigcat_cello", "Samples/sus/*.wav", "strings", "bowed", 36, 76, 3.0),
    ("bigcat_pizz", "bigcat_cello", "Samples/pizzcato/*.wav", "strings", "plucked", 36, 76, 1.0),
    ("violin_section", "forbidden", "violin_section/*.wav", "strings", "bowed", 55, 93, 2.0),
    ("tonejs_violin", "tonejs", "violin/*.mp3", "strings", "bowed", 55, 98, 4.0),
    ("tonejs_cello", "tonejs", "cello/*.mp3", "strings", "bowed", 36, 76, 2.0),
    ("tonejs_contrabass", "tonejs", "contrabass/*.mp3", "strings", "bowed", 28, 60, 1.0),
    ("string_section", "keyboardia", "string-section/*.mp3", "strings", "bowed", 36, 84, 1.0),
    ("tremolo_section", "discord", "Discord GM/Melodic/045*/*.wav", "strings", "bowed", 40, 88,
     0.5),
    ("pizz_section", "discord", "Discord GM/Melodic/046*/*.wav", "strings", "plucked", 40, 88, 0.5),
    ("mtg_sopr", "mtg_sax", "sop*.ogg", "winds", "blown", 52, 88, 2.0),
    ("mtg_alto", "mtg_sax", "alt*.ogg", "winds", "blown", 48, 83, 2.0),
    ("mtg_tenor", "mtg_sax", "ten*.ogg", "winds", "blown", 42, 79, 2.0),
    ("mtg_bari", "mtg_sax", "bar*.ogg", "winds", "blown", 34, 72, 2.0),
    ("weresax", "weresax", "*.ogg", "winds", "blown", 47, 82, 3.0),
    ("ixox_flute", "ixox_flute", "*.ogg", "winds", "blown", 58, 98, 2.0),
    ("tonejs_flute", "tonejs", "flute/*.mp3", "winds", "blown", 59, 98, 1.5),
    ("tonejs_clarinet", "tonejs", "clarinet/*.mp3", "winds", "blown", 50, 92, 2.5),
    ("tonejs_bassoon", "tonejs", "bassoon/*.mp3", "winds", "blown", 34, 74, 1.5),
    ("tonejs_sax", "tonejs", "saxophone/*.mp3", "winds", "blown", 46, 84, 2.5),
    ("bassoon", "forbidden", "bassoon/*.wav", "winds", "blown", 34, 74, 2.0),
    ("bagpipe", "discord", "Discord GM/Melodic/110*/*.wav", "winds", "blown", 56, 81, 0.5),
    ("shanai", "discord", "Discord GM/Melodic/112*/*.wav", "winds", "blown", 55, 88, 0.5),
    ("tonejs_trumpet", "tonejs", "trumpet/*.mp3", "brass", "blown", 52, 86, 2.0),
    ("tonejs_trombone", "tonejs", "trombone/*.mp3", "brass", "blown", 36, 74, 1.5),
    ("tonejs_horn", "tonejs", "french-horn/*.mp3", "brass", "blown", 36, 77, 1.5),
    ("tonejs_tuba", "tonejs", "tuba/*.mp3", "brass", "blown", 26, 60, 1.0),
    ("old_trombone", "forbidden", "old_trombone/*.wav", "brass", "blown", 36, 74, 1.5),
    ("keyboardia_horn", "keyboardia", "french-horn/*.m4a", "brass", "blown", 36, 77, 1.5),
    ("war_tuba", "war_tuba", "Samples/*_s_vl[24]_rr1_dyn.wav", "brass", "blown", 24, 60, 1.0),
    ("marimba", "keyboardia", "marimba/*.mp3", "mallets", "struck", 45, 96, 1.5),
    ("vibraphone", "keyboardia", "vibraphone/*.mp3", "mallets", "struck", 53, 89, 1.5),
    ("kalimba", "keyboardia", "kalimba/*.mp3", "mallets", "struck", 55, 90, 1.0),
    ("steel_drums", "keyboardia", "steel-drums/*.m4a", "mallets", "struck", 50, 88, 1.0),
    ("glockenspiel", "forbidden", "glockenspiel/*.wav", "mallets", "struck", 72, 104, 1.0),
    ("tonejs_xylophone", "tonejs", "xylophone/*.mp3", "mallets", "struck", 65, 100, 1.0),
    ("setbfree_organ", "keyboardia", "hammond-organ/*.mp3", "organ_synth", "organ", 36, 90, 2.0),
    ("tonejs_organ", "tonejs", "organ/*.mp3", "organ_synth", "organ", 36, 90, 1.5),
    ("tonejs_harmonium", "tonejs", "harmonium/*.mp3", "organ_synth", "organ", 40, 86, 1.5),
    ("harpsichord", "forbidden", "harpsichord/*.wav", "keys", "struck", 29, 89, 1.0),
    ("cp80", "e_pianos", "CP80/Samples/*.flac", "keys", "struck", 28, 100, 1.0),
    ("wurlitzer", "e_pianos", "Wurlitzer EP200/Samples/*.flac", "keys", "struck", 33, 96, 1.0),
    ("ep1", "discord", "Discord GM/Melodic/005*/*.wav", "keys", "struck", 28, 98, 1.0),
    ("gretsch", "keyboardia_held_out", "clean-guitar/*.mp3", "guitar", "plucked", 38, 84, 1.0),
    ("vibraphone_atonia", "forbidden_held_out", "vibraphone/*.wav", "mallets", "struck", 53, 89,
     1.0),
    ("pianet", "forbidden_held_out", "hohner_pianet/*.wav", "keys", "struck", 33, 96, 0.3),
    ("phil_cello", "philharmonia", "cello_*.ogg", "strings", "bowed", 36, 76, 1.0),
    ("phil_flute", "philharmonia", "flute_*.ogg", "winds", "blown", 60, 96, 1.0),
    ("phil_clarinet", "philharmonia", "clarinet_*.ogg", "winds", "blown", 50, 90, 1.0),
    ("phil_oboe", "philharmonia", "oboe_*.ogg", "winds", "blown", 58, 90, 1.0),
    ("phil_bassoon", "philharmonia", "bassoon_*.ogg", "winds", "blown", 34, 72, 1.0),
    ("phil_sax", "philharmonia", "saxophone_*.ogg", "winds", "blown", 44, 82, 1.0),
    ("phil_trombone", "philharmonia", "trombone_*.ogg", "brass", "blown", 36, 74, 1.0),
    ("phil_horn", "philharmonia", "french-horn_*.ogg", "brass", "blown", 38, 77, 1.0),
    ("phil_bass", "philharmonia", "double-bass_*.ogg", "bass", "plucked", 28, 58, 1.0),
    ("phil_banjo", "philharmonia", "banjo_*.ogg", "guitar", "plucked", 48, 84, 1.0),
    ("phil_mandolin", "philharmonia", "mandolin_*.ogg", "guitar", "plucked", 55, 90, 1.0),
)  # fmt: skip

# Drum kits of the fonts: noise beside the notes.
KIT_PROGRAMS = (0, 8, 16, 24, 25, 32, 40)


def instrument_sources() -> tuple[InstrumentSource, ...]:
    """Every instrument of every library."""
    sources = [
        InstrumentSource(
            f"{font}_{name}", font, f"0:{program}", family, manner, lowest, highest, weight
        )
        for font, programs, weight in (
            ("fluidr3", None, 1.0),
            ("musescore", _MUSESCORE_PROGRAMS, 1.0),
            ("timgm6mb", None, 1.0),
        )
        for program, name, family, manner, lowest, highest in _PROGRAMS
        if programs is None or program in programs
    ]
    sources += [InstrumentSource(*row) for row in _FILES]
    return tuple(sources)
