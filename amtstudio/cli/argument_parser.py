"""``argparse`` with errors, questions and output as this program has them."""

from __future__ import annotations

import argparse
import contextlib
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from amtstudio.cli.process import write_output
from amtstudio.errors import OptionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import SupportsWrite


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Leaves the longest command on one line with its help, which argparse puts two lines apart."""

    def add_argument(self, action: argparse.Action) -> None:
        super().add_argument(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - has no public name
            self._action_max_length += 2  # commands are indented once more than options


class CommandParser(argparse.ArgumentParser):
    """Raises ``OptionError`` for wrong arguments, and reports output that fails.

    Where a command is wanted and none is given, its help is what was wanted.
    """

    def parse_known_args(  # type: ignore[override] # as argparse itself calls it
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Unknown arguments are refused here, by the parser of the command that they stand behind.

        Otherwise the parent parser would refuse them, as it does not know the command's options.
        """
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(self._unknown(unknown))
        return known, unknown

    def _unknown(self, arguments: list[str]) -> str:
        option = arguments[0].partition("=")[0]
        if not option.startswith("-") or option == "-":
            return f"unexpected argument {option!r}"
        question = did_you_mean(option, self._option_string_actions)
        return f"there is no option {option}" + (f"; {question}" if question else "")

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        # Such a value would be taken for the current folder, or for an option left out.
        if not arg_string and action.nargs != argparse.PARSER:
            raise argparse.ArgumentError(action, "it is empty; is a shell variable not set?")
        return super()._get_value(action, arg_string)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        question = did_you_mean(str(value), known) or f"choose from {', '.join(known)}"
        what = "" if action.option_strings else f"{str(action.metavar).lower()} "
        raise argparse.ArgumentError(
            action if action.option_strings else None, f"there is no {what}{value!r}; {question}"
        )

    def error(self, message: str) -> NoReturn:
        raise OptionError(message, hint=f"see {self.prog} --help")

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        # argparse itself keeps quiet about a full disk.
        if message and file is sys.stdout:
            write_output(message)
        else:
            # Early releases of Python 3.11 let the failure of standard error pass.
            with contextlib.suppress(OSError):
                super()._print_message(message, file)
