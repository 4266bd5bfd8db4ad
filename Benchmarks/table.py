"""Tables and progress lines, in plain text."""

import sys


def verdict(is_met):
    return "met" if is_met else "MISSED"


def show(title, header, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    print(f"\n{title}")
    for line in [header, ["-" * width for width in widths], *rows]:
        cells = [line[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())
    sys.stdout.flush()


def progress(text):
    """For whoever waits; not part of the result."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def percentile(values, share):
    """The value below which `share` (0…1) of `values` lie, by nearest rank."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[min(len(ordered), int(rank)) - 1]
