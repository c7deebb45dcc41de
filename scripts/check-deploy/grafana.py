"""Grafana's files as the Grafana of compose.yaml reads them: the dashboards against its own types (the package @grafana/schema of the
same version, by the TypeScript compiler), what it is provisioned with against the fields that it documents, and all of it against
the services there are. First argument: the folder of npm's packages; second: one to write to."""

import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

from report import finish, wrong

DEPLOY = Path("deploy")
PACKAGES, SCRATCH = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICE = COMPOSE["services"]["grafana"]

# What JSON can say of Grafana's types: an enum is one of its values, and options that are not said have defaults. The queries of
# Prometheus have their types in its plug-in, where no package is; these are the fields that it documents.
TYPES = """
import type { Dashboard, Panel, RowPanel, AnnotationQuery } from '@grafana/schema/dist/types/raw/dashboard/x/dashboard_types.gen';
import type { Options as Stat } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeries, FieldConfig as Custom }
    from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

type Plain<T> = T extends string ? `${T}` : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
type Some<T> = T extends (infer U)[] ? Some<U>[] : T extends object ? { [K in keyof T]?: Some<T[K]> } : T;
type Target = { refId: string; expr: string; legendFormat?: string; datasource: { type: 'prometheus'; uid: string };
    range?: boolean; instant?: boolean; format?: 'time_series' | 'table' | 'heatmap'; interval?: string; exemplar?: boolean; hide?: boolean };
type Fields<C> = { defaults: Omit<NonNullable<Plain<Panel>['fieldConfig']>['defaults'], 'custom'> & { custom?: Some<Plain<C>> };
    overrides: NonNullable<Plain<Panel>['fieldConfig']>['overrides'] };
type Shown<T, O, C> = Omit<Plain<Panel>, 'type' | 'options' | 'targets' | 'fieldConfig'>
    & { id: number; title: string; type: T; gridPos: object; options?: Some<Plain<O>>; targets: Target[]; fieldConfig: Fields<C> };
type Mine = Omit<Plain<Dashboard>, 'panels' | 'annotations'> & { uid: string; title: string;
    panels: (Plain<RowPanel> | Shown<'stat', Stat, {}> | Shown<'timeseries', TimeSeries, Custom>)[];
    annotations: { list: (Plain<AnnotationQuery> & { expr: string; titleFormat: string; textFormat?: string; step?: string })[] } };
"""


def dashboards():
    """Of one panel after the other, so that it is told which one is wrong, and then of the rest."""
    version = json.loads((PACKAGES / "@grafana/schema/package.json").read_text())["version"]
    if SERVICE["image"] != f"grafana/grafana:{version}":
        wrong("tools.sh", f"has the types of Grafana {version}; compose.yaml has {SERVICE['image']}")
    source, names = TYPES, {}
    for file in sorted((DEPLOY / "grafana/dashboards").glob("*.json")):
        dashboard = json.loads(file.read_text())
        panels = dashboard["panels"]
        for where, kind, value in [
            *((f"{file.name}: {panel.get('title')}", "Mine['panels'][number]", panel) for panel in panels),
            (file.name, "Mine", dashboard | {"panels": []}),
        ]:
            source += f"const it{len(names)}: {kind} = {json.dumps(value)};\n"
            names[source.count("\n")] = where
    if not names:
        wrong("dashboards", "there are none")
    (SCRATCH / "dashboards.ts").write_text(source)
    options = {
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
        "types": [],
        "module": "esnext",
        "target": "es2022",
        "moduleResolution": "bundler",
        "paths": {"@grafana/schema/*": [f"{PACKAGES}/@grafana/schema/*"]},
    }
    project = SCRATCH / "tsconfig.json"
    project.write_text(json.dumps({"compilerOptions": options, "files": ["dashboards.ts"]}))
    said = subprocess.run([PACKAGES / ".bin/tsc", "--pretty", "false", "-p", project], capture_output=True, text=True)
    for line in said.stdout.splitlines():
        found = re.match(r".*dashboards\.ts\((\d+),\d+\): (.*)", line)
        wrong(names.get(int(found[1]), "types") if found else "dashboards", found[2] if found else line)
    if said.returncode and not said.stdout:
        wrong("tsc", said.stderr)


# https://grafana.com/docs/grafana/latest/administration/provisioning
DATA_SOURCE = {
    "name": str, "uid": str, "type": str, "access": str, "url": str, "orgId": int, "user": str, "database": str, "basicAuth": bool,
    "basicAuthUser": str, "withCredentials": bool, "isDefault": bool, "jsonData": dict, "secureJsonData": dict, "version": int,
    "editable": bool,
}
PROVIDER = {
    "name": str, "orgId": int, "folder": str, "folderUid": str, "type": str, "disableDeletion": bool, "updateIntervalSeconds": int,
    "allowUiUpdates": bool, "options": dict,
}


def fields(where, what, known, needed):
    """Every field is one that Grafana knows, of its type; it reads over others in silence."""
    for name, value in what.items():
        if name not in known:
            wrong(where, f"Grafana knows no {name}")
        elif type(value) is not known[name]:
            wrong(where, f"{name} is {type(value).__name__} instead of {known[name].__name__}")
    for name in sorted(needed - what.keys()):
        wrong(where, f"has no {name}")


def files(folder, inside):
    """(name, one of its entries) of every file of a kind."""
    found = sorted((DEPLOY / "grafana/provisioning" / folder).iterdir())
    if not found:
        wrong(folder, "there is none")
    for file in found:
        where = f"provisioning/{folder}/{file.name}"
        if file.suffix not in (".yaml", ".yml"):
            wrong(where, "is not read: Grafana takes .yaml")
            continue
        content = yaml.safe_load(file.read_text())
        fields(where, content, {"apiVersion": int, inside: list}, {"apiVersion", inside})
        if content.get("apiVersion") != 1:
            wrong(where, "apiVersion is 1")
        for one in content.get(inside, []):
            yield f"{where}: {one.get('name')}", one


def reached(where, url):
    """A service of a network that Grafana is in, at a port it listens at."""
    host = re.fullmatch(r"http://([a-z0-9-]+):(\d+)", url)
    service = COMPOSE["services"].get(host[1]) if host else None
    if service is None:
        wrong(where, f"nobody is at {url}")
    elif not set(service["networks"]) & set(SERVICE["networks"]):
        wrong(where, f"{host[1]} is on no network that Grafana is on")


def provisioning():
    uids, defaults = {}, 0
    for where, one in files("datasources", "datasources"):
        fields(where, one, DATA_SOURCE, {"name", "uid", "type", "access", "url"})
        if one.get("access") not in ("proxy", "direct"):
            wrong(where, "access is proxy or direct")
        reached(where, one.get("url", ""))
        if one.get("uid") in uids:
            wrong(where, f"the uid {one['uid']} is there twice")
        uids[one.get("uid")] = one.get("type")
        defaults += one.get("isDefault", False)
        scraped = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())["global"]["scrape_interval"]
        if one.get("type") == "prometheus" and one.get("jsonData", {}).get("timeInterval") != scraped:
            wrong(where, f"timeInterval is not what prometheus.yml scrapes by: {scraped}")
    if defaults != 1:
        wrong("datasources", f"{defaults} of them are the default")
    mounts = {mount.split(":")[1]: mount.split(":")[0] for mount in SERVICE["volumes"]}
    for folder in ("provisioning", "dashboards"):
        if f"./grafana/{folder}" not in mounts.values():
            wrong("compose.yaml", f"Grafana does not get grafana/{folder}")
    if mounts.get("/etc/grafana/provisioning") != "./grafana/provisioning":
        wrong("compose.yaml", "Grafana looks for its provisioning in /etc/grafana/provisioning")
    for where, one in files("dashboards", "providers"):
        fields(where, one, PROVIDER, {"name", "type", "options"})
        path = one.get("options", {}).get("path")
        if one.get("type") != "file" or mounts.get(path) != "./grafana/dashboards":
            wrong(where, f"the dashboards are not in {path}")
    for file in sorted((DEPLOY / "grafana/dashboards").glob("*.json")):
        for variable in json.loads(file.read_text())["templating"]["list"]:
            value = variable.get("current", {}).get("value")
            if variable["type"] == "datasource" and uids.get(value) != variable["query"]:
                wrong(file.name, f"begins with the data source {value}, which is no {variable['query']}")


dashboards()
provisioning()
finish()
