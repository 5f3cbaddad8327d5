"""Personal profiles: what a model learned of somebody's piano, beside the model and never in it."""

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

__all__ = [
    "LedgerEntry",
    "Profile",
    "delete_profile",
    "export_profile",
    "has_profile",
    "import_profile",
    "list_profiles",
    "profiles_dir",
    "read_profile",
    "rename_profile",
]
