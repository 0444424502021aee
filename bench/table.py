"""The table of a bench: candidates in turn on the same work, one line a peer, and what was missed."""

import statistics
import subprocess

from programs import Failed

missed = []


def in_turn(rounds, candidates, targets=()):
    """Measures A B C, A B C, …, so that a disturbance hits all of them. Returns name → values by round.
    A peer that cannot do the work is out, with a word about it; yam and what it is judged by may not fail."""
    values = {name: [] for name in candidates}
    for _ in range(rounds):
        for name in list(values):
            try:
                values[name].append(candidates[name]())
            except (Failed, subprocess.SubprocessError) as fault:
                if name == "yam" or name in targets:
                    raise
                print(f"  {name} is out: {fault}", flush=True)
                del values[name]
    return values


def spread(values, form):
    low, high = min(values), max(values)
    return f"{statistics.median(values):{form}} ({low:{form}}–{high:{form}})"


def print_line(work, peer, ours, theirs, ratio, target, verdict):
    print(f"{work:<20} {peer:<10} {ours:>26} {theirs:>26} {ratio:>16} {target:>6} {verdict}", flush=True)


def print_rows(work, values, targets, form):
    """One line a peer. `values` holds yam's and each peer's; more is better."""
    ours = values.pop("yam")
    for peer, theirs in values.items():
        ratios = [mine / other for mine, other in zip(ours, theirs)]
        target = targets.get(peer)
        verdict = judge(f"{work}, {peer}", statistics.median(ratios) >= target) if target else ""
        print_line(work, peer, spread(ours, form), spread(theirs, form), spread(ratios, ".2f"),
                   f"≥ {target}" if target else "", verdict)


def print_limit(work, values, limit, form):
    """An absolute figure of yam's own; less is better."""
    verdict = judge(work, statistics.median(values) <= limit)
    print_line(work, "", spread(values, form), "", "", f"≤ {limit}", verdict)


def judge(work, ok):
    if not ok:
        missed.append(work)
    return "ok" if ok else "MISSED"
