"""``amtstudio profiles``."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

from amtstudio.cli.console import Console, printable
from amtstudio.cli.process import write_output
from amtstudio.cli.stopping import StopRequest
from amtstudio.profiles import (
    Profile,
    delete_profile,
    export_profile,
    import_profile,
    list_profiles,
    profiles_dir,
    read_profile,
    rename_profile,
)


def run_profiles(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    action = arguments.action
    if action == "forget":
        return _forget(arguments, console, stop)
    if action == "list":
        return _list(console, as_json=arguments.format == "json")
    if action == "show":
        values = json.loads(read_profile(arguments.name).to_json())
        write_output(json.dumps(values, indent=2) + "\n")
    elif action == "export":
        export_profile(arguments.name, Path(arguments.output), overwrite=arguments.overwrite)
        console.message(f"wrote {arguments.output}")
    elif action == "import":
        profile = import_profile(Path(arguments.input), name=arguments.name)
        console.message(f"the profile {profile.name!r} can be used now: --profile")
    elif action == "rename":
        rename_profile(arguments.name, arguments.new_name)
    else:
        delete_profile(arguments.name)
        console.message(f"deleted {arguments.name!r}")
    return 0


def _forget(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    from amtstudio.learning.forgetting import (  # noqa: PLC0415 - imports torch
        forget,
        plan_forgetting,
        profiles_with,
    )

    plan = plan_forgetting(arguments.name, arguments.recording)
    request = plan.request()  # checked before anything is deleted
    forget(plan)
    name, recording = plan.profile.name, plan.forgotten[0].recording
    if not plan.was_learned:
        console.message(
            f"{name!r} learned nothing from {recording}, which was only used for"
            " testing: its name and figures were removed, and the profile stays"
        )
    else:
        console.message(f"withdrew {name!r}, which had learned from {recording}")
    for other in profiles_with(plan.forgotten[0].sha256):
        console.warning(f"{other!r} was made from {recording} too: forget it there as well")
    if not plan.was_learned or arguments.withdraw_only:
        return 0
    for entry in plan.missing:
        console.warning(f"{entry.recording} is not where it was, and is left out")
    if request is None:
        console.message(f"there is nothing left to make {name!r} from")
        return 0
    from amtstudio.cli.adapt import adapt_and_tell  # noqa: PLC0415

    console.message(f"making {request.name!r} again without it")
    adapt_and_tell(replace(request, device=arguments.device), console, stop)
    return 0


def _list(console: Console, *, as_json: bool) -> int:
    profiles, problems = list_profiles()
    for problem in problems:
        console.warning(problem)
    if as_json:
        write_output(json.dumps([_row(profile) for profile in profiles], indent=2) + "\n")
    elif profiles:
        write_output("".join(f"{_line(profile)}\n" for profile in profiles))
    elif not problems:
        console.message(f"no profiles in {profiles_dir()}")
    return 0


def _row(profile: Profile) -> dict[str, object]:
    return {
        "name": profile.name,
        "model": profile.base,
        "instruments": list(profile.instruments),
        "created": profile.created,
        "tuning_cents": profile.tuning_cents,
        "recordings": len(profile.ledger),
        "seconds": round(sum(entry.seconds for entry in profile.ledger), 1),
    }


def _line(profile: Profile) -> str:
    minutes = sum(entry.seconds for entry in profile.ledger) / 60.0
    count = len(profile.ledger)
    heard = ", ".join(name.replace("_", " ") for name in profile.instruments)
    made_for = f"{profile.base} ({heard})" if heard else profile.base
    return printable(
        f"{profile.name}  for {made_for}, {profile.created[:10]}, {count}"
        f" {'recording' if count == 1 else 'recordings'}, {minutes:.1f} minutes,"
        f" tuning {profile.tuning_cents:+.1f} cents"
    )
