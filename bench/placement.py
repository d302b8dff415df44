"""`python -m bench.placement --against PYTHON`: draws of summer places beside the package `matching`, results and time.

PYTHON is an interpreter that has `matching` (1.4.3) installed; it runs in a process of its own. Its models know neither
lots, kinds of places nor several limits, so only those parts of ours are compared: posts that rank every pupil, alone or
under one employer's limit.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from typing import Any

from microcities.decisions.engine import run_engine
from microcities.summerjobs.engines.placement import guarantee
from microcities.summerjobs.engines.placement_certificate import certify
from microcities.summerjobs.engines.placement_input import PlacementInput, check
from microcities.summerjobs.engines.placement_matching import Matching
from microcities.summerjobs.engines.placement_reasons import Reasons
from microcities.summerjobs.engines.placement_rules import rules_of

Raw = dict[str, Any]
SIZES = ((281, 29, False), (500, 29, False), (500, 60, True), (2_000, 200, False), (2_000, 201, True))
PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
sys.setrecursionlimit(1_000_000)  # it copies its players in depth
from matching.games import HospitalResident, StudentAllocation
given = json.load(sys.stdin)
started = time.perf_counter()
if "limits" in given:
    game = StudentAllocation.create_from_dictionaries(
        given["wishes"], given["lists"], given["employers"], given["places"], given["limits"])
else:
    game = HospitalResident.create_from_dictionaries(given["wishes"], given["lists"], given["places"])
found = game.solve()
taken = time.perf_counter() - started
posts = {str(post.name): sorted(str(each.name) for each in got) for post, got in found.items()}
print(json.dumps({"taken": taken, "posts": posts}))
"""


def main() -> int:
    """Print a row for each size."""
    parser = argparse.ArgumentParser("bench.placement", description=__doc__)
    parser.add_argument("--against", required=True, help="an interpreter that has `matching` installed")
    asked = parser.parse_args()
    for pupils, posts, limited in SIZES:
        print(compared(asked.against, pupils, posts, limited))
    print(large())
    return 0


def compared(python: str, pupils: int, posts: int, limited: bool) -> str:
    """One instance solved by both; the results must be the same, for the best stable one is unique."""
    raw, peer = instance(pupils, posts, limited)
    started = time.perf_counter()
    output = run_engine("summerjobs.placement", raw).output
    ours = time.perf_counter() - started
    run = subprocess.run([python, "-c", PEER], input=json.dumps(peer), capture_output=True, text=True, check=False)
    if run.returncode:
        return f"{pupils} pupils, {posts} posts: ours {ours:.2f} s, matching fails: {run.stderr.strip().splitlines()[-1]}"
    answer = json.loads(run.stdout)
    got: dict[str, list[str]] = {each["id"]: [] for each in raw["posts"]}
    for each in output["answers"]:
        if each["post"]:
            got[each["post"]].append(each["pupil"])
    same = {post: sorted(each) for post, each in got.items()} == answer["posts"]
    limits = ", employers' limits" if limited else ""
    return f"{pupils} pupils, {posts} posts{limits}: same {same}, ours {ours:.2f} s, matching {answer['taken']:.2f} s"


def instance(pupils: int, posts: int, limited: bool) -> tuple[Raw, Raw]:
    """The same instance in both forms: every employer ranks those who name one of its posts."""
    chance = random.Random(f"{pupils} {posts} {limited}")
    codes = [f"p{number}" for number in range(posts)]
    employer = {code: f"e{number // 3 if limited else number}" for number, code in enumerate(codes)}
    wishes = {f"u{number}": chance.sample(codes, 6) for number in range(pupils)}
    order = chance.sample(sorted(wishes), pupils)
    lists = {
        each: [who for who in order if any(employer[wish] == each for wish in wishes[who])] for each in set(employer.values())
    }
    count = pupils // posts
    rows = [
        {"id": code, "employer": employer[code], "period": "june", "places": count, "chosen": count,
         "ranking": lists[employer[code]]} for code in codes
    ]
    most = 2 * count
    raw = {
        "draw": "bench", "public_seed": "bench", "periods": [{"id": "june", "first_on": "2019-06-03", "last_on": "2019-06-21"}],
        "employers": [{"id": each, "most": most if limited else None} for each in sorted(lists)], "posts": rows,
        "pupils": [{"id": who, "wishes": named} for who, named in wishes.items()],
    }
    named = {code: [who for who in lists[employer[code]] if code in wishes[who]] for code in codes}
    peer: Raw = {"wishes": wishes, "lists": lists if limited else named, "places": dict.fromkeys(codes, count)}
    return raw, peer | ({"employers": employer, "limits": {each: min(most, 3 * count) for each in lists}} if limited else {})


def large() -> str:
    """10,000 pupils on 2,000 posts with reserves, employers' choice, supervisors and a budget: the steps and the whole."""
    raw = world(10_000, 2_000, 8)
    inp = PlacementInput.model_validate_json(json.dumps(raw))
    started = time.perf_counter()
    check(inp)
    rules = rules_of(inp)
    seats = Matching(rules).run()
    matched = time.perf_counter() - started
    certificate = certify(rules, seats)
    certified = time.perf_counter() - started
    reasons = Reasons(rules, seats)
    _answers, _posts = tuple(reasons.answers()), tuple(reasons.posts())
    told = time.perf_counter() - started
    started = time.perf_counter()
    run_engine("summerjobs.placement", raw)
    whole = time.perf_counter() - started
    return (
        f"10,000 pupils, 2,000 posts: checked and matched {matched:.2f} s, with certificate {certified:.2f} s, "
        f"with reasons {told:.2f} s, from JSON to JSON {whole:.2f} s; {len(seats)} placed, stable {certificate.stable}, "
        f"{guarantee(rules)}"
    )


def world(pupils: int, posts: int, wishes: int) -> Raw:
    """A summer fifty times as large as Valmiera's, with some posts far dearer to pupils than others."""
    chance = random.Random(2019)
    rows: list[Raw] = []
    for number in range(posts):
        row: Raw = {
            "id": f"p{number}", "employer": f"e{number % 300}", "period": f"t{number % 4}", "places": chance.randint(2, 7),
            "supervisor": f"s{number % 300}", "stem": number % 5 == 0, "fund": f"f{number % 2}", "cost_cents": 21_500,
        }
        row |= {"reserved": [{"group": "large_family", "places": 1}]} if chance.random() < 0.3 else {}
        row |= {"chosen": 1, "ranking": [f"u{chance.randrange(pupils)}"]} if chance.random() < 0.3 else {}
        rows.append(row)
    dear = [1 / (1 + number % 200) for number in range(posts)]
    people = [
        {"id": f"u{number}", "groups": ["large_family"] if chance.random() < 0.2 else [],
         "wishes": list(dict.fromkeys(row["id"] for row in chance.choices(rows, dear, k=wishes)))} for number in range(pupils)
    ]
    days = [
        ("2019-06-03", "2019-06-21"), ("2019-06-25", "2019-07-15"), ("2019-07-16", "2019-08-05"), ("2019-08-06", "2019-08-26"),
    ]
    return {
        "draw": "bench", "public_seed": "bench", "groups": ["large_family"], "posts": rows, "pupils": people,
        "periods": [{"id": f"t{number}", "first_on": first, "last_on": last} for number, (first, last) in enumerate(days)],
        "employers": [{"id": f"e{number}", "most": 30} for number in range(300)],
        "supervisors": [{"id": f"s{number}", "employer": f"e{number}"} for number in range(300)],
        "funds": [{"id": f"f{number}", "budget_cents": 21_500 * 4_000} for number in range(2)],
    }


if __name__ == "__main__":
    sys.exit(main())
