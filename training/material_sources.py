"""Origin and licence of what the synthesiser makes its clips from."""

from amtstudio.models import DataSource
from training.synthesis.instrument_catalogue import LIBRARIES

SYNTHESIS_SOURCES = (
    DataSource(
        "Salamander Grand Piano (Yamaha C5)", "CC-BY-3.0", "Alexander Holm; resampled to 16 kHz"
    ),
    DataSource(
        "Headroom Piano (Yamaha C3, two microphone positions)",
        "CC-BY-4.0",
        "Bengt Nilsson; resampled to 16 kHz",
    ),
    DataSource("Splendid Grand Piano (Steinway)", "Public domain", "AKAI; resampled to 16 kHz"),
    DataSource("Old Piano FB", "CC0-1.0", "FreePats project"),
    DataSource("FluidR3 GM, piano", "MIT", "Frank Wen"),
    DataSource("MuseScore General, piano", "MIT", "S. Christian Collins"),
    DataSource(
        "Yamaha Disklavier Pro, samples of the OLPC library",
        "CC-BY-3.0",
        "Zenph Studios, Roberto Gordo Saez; resampled to 16 kHz",
    ),
    DataSource(
        "Versilian Community Sample Library, Yamaha upright",
        "CC0-1.0",
        "Versilian Studios; resampled to 16 kHz",
    ),
    DataSource("POP909", "MIT", "Music X Lab; Ziyu Wang et al., ISMIR 2020"),
    DataSource("OpenScore Lieder Corpus", "CC0-1.0", "OpenScore contributors"),
    DataSource(
        "Room responses, for augmentation only",
        "CC-BY-4.0 or CC-BY-SA (OpenAIR and others), MIT (audiomentations)",
        "OpenAIR library, Emmanuel Deruty, Greg Hopkins, audiomentations",
    ),
)

# Pianos used for the melodic model, and for piano models since then, but not for the first shipped
# ones.
_FURTHER_PIANOS = (
    DataSource(
        "University of Iowa, Steinway B",
        "any projects, without restrictions",
        "University of Iowa Electronic Music Studios; resampled to 16 kHz",
    ),
    DataSource("The Cherry Upright Piano (Petrof)", "credit the author", "Softy107"),
    DataSource("The Indigo Upright Piano (Rosler)", "credit the author", "Softy107"),
)
# Read by ``training.add_music``.
_WRITTEN_MUSIC = (
    DataSource("OpenScore String Quartets", "CC0-1.0", "OpenScore contributors"),
    DataSource(
        "Mutopia Project, pieces for guitar",
        "Public domain; CC-BY-3.0",
        "CC-BY-3.0: typed by Stephen Rhen (Giuliani) and Mark Van den Borre",
    ),
)
# Read by ``training.add_music`` too; for piano models made since.
_SOLO_MUSIC = DataSource(
    "Mutopia Project, pieces for piano",
    "Public domain; CC-BY-2.5, 3.0 and 4.0",
    "CC-BY: typed by Erik Sjölund (2.5), Silas Brown, Robert Clausecker, Grigor Iliev and Ryan "
    "Prince (3.0), Robert Clausecker (4.0)",
)
_MADE_FOR_THE_PIANO_ALONE = ("Yamaha Disklavier Pro", "Versilian Community Sample Library")


def sources_of(model: str) -> tuple[DataSource, ...]:
    """What a network of this name is trained on by the synthesiser."""
    if model != "melodic":
        return (*SYNTHESIS_SOURCES, *_FURTHER_PIANOS, _SOLO_MUSIC)
    pianos = [s for s in SYNTHESIS_SOURCES if not s.name.startswith(_MADE_FOR_THE_PIANO_ALONE)]
    groove = DataSource("Groove MIDI Dataset", "CC-BY-4.0", "Google LLC; Jon Gillick and others")
    return (*pianos, *_FURTHER_PIANOS, *instrument_sources(), groove, *_WRITTEN_MUSIC)


def instrument_sources() -> tuple[DataSource, ...]:
    """The libraries of recorded instruments that train."""
    return tuple(
        DataSource(f"{entry.name}: {entry.origin}", entry.licence, entry.attribution)
        for entry in LIBRARIES.values()
        if entry.role == "train"
    )
