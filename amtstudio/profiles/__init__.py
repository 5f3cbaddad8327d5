"""Personal profiles: what a model learned about an instrument, beside the model, never in it."""

from amtstudio.profiles.profile import LedgerEntry, Profile
from amtstudio.profiles.store import (
    delete_profile,
    export_profile,
    has_profile,
    import_profile,
    list_profiles,
    profiles_dir,
    read_profile,
    rename_profile,
)
from amtstudio.profiles.while_playing import model_while_playing

__all__ = [
    "LedgerEntry",
    "Profile",
    "delete_profile",
    "export_profile",
    "has_profile",
    "import_profile",
    "list_profiles",
    "model_while_playing",
    "profiles_dir",
    "read_profile",
    "rename_profile",
]
