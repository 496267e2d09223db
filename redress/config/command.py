"""The `redress` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from typing import Final

from redress.config.environment import Unfit, read_environment

_HELP: Final = {
    "serve": "start the database, the web server and the task worker",
    "found": "write offices, bodies, funds and the first administrator from a file",
    "import": "take demands or households of a file into the registers",
    "check": "check scheme packs; every finding with file and line",
    "explain": "decide cases by a scheme pack and tell why",
    "screen": "decide every row of a table by a scheme pack",
    "triage": "suggest language, topics, body, urgency and spans for each text",
    "verify": "say whether a receipt file is what an office signed; needs no database",
    "rotate-keys": "make a new key for sealed names and numbers, and seal them anew by it",
    "demonstration": "write made demands and households of any number into files",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when done, 2 for bad input or an unfit machine, with one clear sentence on standard error.
    """
    _speak_utf8()
    parser = _parser()
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.config.settings")
    try:
        done = _run(chosen)
        sys.stdout.flush()
    except Unfit as unfit:
        sys.stderr.write(f"{unfit}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return done


def _speak_utf8() -> None:
    """Write UTF-8 whatever the terminal says of itself: our words are in three scripts."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout = sys.stdout or io.StringIO()  # None where whoever called us has closed it
    sys.stderr = sys.stderr or io.StringIO()


def _run(chosen: argparse.Namespace) -> int:
    # Each command loads only what it needs: those without a database load no Django.
    if chosen.command == "serve":
        environment = read_environment()
        os.environ["REDRESS_HOME"] = str(environment.home)
        from redress.config.serve import serve  # noqa: PLC0415

        return serve(environment)
    if chosen.command == "demonstration":
        from redress.doors.commands.demonstrate import run as demonstrate  # noqa: PLC0415

        return demonstrate(chosen)
    if chosen.command in {"check", "explain", "screen"}:
        return _by_rules(chosen)
    if chosen.command == "verify":
        return _verify(chosen)
    if chosen.command == "triage":
        from redress.doors.commands.triage_texts import run as triage  # noqa: PLC0415

        return triage(chosen)
    return _with_database(chosen)


def _by_rules(chosen: argparse.Namespace) -> int:
    if chosen.command == "check":
        from redress.doors.commands.check_pack import run as check  # noqa: PLC0415

        return check(chosen)
    if chosen.command == "explain":
        from redress.doors.commands.explain_case import run as explain  # noqa: PLC0415

        return explain(chosen)
    from redress.doors.commands.screen_cases import run as screen  # noqa: PLC0415

    return screen(chosen, compiled=read_environment().home / "compiled")


def _verify(chosen: argparse.Namespace) -> int:
    from redress.doors.commands.verify_receipt import run as verify  # noqa: PLC0415

    # Of all the environment only this: whatever else is amiss there, a receipt can be verified.
    home = read_environment({"REDRESS_HOME": os.environ.get("REDRESS_HOME", "")}).home
    return verify(chosen, known=home / "keys" / "receipt-signing.pub")


def _with_database(chosen: argparse.Namespace) -> int:
    import django  # noqa: PLC0415

    from redress.config.database import migrate, reachable  # noqa: PLC0415
    from redress.config.environment import open_home  # noqa: PLC0415

    environment = read_environment()
    open_home(environment.home)
    os.environ["REDRESS_HOME"] = str(environment.home)
    with reachable(environment):
        django.setup()
        migrate(environment)
        from redress.doors.commands.found import run as found  # noqa: PLC0415
        from redress.doors.commands.take_in import run as take_in  # noqa: PLC0415
        from redress.registers.limits.install import install_data  # noqa: PLC0415
        from redress.registers.offices.places import counties  # noqa: PLC0415

        install_data()
        if chosen.command == "found":
            return found(chosen)
        if not counties().exists():
            raise Unfit(
                f"There are no offices in the data folder {environment.home}; found them first "
                "(redress found FILE), or set REDRESS_HOME to the folder Redress runs on."
            )
        if chosen.command == "rotate-keys":
            from redress.config.secret_files import write_secret  # noqa: PLC0415
            from redress.doors.commands.rotate_keys import run as rotate  # noqa: PLC0415

            return rotate(chosen, write=write_secret)
        return take_in(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redress", description="Casework for workers' demands and hardship relief."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help=_HELP["serve"], description=_HELP["serve"])
    serve.epilog = "Example: PORT=8080 redress serve"

    found = commands.add_parser("found", help=_HELP["found"], description=_HELP["found"])
    found.epilog = "Example: redress found docs/founding-example.yaml"
    found.add_argument("file", metavar="FILE", help="a .yaml file")
    found.add_argument(
        "--lang", choices=["en", "fa", "zh"], default="en", help="language of the words shown"
    )

    take_in = commands.add_parser("import", help=_HELP["import"], description=_HELP["import"])
    kinds = take_in.add_subparsers(dest="kind", required=True, metavar="demands|households")
    for kind, example in (
        ("demands", "redress import demands backlog-1403.xlsx"),
        ("households", "redress import households list.csv --members members.csv"),
    ):
        one = kinds.add_parser(kind, help=f"import {kind}", epilog=f"Example: {example}")
        one.add_argument("file", metavar="FILE", help="a .csv, .jsonl or .xlsx file")
        one.add_argument(
            "--source",
            help="name of the list, for rows that name none (default: the file's name)",
        )
        one.add_argument(
            "--lang",
            choices=["en", "fa", "zh"],
            default="en",
            help="language of the words shown",
        )
        if kind == "households":
            one.add_argument("--members", metavar="FILE", help="their members, one a row")

    _add_rules(commands)
    _add_triage(commands)
    _add_keys(commands)

    made = commands.add_parser(
        "demonstration", help=_HELP["demonstration"], description=_HELP["demonstration"]
    )
    made.epilog = "Example: redress demonstration --demands 100000 --households 100000 --out made/"
    made.add_argument("--demands", type=int, default=500)
    made.add_argument("--households", type=int, default=2000)
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--out", required=True, metavar="FOLDER")
    return parser


def _add_rules(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help=_HELP["check"], description=_HELP["check"])
    check.epilog = "Example: redress check schemes/cn-province.yaml"
    check.add_argument("packs", metavar="PACK", nargs="+", help="a .yaml file")

    explain = commands.add_parser("explain", help=_HELP["explain"], description=_HELP["explain"])
    explain.epilog = "Example: redress explain schemes/cn-province.yaml case.json --on 2024-06-01"
    explain.add_argument("pack", metavar="PACK", help="a .yaml file")
    explain.add_argument(
        "case",
        metavar="CASE",
        help="a .json or .jsonl file, a JSON object, or - for standard input",
    )
    explain.add_argument("--json", action="store_true", help="one JSON object a case")
    explain.add_argument(
        "--qualify", action="store_true", help="what would qualify, for more than one case too"
    )

    screen = commands.add_parser("screen", help=_HELP["screen"], description=_HELP["screen"])
    screen.epilog = (
        "Example: redress screen schemes/cn-province.yaml cases.parquet --out decisions.parquet"
    )
    screen.add_argument("pack", metavar="PACK", help="a .yaml file")
    screen.add_argument("cases", metavar="CASES", help="a .csv, .jsonl or .parquet file, or -")
    screen.add_argument(
        "--out", required=True, metavar="FILE", help="a .csv, .jsonl or .parquet file, or -"
    )
    screen.add_argument("--members", metavar="FILE", help="members of the cases, one a row")
    for one in (explain, screen):
        one.add_argument("--on", metavar="DATE", help="the day, as 2025-03-21 (default: today)")
    for one in (check, explain, screen):
        one.add_argument(
            "--lang", choices=["en", "fa", "zh"], default="en", help="language of the words shown"
        )


def _add_triage(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    triage = commands.add_parser("triage", help=_HELP["triage"], description=_HELP["triage"])
    triage.epilog = "Example: redress triage texts.jsonl --out triaged.jsonl --learn labelled.csv"
    triage.add_argument("texts", metavar="TEXTS", help="a .csv, .jsonl or .parquet file, or -")
    triage.add_argument(
        "--out", required=True, metavar="FILE", help="a .csv, .jsonl or .parquet file, or -"
    )
    triage.add_argument(
        "--learn", metavar="LABELLED", help="rows with text and topics to learn from"
    )
    triage.add_argument(
        "--lang", choices=["en", "fa", "zh"], default="en", help="language of the words shown"
    )


def _add_keys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help=_HELP["verify"], description=_HELP["verify"])
    verify.epilog = "Example: redress verify receipt.json --text words.txt --key office.pub"
    verify.add_argument(
        "receipt", metavar="RECEIPT", help="a receipt file, or - for standard input"
    )
    verify.add_argument("--text", metavar="FILE", help="the words filed, as UTF-8: are they these?")
    verify.add_argument(
        "--key",
        metavar="FILE",
        help="the office's public key (default: keys/receipt-signing.pub of REDRESS_HOME, if there)",
    )

    rotate = commands.add_parser(
        "rotate-keys", help=_HELP["rotate-keys"], description=_HELP["rotate-keys"]
    )
    rotate.epilog = "Example: redress rotate-keys"
    rotate.add_argument(
        "--leave-unreadable",
        action="store_true",
        help="go on though something sealed opens with no key here; it is left as it is",
    )
    for one in (verify, rotate):
        one.add_argument(
            "--lang", choices=["en", "fa", "zh"], default="en", help="language of the words shown"
        )


if __name__ == "__main__":
    sys.exit(main())
