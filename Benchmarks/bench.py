#!/usr/bin/env python3
"""Measures the release build against its peers. `bench.py --help` lists what; README.md says what the numbers mean."""

import argparse
import importlib
import sys

import machine

SUITES = ["drain", "costs", "delay", "scale", "stop", "desk"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", help=f"which of {', '.join(SUITES)} (default: all)")
    parser.add_argument("--program", default=".build/release/postroom", help="the release build")
    parser.add_argument("--rounds", type=int, default=5, help="paired runs whose median is reported")
    parser.add_argument("--count", type=int, default=10_000, help="messages a drain")
    parser.add_argument("--sessions", type=int, default=8, help="connections of every sender")
    parser.add_argument("--peers", default="smtp-source,smtplib,postfix", help="who takes part beside postroom")
    parser.add_argument("--delay", type=float, default=20, help="milliseconds added to the round trip (delay)")
    parser.add_argument("--waiting", type=int, default=1_000_000, help="waiting messages (scale)")
    parser.add_argument("--accounts", type=int, default=100_000, help="sending accounts (desk)")
    parser.add_argument("--complaints", type=int, default=1_000_000, help="complaints about them (desk)")
    parser.add_argument("--scatter", action="store_true", help="waiting messages due in another order than they came (scale)")
    parser.add_argument("--trials", type=int, default=1_000, help="presses of the stop (stop)")
    options = parser.parse_args()
    options.peers = [name for name in options.peers.split(",") if name]
    return options


def main():
    options = parse()
    for fact in machine.facts():
        print(fact)
    is_met = True
    for name in options.suites or SUITES:
        is_met = importlib.import_module(name).run(options) and is_met
    print("\nall goals met" if is_met else "\nsome goals were MISSED")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
