"""`glassnet adaline`: the delta rule on a folder of letters, tried on another."""

from __future__ import annotations

import argparse

from glassnet.adaline import EPOCHS, RATE, TARGET, Adaline
from glassnet.cli.console import Console
from glassnet.data.glyphs import classes_of, load_glyphs, our_letters
from glassnet.errors import ConfigError

EVERY = 50  # epochs between two lines


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`glassnet adaline`."""
    parser = commands.add_parser(
        "adaline",
        help="train Adaline on drawn letters",
        description="Train one linear neuron a class with the delta rule, and try it. Letters are "
        "text files, eight lines of eight # and .; the class is the name up to the first dot. "
        "Without folders: the package's own letters, and damaged ones.",
    )
    parser.add_argument("train", nargs="?", metavar="TRAIN_DIR", help="letters to learn")
    parser.add_argument("test", nargs="?", metavar="TEST_DIR", help="letters to try")
    parser.add_argument("--lr", type=float, default=RATE, help=f"the learning rate ({RATE})")
    parser.add_argument("--target", type=float, default=TARGET, help=f"the error ({TARGET:g})")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"at most so many ({EPOCHS:,})")
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.set_defaults(run=adaline)


def adaline(args: argparse.Namespace, console: Console) -> int:
    """Train, try, tell. Returns the exit code: 0 even if letters are not recognised."""
    if args.train is None:
        letters, trials = our_letters()
    elif args.test is None:
        raise ConfigError("TEST_DIR", "which letters shall be tried?")
    else:
        letters, trials = load_glyphs(args.train), load_glyphs(args.test)
    model = Adaline(classes_of(letters))
    console.say(f"{len(letters)} letters of {len(model.classes)} classes")
    epoch = None
    for epoch in model.train(letters, rate=args.lr, target=args.target, epochs=args.epochs):
        console.tell({"event": "epoch", "epoch": epoch.number, "mse": epoch.mse})
        if epoch.number % EVERY == 0 or epoch.number == 1:
            console.say(f"epoch {epoch.number:>5}  mean squared error {epoch.mse:.3e}")
    assert epoch is not None
    reached = "reached" if epoch.mse <= args.target else "not reached"
    console.say(
        f"epoch {epoch.number:>5}  mean squared error {epoch.mse:.3e}, {reached}: {args.target:g}\n"
    )
    recognised = 0
    for trial in trials:
        answer = model.predict(trial)
        right = answer.label == trial.label
        recognised += right
        console.tell(
            {
                "event": "answer",
                "file": trial.file,
                "label": trial.label,
                "answer": answer.label,
                "score": answer.score,
            }
        )
        console.say(
            f"  {'right' if right else 'WRONG'}  {trial.file:<20} taken for {answer.label:<4} "
            f"score {answer.score:6.2f}"
        )
    console.tell({"event": "stop", "recognised": recognised, "count": len(trials)})
    console.say(f"\n{recognised} of {len(trials)} recognised")
    return 0
