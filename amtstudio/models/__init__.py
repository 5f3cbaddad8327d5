"""Networks with their config classes, the registry, checkpoints.

What is named here needs no torch. ``checkpoint``, ``transcription_model`` and the modules of the
networks do; import them where they are used.
"""

from amtstudio.models.card import DataSource, ModelCard
from amtstudio.models.checkpoint_header import load_card
from amtstudio.models.registry import build_config, build_model, register, registered_names
from amtstudio.models.shipped import find_model, list_models, sha256_of, verify_model

__all__ = [
    "DataSource",
    "ModelCard",
    "build_config",
    "build_model",
    "find_model",
    "list_models",
    "load_card",
    "register",
    "registered_names",
    "sha256_of",
    "verify_model",
]
