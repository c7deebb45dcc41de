"""Metrics, alerts, dashboards and runbook against each other.

Rules and dashboards name only metrics of deploy/metrics.txt and only labels those have; every alert says how bad it is and
where to read on, has a section in the runbook, and a test in which it fires and one in which it does not.
"""

import json
import re
from pathlib import Path

import promql_parser
import yaml

from report import finish, wrong

DEPLOY = Path("deploy")
# Prometheus' own, and the labels it and the scrape put on everything.
OWN_METRICS = {"up": set()}
OWN_LABELS = {"job", "instance", "le"}
HISTOGRAM_PARTS = ("_bucket", "_sum", "_count")
# What Grafana puts in before it asks; any duration and any expression of the right kind do.
GRAFANA = {"$__rate_interval": "5m", "$__interval": "1m", "$instance": ".*"}


def listed():
    """Every metric by the name it has in a query, with its labels."""
    metrics = dict(OWN_METRICS)
    for number, line in enumerate((DEPLOY / "metrics.txt").read_text().splitlines(), 1):
        words = line.split("#")[0].replace(",", " ").split()
        if not words:
            continue
        where = f"metrics.txt:{number}"
        if len(words) < 2 or words[1] not in ("counter", "gauge", "histogram"):
            wrong(where, f"is no name, type and labels: {line}")
            continue
        name, kind, labels = words[0], words[1], set(words[2:])
        if name in metrics:
            wrong(where, f"{name} is there twice")
        metrics[name] = labels
        if kind == "histogram":
            metrics |= {name + part: labels for part in HISTOGRAM_PARTS}
            del metrics[name]
    return metrics


def check_query(where, query, metrics):
    """A query can be parsed, and asks for what there is. Gives the metrics it names."""
    for variable, value in GRAFANA.items():
        query = query.replace(variable, value)
    try:
        tree = promql_parser.parse(query)
    except ValueError as error:
        wrong(where, f"{error} in: {query}")
        return set()
    named, labels = set(), set()
    walk(tree, named, labels)
    for name in sorted(named - metrics.keys()):
        wrong(where, f"there is no metric {name}")
    known = OWN_LABELS.union(*(metrics.get(name, set()) for name in named))
    for label in sorted(labels - known):
        wrong(where, f"none of {', '.join(sorted(named))} has a label {label}")
    return named


def walk(node, named, labels):
    """Every metric and label that a query names."""
    if isinstance(node, promql_parser.VectorSelector):
        if node.name:
            named.add(node.name)
        for matcher in node.matchers.matchers:
            labels.add(matcher.name)
        return
    if isinstance(node, promql_parser.AggregateExpr) and node.modifier:
        labels.update(node.modifier.labels)
    if isinstance(node, promql_parser.BinaryExpr) and node.modifier and node.modifier.matching:
        labels.update(node.modifier.matching.labels)
    for part in ("expr", "lhs", "rhs", "param", "vector_selector"):
        child = getattr(node, part, None)
        if isinstance(child, promql_parser.Expr):
            walk(child, named, labels)
    for child in getattr(node, "args", None) or []:
        walk(child, named, labels)


def rules(metrics):
    """Checks every alert; gives their names."""
    alerts = set()
    for file in sorted((DEPLOY / "prometheus/rules").glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            for rule in group["rules"]:
                name = rule.get("alert")
                where = f"{file.name}: {name or rule.get('record')}"
                if not check_query(where, rule["expr"], metrics):
                    wrong(where, "asks for no metric")
                if not name:
                    metrics[rule["record"]] = set()
                    continue
                if name in alerts:
                    wrong(where, "is there twice")
                alerts.add(name)
                if not rule.get("for"):
                    wrong(where, "has no `for`: one odd scrape would wake somebody")
                if rule.get("labels", {}).get("severity") not in ("critical", "warning"):
                    wrong(where, "severity is critical or warning")
                notes = rule.get("annotations", {})
                for note in ("summary", "description"):
                    if not notes.get(note):
                        wrong(where, f"has no {note}")
                if notes.get("runbook_url") != f"runbook.md#{name.lower()}":
                    wrong(where, f"runbook_url should be runbook.md#{name.lower()}")
    return alerts


def tests(alerts):
    """Every alert fires in one test, and does not in another."""
    fires, silent = set(), set()
    for file in sorted((DEPLOY / "prometheus/tests").glob("*.yml")):
        for test in yaml.safe_load(file.read_text())["tests"]:
            for case in test["alert_rule_test"]:
                (fires if case["exp_alerts"] else silent).add(case["alertname"])
    for name in sorted(alerts):
        if name not in fires:
            wrong(name, "there is no test in which it fires")
        if name not in silent:
            wrong(name, "there is no test in which it does not fire")
    for name in sorted((fires | silent) - alerts):
        wrong(name, "is tested, and is no alert")


def runbook(alerts):
    """Every alert has a section, and every section of that name an alert."""
    text = (DEPLOY / "runbook.md").read_text()
    sections = set(re.findall(r"^### (Stoa\w+)$", text, re.MULTILINE))
    for name in sorted(alerts - sections):
        wrong("runbook.md", f"has no section for {name}")
    for name in sorted(sections - alerts):
        wrong("runbook.md", f"has a section {name}, and there is no such alert")
    anchors = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for link in re.findall(r"\]\(#([^)]+)\)", text):
        if link not in anchors:
            wrong("runbook.md", f"nothing is at #{link}")


def dashboards(metrics):
    """Every query of every panel."""
    shown = set()
    for file in sorted((DEPLOY / "grafana/dashboards").glob("*.json")):
        dashboard = json.loads(file.read_text())
        ids = [panel["id"] for panel in dashboard["panels"]]
        if len(ids) != len(set(ids)):
            wrong(file.name, "two panels have the same id")
        for panel in dashboard["panels"]:
            where = f"{file.name}: {panel['title']}"
            targets = panel.get("targets", [])
            if panel["type"] != "row" and not targets:
                wrong(where, "shows nothing")
            for target in targets:
                shown |= check_query(where, target["expr"], metrics)
        for note in dashboard["annotations"]["list"]:
            check_query(f"{file.name}: {note['name']}", note["expr"], metrics)
        for variable in dashboard["templating"]["list"]:
            if variable["type"] == "query":
                inner = re.fullmatch(r"label_values\((.+), *(\w+)\)", variable["query"]["query"])
                if not inner:
                    wrong(file.name, f"the variable {variable['name']} is no label_values()")
                else:
                    check_query(f"{file.name}: {variable['name']}", inner[1], metrics)
    for name in sorted(metrics):
        base = re.sub("_(bucket|sum|count)$", "", name)
        if not any(seen.startswith(base) for seen in shown):
            wrong("dashboards", f"nobody sees {name}")


METRICS = listed()
ALERTS = rules(METRICS)
tests(ALERTS)
runbook(ALERTS)
dashboards(METRICS)
finish()
