"""Which library plays which class, under which licence, and which are only listened to in tests.

A class is trained on some libraries and measured on others. What a sound must not be judged by is
named as unknown: a section of violas is neither a violin nor the absence of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from amtstudio.learning.instruments.musicians import Manner
from training.instruments.phrases import Style

Role = Literal["train", "held_out"]
Kind = Literal["soundfont", "samples", "bank", "kit", "speech", "synth", "instruments"]


@dataclass(frozen=True)
class Library:
    """A body of samples. ``place`` is relative to the folder of its kind."""

    name: str
    kind: Kind
    place: str
    role: Role
    licence: str
    attribution: str


@dataclass(frozen=True)
class Sound:
    """One instrument of one library.

    ``label`` is None where it is none of the classes; ``unknown`` are classes it must not teach.
    ``instrument`` names the bank of ``training.add_instruments`` or ``web_fonts`` that it is played
    on, with slurs, slides and vibrato.
    """

    source: str  # name of its library
    label: str | None
    style: Style
    lowest: int
    highest: int
    bank: int = 0
    program: int = 0
    place: str = ""  # files, for libraries of several instruments
    n_voices: int = 1
    expressive: bool = False
    unknown: tuple[str, ...] = ()
    weight: float = 1.0
    instrument: str = ""


class WebFontProgram(NamedTuple):
    """An instrument of GeneralUser GS: its bank, its script, and how it is played."""

    name: str
    script: str
    label: str | None
    family: str
    manner: Manner
    lowest: int
    highest: int
    unknown: tuple[str, ...] = ()


# Name, kind, place, role, licence and author; a row each.
_ROWS: tuple[tuple[str, Kind, str, Role, str, str], ...] = (
    ("fluidr3", "soundfont", "FluidR3_GM.sf2", "train", "MIT", "Frank Wen"),
    (
        "musescore",
        "soundfont",
        "MuseScore_General_Full.sf2",
        "train",
        "MIT",
        "S. Christian Collins",
    ),
    ("timgm6mb", "soundfont", "TimGM6mb.sf2", "held_out", "GPL-2.0-only", "Tim Brechbill"),
    ("gmbank", "soundfont", "sf_GMbank.sf2", "held_out", "LGPL-2.1-or-later", "Csound"),
    (
        "avldrums",
        "soundfont",
        "Black_Pearl_4_LV2.sf2",
        "held_out",
        "CC-BY-SA-3.0",
        "Glen MacArthur",
    ),
    (
        "avldrums_red",
        "soundfont",
        "Red_Zeppelin_4_LV2.sf2",
        "held_out",
        "CC-BY-SA-3.0",
        "Glen MacArthur",
    ),
    ("mtg_sax", "samples", "mtg_sax", "train", "CC-BY-4.0", "Music Technology Group, UPF"),
    ("weresax", "samples", "weresax", "train", "CC0-1.0", "Karoryfer Samples"),
    ("ixox_flute", "samples", "ixox_flute", "train", "CC-BY-4.0", "Xavier Hosxe"),
    ("spanish_guitar", "samples", "spanish_guitar", "train", "CC0-1.0", "FreePats project"),
    ("ganjo", "samples", "ganjo", "train", "CC0-1.0", "itsclipping"),
    (
        "philharmonia",
        "samples",
        "philharmonia",
        "held_out",
        "CC-BY-SA-3.0",
        "Philharmonia Orchestra",
    ),
    (
        "kay_banjo",
        "samples",
        "FlameStudios.Kay5StringBanjo",
        "held_out",
        "GPL-3.0-or-later",
        "FlameStudios",
    ),
    ("emilyguitar", "samples", "karoryfer.emilyguitar", "train", "CC0-1.0", "Karoryfer Samples"),
    ("shinyguitar", "samples", "karoryfer.shinyguitar", "train", "CC0-1.0", "Karoryfer Samples"),
    ("meatbass", "samples", "karoryfer.meatbass", "train", "CC0-1.0", "Karoryfer Samples"),
    ("swagbass", "samples", "karoryfer.swagbass", "train", "CC0-1.0", "Karoryfer Samples"),
    (
        "discord",
        "samples",
        "Discord-SFZ-GM-Bank",
        "train",
        "CC0-1.0",
        "Jeff Learman, Karoryfer Samples, Versilian Studios, kinwie",
    ),
    (
        "bigcat_cello",
        "samples",
        "karoryfer-bigcat.cello",
        "train",
        "CC0-1.0",
        "Karoryfer Samples, bigcat instruments; played by Kamila Borowiak",
    ),
    (
        "tonejs",
        "samples",
        "tonejs",
        "train",
        "CC-BY-3.0",
        "Nicholaus P. Brosowsky, ToneJS-Instruments",
    ),
    ("bear_sax", "samples", "karoryfer.bear-sax", "train", "CC0-1.0", "Karoryfer Samples"),
    ("smolken_bass", "samples", "dsmolken.double-bass", "train", "CC0-1.0", "D. Smolken"),
    (
        "muldjord",
        "kit",
        "DrumGizmo.MuldjordKit/DrumGizmo/MuldjordKit/Samples",
        "train",
        "CC-BY-4.0",
        "Lars Muldjord, DrumGizmo team",
    ),
    ("audiophob", "kit", "Audiophob", "train", "CC0-1.0", "Audiophob"),
    (
        "colombo",
        "kit",
        "ColomboAcousticDrumkit",
        "held_out",
        "GPL-2.0-or-later",
        "Marcos Guglielmetti",
    ),
    ("forzee", "kit", "ForzeeStereo", "held_out", "GPL-2.0-or-later", "Forzee"),
    ("merry_orks", "samples", "karoryfer.272-merry-orks", "train", "CC0-1.0", "Karoryfer Samples"),
    ("own_synths", "synth", "", "train", "MIT", "AMT Studio, training/instruments/synths.py"),
    (
        "generaluser",
        "instruments",
        "",
        "train",
        "GeneralUser GS License 2.0: any use",
        "S. Christian Collins; from surikov/webaudiofontdata",
    ),
    (
        "forbidden",
        "instruments",
        "",
        "train",
        "CC0-1.0",
        "Versilian Studios (VSCO 2 CE); tarane468, cabled_mess, pjcohen (Freesound)",
    ),
    (
        "keyboardia",
        "instruments",
        "",
        "train",
        "CC0-1.0",
        "FreePats project (setBfree organ), Versilian Studios (VCSL, VSCO 2 CE)",
    ),
    ("growlybass", "instruments", "", "train", "CC0-1.0", "Karoryfer Samples"),
    (
        "kal_ked",
        "speech",
        "kal_diphone ked_diphone",
        "train",
        "MIT-Festival",
        "CSTR, University of Edinburgh; Alan W Black, Kevin Lenzo",
    ),
    (
        "slt",
        "speech",
        "cmu_us_slt_arctic_hts",
        "train",
        "BSD-3-Clause",
        "Carnegie Mellon University",
    ),
    (
        "flite",
        "speech",
        "flite:awb flite:rms flite:slt",
        "train",
        "BSD-like (CMU)",
        "Carnegie Mellon University",
    ),
    (
        "other_voices",
        "speech",
        "lp_diphone pc_diphone suo_fi_lj_diphone czech_dita",
        "held_out",
        "GPL and others",
        "ISTC-CNR; University of Helsinki; Brailcom",
    ),
)
# The programs of GeneralUser GS that share no recording, as far as their names and waveforms tell,
# with the SoundFonts that are held out.
WEB_FONT_PROGRAMS = (
    WebFontProgram("gu_clarinet", "0710", "clarinet", "winds", "blown", 50, 90),
    WebFontProgram("gu_soprano_sax", "0640", "saxophone", "winds", "blown", 56, 88),
    WebFontProgram("gu_alto_sax", "0650", "saxophone", "winds", "blown", 49, 82),
    WebFontProgram("gu_tenor_sax", "0660", "saxophone", "winds", "blown", 44, 78),
    WebFontProgram("gu_baritone_sax", "0670", "saxophone", "winds", "blown", 38, 72),
    WebFontProgram("gu_nylon", "0240", "guitar", "guitar", "plucked", 40, 80),
    WebFontProgram("gu_steel", "0250", "guitar", "guitar", "plucked", 40, 80),
    WebFontProgram("gu_clean_electric", "0270", "guitar", "guitar", "plucked", 40, 84),
    WebFontProgram("gu_muted_electric", "0280", "guitar", "guitar", "plucked", 40, 76),
    WebFontProgram("gu_overdrive", "0290", "guitar", "guitar", "plucked", 40, 84),
    WebFontProgram("gu_distortion", "0300", "guitar", "guitar", "plucked", 40, 84),
    WebFontProgram("gu_cello", "0420", "cello", "strings", "bowed", 36, 76),
    WebFontProgram("gu_violin", "0400", "violin", "strings", "bowed", 55, 96),
    WebFontProgram("gu_violin_struck", "0402", "violin", "strings", "bowed", 55, 96),
    WebFontProgram("gu_trumpet", "0560", "trumpet", "brass", "blown", 52, 86),
    WebFontProgram("gu_muted_trumpet", "0590", "trumpet", "brass", "blown", 52, 86),
    WebFontProgram("gu_accordion", "0210", "accordion", "organ_synth", "organ", 48, 86),
    WebFontProgram("gu_tonewheels", "0160", "organ", "organ_synth", "organ", 36, 90),
    WebFontProgram("gu_pipes", "0190", "organ", "organ_synth", "organ", 36, 90),
    WebFontProgram("gu_saw", "0810", "synthesizer", "organ_synth", "organ", 40, 90),
    WebFontProgram("gu_square", "0800", "synthesizer", "organ_synth", "organ", 40, 90),
    WebFontProgram("gu_stacked", "0870", "synthesizer", "organ_synth", "organ", 40, 90),
    WebFontProgram("gu_synth_strings", "0885", "synthesizer", "organ_synth", "organ", 36, 88),
    WebFontProgram(
        "gu_viola", "0410", None, "strings", "bowed", 48, 84, ("violin", "cello")
    ),
    WebFontProgram("gu_recorder", "0740", None, "winds", "blown", 60, 92, ("flute",)),
    WebFontProgram("gu_horn", "0600", None, "brass", "blown", 41, 77, ("trombone", "trumpet")),
)  # fmt: skip
# Banks of ``training.add_instruments``: library, bank, class, range.
_INSTRUMENTS: tuple[tuple[str, str, str, int, int], ...] = (
    ("tonejs", "tonejs_clarinet", "clarinet", 50, 90),
    ("fluidr3", "fluidr3_clarinet", "clarinet", 50, 90),
    ("musescore", "musescore_clarinet", "clarinet", 50, 90),
    ("mtg_sax", "mtg_sopr", "saxophone", 56, 88),
    ("mtg_sax", "mtg_alto", "saxophone", 49, 82),
    ("mtg_sax", "mtg_tenor", "saxophone", 44, 78),
    ("mtg_sax", "mtg_bari", "saxophone", 38, 70),
    ("weresax", "weresax", "saxophone", 49, 80),
    ("tonejs", "tonejs_sax", "saxophone", 49, 81),
    ("fluidr3", "fluidr3_alto_sax", "saxophone", 49, 82),
    ("fluidr3", "fluidr3_tenor_sax", "saxophone", 44, 78),
    ("emilyguitar", "emily", "guitar", 40, 84),
    ("discord", "martin", "guitar", 40, 82),
    ("shinyguitar", "shiny_acoustic", "guitar", 40, 82),
    ("shinyguitar", "shiny_electric", "guitar", 40, 84),
    ("spanish_guitar", "spanish", "guitar", 40, 83),
    ("tonejs", "tonejs_nylon", "guitar", 40, 80),
    ("tonejs", "tonejs_acoustic", "guitar", 40, 80),
    ("tonejs", "tonejs_electric", "guitar", 40, 84),
    ("musescore", "musescore_steel_guitar", "guitar", 40, 82),
    ("bigcat_cello", "bigcat_cello", "cello", 36, 74),
    ("tonejs", "tonejs_cello", "cello", 36, 74),
    ("musescore", "musescore_cello", "cello", 36, 76),
    ("tonejs", "tonejs_violin", "violin", 55, 96),
    ("musescore", "musescore_violin", "violin", 55, 96),
    ("fluidr3", "fluidr3_violin", "violin", 55, 96),
    ("tonejs", "tonejs_trumpet", "trumpet", 52, 86),
    ("fluidr3", "fluidr3_trumpet", "trumpet", 52, 86),
    ("tonejs", "tonejs_trombone", "trombone", 36, 70),
    ("forbidden", "old_trombone", "trombone", 36, 72),
    ("tonejs", "tonejs_flute", "flute", 60, 96),
    ("ixox_flute", "ixox_flute", "flute", 60, 96),
    ("ganjo", "ganjo", "banjo", 48, 84),
    ("growlybass", "growly", "bass", 28, 55),
    ("swagbass", "swag", "bass", 28, 55),
    ("keyboardia", "vibraphone", "mallet_percussion", 53, 89),
    ("keyboardia", "marimba", "mallet_percussion", 45, 96),
    ("keyboardia", "setbfree_organ", "organ", 36, 90),
)
_VOICES = {
    "guitar": 5, "organ": 4, "accordion": 3, "synthesizer": 4, "mallet_percussion": 3, "banjo": 3,
}  # fmt: skip
# Sampled pianos lie where their names say.
_BANKS: tuple[tuple[str, Role, str, str], ...] = (
    ("salamander_yamaha_c5", "train", "CC-BY-3.0", "Alexander Holm"),
    ("headroom_yamaha_c3_close", "train", "CC-BY-4.0", "Bengt Nilsson"),
    ("headroom_yamaha_c3_decca", "train", "CC-BY-4.0", "Bengt Nilsson"),
    ("splendid_akai_steinway", "train", "Public domain", "AKAI"),
    ("old_piano_fb", "train", "CC0-1.0", "FreePats project"),
    ("upright_kw_kawai_HELDOUT", "held_out", "CC0-1.0", "FreePats project"),
    # These came when the network was trained already.
    ("iowa_steinway_b", "held_out", "any projects, without restrictions", "University of Iowa"),
    ("petrof_upright_cherry", "held_out", "credit the author", "Softy107"),
    ("rosler_upright_n", "held_out", "credit the author", "Softy107"),
    ("rosler_upright_h", "held_out", "credit the author", "Softy107"),
)
LIBRARIES = (
    *(Library(*row) for row in _ROWS),
    *(
        Library(name, "bank", name, role, licence, attribution)
        for name, role, licence, attribution in _BANKS
    ),
)

# General MIDI: bank and program, range, voices at a time, whether it is blown, bowed or sung.
_GENERAL_MIDI: tuple[tuple[str | None, Style, tuple[int, ...], int, int, int, bool], ...] = (
    ("piano", "chords", (0, 1, 3), 28, 96, 6, False),
    ("mallet_percussion", "melody", (9, 11, 12, 13), 53, 96, 1, False),
    ("mallet_percussion", "chords", (11, 12), 48, 84, 4, False),
    ("organ", "chords", (16, 17, 18, 19, 20), 36, 84, 4, False),
    ("organ", "melody", (16, 19), 48, 84, 1, False),
    ("accordion", "chords", (21, 23), 48, 86, 3, True),
    ("accordion", "melody", (21, 23), 53, 86, 1, True),
    ("guitar", "chords", (24, 25, 26, 27, 29, 30), 40, 76, 5, False),
    ("guitar", "melody", (24, 25, 26, 27, 28, 29, 30), 40, 84, 1, False),
    ("bass", "bass", (32, 33, 34, 35, 36), 28, 52, 1, False),
    ("violin", "melody", (40, 110), 55, 96, 1, True),
    ("cello", "melody", (42,), 36, 74, 1, True),
    ("trumpet", "melody", (56, 59), 52, 84, 1, True),
    ("trombone", "melody", (57,), 34, 69, 1, True),
    ("saxophone", "melody", (64, 65, 66, 67), 44, 84, 1, True),
    ("clarinet", "melody", (71,), 50, 90, 1, True),
    ("flute", "melody", (73,), 60, 96, 1, True),
    ("synthesizer", "melody", (80, 81, 84, 86, 87), 40, 88, 1, False),
    ("synthesizer", "chords", (88, 89, 90, 93, 95, 62), 40, 84, 4, False),
    ("banjo", "chords", (105,), 48, 84, 3, False),
    ("banjo", "melody", (105,), 48, 84, 1, False),
    ("voice", "melody", (52, 53), 45, 81, 1, True),
    ("voice", "chords", (52,), 45, 81, 4, True),
)
_BANK_8: tuple[tuple[str, Style, int, int, int, int, int], ...] = (
    ("ukulele", "chords", 8, 24, 60, 84, 4),
    ("ukulele", "melody", 8, 24, 60, 84, 1),
    ("mandolin", "chords", 16, 25, 55, 91, 3),
    ("mandolin", "melody", 16, 25, 55, 91, 1),
    ("guitar", "chords", 8, 25, 40, 76, 5),
)
# Programs that are none of the classes, and what they must not teach.
_OTHERS: tuple[tuple[int, Style, int, int, tuple[str, ...]], ...] = (
    (22, "melody", 55, 90, ("accordion",)),
    (6, "chords", 36, 84, ("piano",)),
    (4, "chords", 36, 84, ("piano", "synthesizer")),
    (7, "chords", 36, 76, ("synthesizer",)),
    (8, "melody", 60, 96, ("mallet_percussion",)),
    (41, "melody", 48, 80, ("violin", "cello")),
    (48, "chords", 40, 88, ("violin", "cello", "synthesizer")),
    (45, "melody", 40, 84, ("violin", "cello")),
    (46, "chords", 36, 90, ("guitar",)),
    (58, "bass", 28, 55, ("trombone",)),
    (60, "melody", 41, 77, ("trombone", "trumpet")),
    (61, "chords", 44, 80, ("trombone", "trumpet", "saxophone")),
    (68, "melody", 58, 88, ("clarinet",)),
    (70, "melody", 36, 70, ("clarinet",)),
    (72, "melody", 74, 100, ("flute",)),
    (74, "melody", 60, 92, ("flute",)),
    (75, "melody", 60, 90, ("flute",)),
    (104, "melody", 48, 77, ("banjo", "guitar")),
    (107, "melody", 48, 84, ("banjo", "guitar")),
    (114, "melody", 55, 84, ("mallet_percussion",)),
    (38, "bass", 28, 55, ("bass", "synthesizer")),
)
# A set of files, its class, style, range and how many notes it plays at a time.
_FILES: tuple[tuple[str, str, str | None, Style, int, int, int], ...] = (
    ("mtg_sax", "*.ogg", "saxophone", "melody", 40, 84, 1),
    ("weresax", "*.ogg", "saxophone", "melody", 49, 80, 1),
    ("ixox_flute", "*.ogg", "flute", "melody", 60, 96, 1),
    ("spanish_guitar", "*.ogg", "guitar", "chords", 40, 80, 5),
    ("spanish_guitar", "*.ogg", "guitar", "melody", 40, 83, 1),
    ("ganjo", "*.ogg", "banjo", "chords", 48, 84, 3),
    ("ganjo", "*.ogg", "banjo", "melody", 48, 84, 1),
    ("emilyguitar", "notes/*.wav", "guitar", "chords", 40, 78, 5),
    ("emilyguitar", "notes/*.wav", "guitar", "melody", 40, 84, 1),
    ("shinyguitar", "Samples/**/*.wav", "guitar", "chords", 40, 78, 5),
    ("shinyguitar", "Samples/**/*.wav", "guitar", "melody", 40, 84, 1),
    ("meatbass", "Samples/pizz/*.wav", "bass", "bass", 28, 55, 1),
    ("meatbass", "Samples/arco/*.wav", "bass", "bass", 28, 55, 1),
    ("swagbass", "notes/*.wav", "bass", "bass", 28, 52, 1),
    ("discord", "Discord GM/Melodic/026*/*.wav", "guitar", "chords", 40, 80, 5),
    ("discord", "Discord GM/Melodic/034*/*.wav", "bass", "bass", 28, 52, 1),
    ("discord", "Discord GM/Melodic/002*/*.wav", "piano", "chords", 28, 96, 5),
    # Its C1 sounds as C2.
    ("bigcat_cello", "Samples/sus/*.wav", "cello", "melody", 24, 62, 1),
    ("bear_sax", "Samples/*looped*.wav", "saxophone", "melody", 36, 62, 1),
    ("smolken_bass", "pizz/*.wav", "bass", "bass", 28, 55, 1),
    ("smolken_bass", "arco/*.wav", "bass", "bass", 28, 55, 1),
    ("tonejs", "bass-electric/*.mp3", "bass", "bass", 28, 52, 1),
    ("tonejs", "contrabass/*.mp3", "bass", "bass", 30, 55, 1),
    ("tonejs", "cello/*.mp3", "cello", "melody", 36, 74, 1),
    ("tonejs", "clarinet/*.mp3", "clarinet", "melody", 50, 90, 1),
    ("tonejs", "flute/*.mp3", "flute", "melody", 60, 96, 1),
    ("tonejs", "guitar-acoustic/*.mp3", "guitar", "chords", 40, 76, 5),
    ("tonejs", "guitar-electric/*.mp3", "guitar", "melody", 40, 84, 1),
    ("tonejs", "guitar-electric/*.mp3", "guitar", "chords", 40, 76, 4),
    ("tonejs", "guitar-nylon/*.mp3", "guitar", "chords", 40, 80, 5),
    ("tonejs", "organ/*.mp3", "organ", "chords", 36, 84, 4),
    ("tonejs", "piano/*.mp3", "piano", "chords", 28, 96, 6),
    ("tonejs", "saxophone/*.mp3", "saxophone", "melody", 49, 81, 1),
    ("tonejs", "trombone/*.mp3", "trombone", "melody", 34, 69, 1),
    ("tonejs", "trumpet/*.mp3", "trumpet", "melody", 52, 84, 1),
    ("tonejs", "violin/*.mp3", "violin", "melody", 55, 96, 1),
    ("tonejs", "xylophone/*.mp3", "mallet_percussion", "melody", 67, 100, 1),
    ("tonejs", "bassoon/*.mp3", None, "melody", 36, 70, 1),
    ("tonejs", "french-horn/*.mp3", None, "melody", 41, 77, 1),
    ("tonejs", "harmonium/*.mp3", None, "chords", 40, 80, 3),
    ("tonejs", "harp/*.mp3", None, "chords", 36, 90, 3),
    ("tonejs", "tuba/*.mp3", None, "melody", 29, 60, 1),
    ("philharmonia", "banjo_*.ogg", "banjo", "melody", 48, 84, 1),
    ("philharmonia", "banjo_*.ogg", "banjo", "chords", 48, 84, 3),
    ("philharmonia", "mandolin_*.ogg", "mandolin", "melody", 55, 91, 1),
    ("philharmonia", "mandolin_*.ogg", "mandolin", "chords", 55, 91, 3),
    ("philharmonia", "double-bass_*.ogg", "bass", "bass", 28, 55, 1),
    ("philharmonia", "guitar_*.ogg", "guitar", "chords", 40, 80, 4),
    ("philharmonia", "cello_*.ogg", "cello", "melody", 36, 74, 1),
    ("philharmonia", "*clarinet_*.ogg", "clarinet", "melody", 50, 90, 1),
    ("philharmonia", "flute_*.ogg", "flute", "melody", 60, 96, 1),
    ("philharmonia", "saxophone_*.ogg", "saxophone", "melody", 44, 84, 1),
    ("philharmonia", "trombone_*.ogg", "trombone", "melody", 34, 69, 1),
    ("philharmonia", "bassoon_*.ogg", None, "melody", 36, 70, 1),
    ("philharmonia", "oboe_*.ogg", None, "melody", 58, 88, 1),
    ("kay_banjo", "samples/string*/*.wav", "banjo", "chords", 48, 84, 3),
    ("kay_banjo", "samples/string*/*.wav", "banjo", "melody", 48, 84, 1),
)
_OWN_SYNTHS: tuple[tuple[str, Style, int, int, int], ...] = (
    ("organ", "chords", 36, 84, 4),
    ("organ", "melody", 45, 86, 1),
    ("synthesizer", "chords", 40, 84, 3),
    ("synthesizer", "melody", 45, 90, 1),
)
_UNKNOWN_BY_CLASS = {
    "bassoon": ("clarinet",),
    "oboe": ("clarinet",),
    "french-horn": ("trombone", "trumpet"),
    "harmonium": ("accordion", "organ"),
    "harp": ("guitar",),
    "tuba": ("trombone",),
}
_WHOLE_FONTS = ("fluidr3", "musescore", "timgm6mb", "gmbank")
_KITS = {
    "fluidr3": (0, 3, 8, 16, 24, 32, 40),
    "musescore": (0, 5, 11, 17, 25, 33, 41),
    "timgm6mb": (0,),
    "gmbank": (0,),
}


def all_sounds() -> tuple[Sound, ...]:
    """Every sound of every library."""
    sounds: list[Sound] = []
    for font in _WHOLE_FONTS:
        sounds += _font_sounds(font)
    for library, pattern, label, style, lowest, highest, n_voices in _FILES:
        unknown = next((u for key, u in _UNKNOWN_BY_CLASS.items() if key in pattern), ())
        sound = Sound(
            library, label, style, lowest, highest,
            place=pattern, n_voices=n_voices, unknown=unknown, weight=2.0,
        )  # fmt: skip
        sounds.append(sound)
    sounds += [
        Sound(library.name, "piano", "chords", 28, 96, n_voices=6)
        for library in LIBRARIES
        if library.kind == "bank"
    ]
    sounds += [
        Sound(library.name, "drums", "drums", 0, 127, weight=3.0)
        for library in LIBRARIES
        if library.kind == "kit"
    ]
    sounds += [
        Sound(name, "drums", "drums", 0, 127, bank=0, program=0, weight=2.0)
        for name in ("avldrums", "avldrums_red")
    ]
    sounds += [
        Sound(library.name, "voice", "melody", 45, 74, weight=8.0)
        for library in LIBRARIES
        if library.kind == "speech"
    ]
    sounds += [
        Sound("own_synths", label, style, lowest, highest, place=label, n_voices=voices, weight=5.0)
        for label, style, lowest, highest, voices in _OWN_SYNTHS
    ]
    sounds += _instrument_sounds()
    sounds.append(Sound("merry_orks", "voice", "melody", 48, 72, place="samples/*/*.wav"))
    return tuple(sounds)


def _font_sounds(font: str) -> list[Sound]:
    sounds = []
    for label, style, programs, lowest, highest, n_voices, expressive in _GENERAL_MIDI:
        weight = 2.0 if len(programs) == 1 else 1.0
        sounds += [
            Sound(
                font,
                label,
                style,
                lowest,
                highest,
                0,
                program,
                n_voices=n_voices,
                expressive=expressive,
                weight=weight,
            )
            for program in programs
        ]
    if font in ("fluidr3", "musescore"):
        sounds += [
            Sound(font, label, style, lowest, highest, bank, program, n_voices=n_voices, weight=3.0)
            for label, style, bank, program, lowest, highest, n_voices in _BANK_8
        ]
    sounds += [
        Sound(
            font,
            None,
            style,
            lowest,
            highest,
            0,
            program,
            n_voices=3 if style == "chords" else 1,
            unknown=unknown,
        )
        for program, style, lowest, highest, unknown in _OTHERS
    ]
    sounds += [Sound(font, "drums", "drums", 0, 127, 128, kit, weight=2.0) for kit in _KITS[font]]
    return sounds


def _instrument_sounds() -> list[Sound]:
    """What is played on banks, with the gestures of a player."""
    rows: list[tuple[str, str, str | None, int, int, tuple[str, ...]]] = [
        (source, bank, label, lowest, highest, ())
        for source, bank, label, lowest, highest in _INSTRUMENTS
    ]
    rows += [
        ("generaluser", p.name, p.label, p.lowest, p.highest, p.unknown) for p in WEB_FONT_PROGRAMS
    ]
    sounds = []
    for source, bank, label, lowest, highest, unknown in rows:
        # A library of which nothing has been heard yet weighs more.
        weight = 2.0 if source in ("generaluser", "forbidden", "keyboardia", "growlybass") else 1.0
        style: Style = "bass" if label == "bass" else "melody"
        sounds.append(
            Sound(
                source, label, style, lowest, highest, unknown=unknown, weight=weight,
                instrument=bank,
            )
        )  # fmt: skip
        if label in _VOICES:
            sounds.append(replace(sounds[-1], style="chords", n_voices=_VOICES[label]))
    return sounds


def library(name: str) -> Library:
    return next(entry for entry in LIBRARIES if entry.name == name)
