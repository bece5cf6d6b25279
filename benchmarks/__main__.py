"""Runs the edge guard beside others on one local cloud, and the token guard beside others, and prints what
each costs.

Guards run as they would in Lambda, in processes of their own, against the deployed table and parameter;
batches alternate, so that whatever else the machine does meets all. Only ratios mean anything on another
machine. The last line is one JSON object for programs.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import BOTO3, OURS, SEED, Bench
from benchmarks.console import Opening, measure_console
from benchmarks.cost import CLAIMS_PER_ROUND, READY_SAMPLES, ROUNDS, count_calls, measure
from benchmarks.far import Far, measure_far
from benchmarks.latency import Latency, measure_latency
from benchmarks.sharing import FILE_BYTES, Visits, measure_uploads, measure_visits
from benchmarks.signed import USERS, Listing, Reads, Signing, measure_listing, measure_reads, measure_signing
from benchmarks.throughput import PARALLEL, claims_per_second, winners_in_races
from benchmarks.tokens import MUST_REACH as TOKENS_MUST_REACH
from benchmarks.tokens import compare_guards
from local_cloud.cloud import LocalCloud
from onetime_urls.assets.asset import make_asset
from onetime_urls.assets.sources import find_sources
from tests.assets import unpack

MUST_REACH = {
    "ready_cpu_ratio": 0.25,
    "warm_cpu_ratio": 0.25,
    "memory_ratio": 0.5,
    "zip_bytes": 52 * 1024,
    "calls_per_claim": 1,
    "calls_per_junk": 0,
    "races_with_two_winners": 0,
    "page_ratio": 2,
    "console_view_ms": 1000,
    "console_script_bytes": 60_000,
    **TOKENS_MUST_REACH,
    "far_refused": 0,
    "far_cold_beyond_round_trip_ms": 200,
    "kms_calls_per_url": 1,
    "kms_calls_for_shared_sessions": 1,
    "runs_for_cookie_reads": 1,
}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Measuring guards of tokens ...\n", flush=True)
        tokens = compare_guards()
        print("Starting a local cloud ...", flush=True)
        context = {"throttle_rate": "10000", "throttle_burst": "5000"}
        with LocalCloud(local_dir=folder / ".local", issuer_auth="none", context=context) as cloud:
            bench = Bench(cloud, folder / "guard")
            config = {"parameter": bench.parameter, "region": "us-east-1"}
            asset = make_asset("edge_guard", find_sources(), config=config)
            unpack(asset, folder / "guard")
            print(
                f"Measuring: {READY_SAMPLES} starts, {ROUNDS} x {CLAIMS_PER_ROUND} claims ...\n", flush=True
            )
            figures, calls = measure(bench), count_calls(bench)
            size = len(asset.archive)
            show_cost(figures, calls, size)
            races = {guard: winners_in_races(bench, guard) for guard in (OURS, SEED)}
            show_throughput(claims_per_second(bench), races)
            latency = measure_latency(cloud)
            show_latency(latency)
            visits = measure_visits(cloud)
            show_visits(visits)
            show_uploads(*measure_uploads(cloud, folder))
            console = measure_console(cloud)
            show_console(console)
            signing, reads = measure_signing(cloud), measure_reads(cloud)
            show_signing(signing)
            show_listing(measure_listing(folder))
            show_reads(reads)
            far = measure_far(bench, folder)
            show_far(far)
    ratios = {name: figures[OURS][name] / figures[BOTO3][name] for name in figures[OURS]}
    result = {
        "ready_cpu_ratio": round(ratios["ready CPU, ms"], 3),
        "warm_cpu_ratio": round(ratios["warm claim CPU, ms"], 3),
        "warm_wall_ratio": round(ratios["warm claim wall, ms"], 3),
        "memory_ratio": round(ratios["peak memory, MB"], 3),
        "zip_bytes": size,
        "calls_per_claim": calls["claim"],
        "calls_per_junk": max(calls["malformed request"], calls["expired request"], calls["forged request"]),
        "races_with_two_winners": races[OURS][0],
        "link_ms": round(latency.link, 1),
        "presigned_ms": round(latency.presigned, 1),
        "page_ratio": round(visits.page / visits.bare, 2),
        "redeem_ms": round(visits.redeem, 1),
        "console_paint_ms": round(console.paint),
        "console_view_ms": round(console.view),
        "console_script_bytes": console.bytes,
        **tokens,
        "far_refused": sum(row.refused for row in far),
        "kms_calls_per_url": max(each.signed for each in signing.values()),
        "kms_calls_for_shared_sessions": max(each.sessions for each in signing.values()),
        "runs_for_cookie_reads": reads["signed cookies"].runs,
        "far_cold_beyond_round_trip_ms": round(max(row.cold - row.round_trip for row in far), 1),
    }
    missed = [name for name, limit in MUST_REACH.items() if result[name] > limit]
    if missed:
        print(f"Not reached: {', '.join(f'{name} {result[name]} > {MUST_REACH[name]}' for name in missed)}")
    print(json.dumps(result))
    return 1 if missed else 0


def show_cost(figures: dict[str, dict[str, float]], calls: dict[str, float], size: int) -> None:
    print(f"{'':28}{'edge guard':>12}{'boto3 guard':>13}{'ratio':>8}")
    for name, ours in figures[OURS].items():
        theirs = figures[BOTO3][name]
        print(f"{name:28}{ours:12.2f}{theirs:13.2f}{ours / theirs:8.2f}")
    for name, number in calls.items():
        print(f"{'calls per ' + name:28}{number:12.2f}")
    print(f"{'asset, zipped, bytes':28}{size:12d}\n", flush=True)


def show_throughput(rates: dict[str, dict[int, float]], races: dict[str, tuple[int, int]]) -> None:
    print(f"{'claims per second':28}{'edge guard':>12}{'boto3 guard':>13}{'read, write':>13}")
    for parallel in PARALLEL:
        row = "".join(
            f"{rates[guard][parallel]:{width}.0f}" for guard, width in ((OURS, 12), (BOTO3, 13), (SEED, 13))
        )
        print(f"{f'{parallel} processes at a time':28}{row}")
    (safe, run), (naive_twice, _) = races[OURS], races[SEED]
    print(f"{f'two winners, of {run} races':28}{safe:12d}{'':13}{naive_twice:13d}\n", flush=True)


def show_far(rows: list[Far]) -> None:
    print(
        f"{'far from home, cold, ms':28}{'init phase':>12}{'cold claim':>13}{'warm claim':>13}{'refused':>9}"
    )
    for row in rows:
        name = f"{row.round_trip} ms of round trip"
        print(f"{name:28}{row.init:12.0f}{row.cold:13.0f}{row.warm:13.0f}{row.refused:9d}")
    print(flush=True)


def show_latency(latency: Latency) -> None:
    print(f"{'a small download, ms':28}{'link':>12}{'presigned':>13}{'added':>8}")
    print(f"{'through the local edge':28}{latency.link:12.1f}{latency.presigned:13.1f}{latency.added:8.1f}\n")


def show_visits(visits: Visits) -> None:
    print(f"{'a share, ms':28}{'page':>12}{'button':>13}{'bare call':>11}")
    print(f"{'through the local edge':28}{visits.page:12.1f}{visits.redeem:13.1f}{visits.bare:11.1f}\n")


def show_console(console: Opening) -> None:
    print(f"{'the console, slow phone, ms':28}{'first paint':>12}{'view':>13}{'script, bytes':>15}")
    print(f"{'':28}{console.paint:12.0f}{console.view:13.0f}{console.bytes:15,d}\n", flush=True)


def show_signing(kinds: dict[str, Signing]) -> None:
    rows = {
        "CPU for a URL, ms": [f"{each.milliseconds:.1f}" for each in kinds.values()],
        "calls of KMS for a URL": [f"{each.signed:.0f}" for each in kinds.values()],
        "calls of S3 for a URL": [f"{each.listed:.0f}" for each in kinds.values()],
        f"of KMS for {USERS} sessions": [str(each.sessions) for each in kinds.values()],
        "characters of a URL": [str(each.canned) for each in kinds.values()],
        "of a prefix's cookies": [str(each.custom) for each in kinds.values()],
    }
    for name, shown in {"signed URLs and cookies": list(kinds), **rows}.items():
        print(f"{name:28}" + "".join(f"{each:>14}" for each in shown))
    print(flush=True)


def show_listing(listing: Listing) -> None:
    print(f"{'files under a rule':28}{'calls of S3':>12}{'a page, ms':>13}{'of it CPU':>11}{'all, s':>9}")
    print(
        f"{listing.files:<28,}{listing.calls:12d}{listing.page:13.0f}{listing.cpu:11.0f}{listing.seconds:9.1f}\n",
        flush=True,
    )


def show_reads(doors: dict[str, Reads]) -> None:
    print(f"{'reads of a small file':28}{'reads':>12}{'a read, ms':>13}{'runs in all':>13}")
    for door, each in doors.items():
        print(f"{door:28}{each.reads:12,d}{each.milliseconds:13.1f}{each.runs:13,d}")
    print(flush=True)


def show_uploads(ours: float, theirs: float | None) -> None:
    told = "no AWS CLI here" if theirs is None else f"{FILE_BYTES / theirs / 1e6:.0f} MB/s"
    print(f"{'upload of a large file':28}{'onetime':>12}{'aws s3 cp':>18}")
    print(f"{'':28}{FILE_BYTES / ours / 1e6:7.0f} MB/s{told:>18}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
