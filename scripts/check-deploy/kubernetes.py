"""What the schemas of Kubernetes do not say, of a built overlay: pods keep to the profile "restricted", and selectors select."""

import sys
from pathlib import Path

import yaml

from report import finish, wrong

OBJECTS = [one for one in yaml.safe_load_all(Path(sys.argv[1]).read_text()) if one]


def pods():
    """(name, labels, spec) of every pod that something would make."""
    for one in OBJECTS:
        template = one.get("spec", {}).get("template")
        if template and "spec" in template:
            name = f"{one['kind']}/{one['metadata']['name']}"
            yield name, template["metadata"].get("labels", {}), template["spec"]


def contained(name, spec):
    """The profile "restricted" of the Pod Security Standards, and a bit more."""
    outer = spec.get("securityContext", {})
    if outer.get("runAsNonRoot") is not True or not outer.get("runAsUser"):
        wrong(name, "may run as root")
    if outer.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        wrong(name, "may make any system call")
    if spec.get("automountServiceAccountToken") is not False:
        wrong(name, "gets a key to the cluster")
    if spec.get("enableServiceLinks") is not False:
        wrong(name, "gets variables such as STOA_SERVICE_HOST, and the program does not start with them")
    for container in spec.get("initContainers", []) + spec["containers"]:
        where = f"{name}: {container['name']}"
        inner = container.get("securityContext", {})
        if inner.get("allowPrivilegeEscalation") is not False:
            wrong(where, "could gain privileges")
        if inner.get("readOnlyRootFilesystem") is not True:
            wrong(where, "could write to its image")
        if inner.get("capabilities", {}).get("drop") != ["ALL"]:
            wrong(where, "keeps capabilities")
        resources = container.get("resources", {})
        if "memory" not in resources.get("limits", {}) or not {"cpu", "memory"} <= resources.get("requests", {}).keys():
            wrong(where, "says nothing about what it takes")
        for variable in container.get("env", []):
            if "value" in variable:
                wrong(where, f"{variable['name']} is written down; settings come from the ConfigMap, secrets from the Secret")


def probes(name, spec):
    """A server is asked by the routes that there are."""
    server = spec["containers"][0]
    ports = {port["name"] for port in server["ports"]}
    routes = {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    for probe, route in routes.items():
        asked = server.get(probe, {}).get("httpGet", {})
        if asked.get("path") != route or asked.get("port") not in ports:
            wrong(name, f"{probe} should ask {route} at a port that there is")
    health = Path("crates/api/src/http/router.rs").read_text()
    for route in set(routes.values()):
        if f'.route("{route}"' not in health:
            wrong("router.rs", f"the program has no route {route}")
    waits = server.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if spec.get("terminationGracePeriodSeconds", 30) < waits + shutdown_seconds() + 5:
        wrong(name, "is killed before it has finished what is in flight")


def shutdown_seconds():
    """How long the program takes at most after SIGTERM, by its settings."""
    for one in OBJECTS:
        if one["kind"] == "ConfigMap" and "STOA_SERVER__SHUTDOWN_SECONDS" in one.get("data", {}):
            return int(one["data"]["STOA_SERVER__SHUTDOWN_SECONDS"])
    wrong("settings", "STOA_SERVER__SHUTDOWN_SECONDS is not set, and the grace period has to fit it")
    return 0


def files(name, spec):
    """What one instance keeps in files is every other's as well: in a bucket, or on a disk that all of them have."""
    settings = {}
    for one in OBJECTS:
        if one["kind"] == "ConfigMap":
            settings.update(one.get("data", {}))
    server = spec["containers"][0]
    if settings.get("STOA_MEDIA__STORE") == "s3":
        given = settings.keys() | {variable["name"] for variable in server.get("env", [])}
        wanted = {"STOA_MEDIA__S3_ACCESS_KEY", "STOA_MEDIA__S3_SECRET_KEY"}
        # The base is nobody's shop yet.
        if "STOA_SERVER__PUBLIC_URL" in settings:
            wanted |= {"STOA_MEDIA__S3_ENDPOINT", "STOA_MEDIA__S3_BUCKET"}
        for missing in sorted(wanted - given):
            wrong(name, f"keeps files in a bucket, and {missing} is not set")
        return
    claims = {volume["name"] for volume in spec.get("volumes", []) if "persistentVolumeClaim" in volume}
    mounted = {mount["name"] for mount in server.get("volumeMounts", []) if mount["mountPath"] == "/data/media"}
    if not claims & mounted or settings.get("STOA_MEDIA__SHARED") != "true":
        wrong(name, "keeps files where no other instance finds them: in a bucket, or in a claim at /data/media with STOA_MEDIA__SHARED")


def selectors(known):
    """Whatever selects pods finds some."""
    for one in OBJECTS:
        name, spec = f"{one['kind']}/{one['metadata']['name']}", one.get("spec", {})
        if one["kind"] == "Service":
            wanted = spec["selector"]
        elif one["kind"] in ("NetworkPolicy", "PodDisruptionBudget", "Deployment"):
            wanted = (spec.get("podSelector") or spec.get("selector"))["matchLabels"]
        else:
            continue
        if not any(wanted.items() <= labels.items() for labels in known):
            wrong(name, f"selects no pod: {wanted}")
    for one in OBJECTS:
        if "app.kubernetes.io/component" not in one["metadata"].get("labels", {}):
            wrong(f"{one['kind']}/{one['metadata']['name']}", "has no component, by which roll-out.sh goes")


# What is not reached from a shop, but by name: private (RFC 1918, RFC 6598, RFC 4193) and of one link.
INSIDE = {
    "0.0.0.0/0": {"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"},
    "::/0": {"fc00::/7", "fe80::/10"},
}


def outward():
    """Who may speak to the whole world may not speak to what is inside."""
    for one in OBJECTS:
        if one["kind"] != "NetworkPolicy":
            continue
        for rule in one["spec"].get("egress", []):
            for block in (to["ipBlock"] for to in rule.get("to", []) if "ipBlock" in to):
                missing = INSIDE.get(block["cidr"], set()) - set(block.get("except", []))
                if missing:
                    wrong(f"NetworkPolicy/{one['metadata']['name']}", f"lets out to {', '.join(sorted(missing))}")


def millis(cpu):
    """A quantity of processor in thousandths of a core."""
    text = str(cpu)
    return int(text[:-1]) if text.endswith("m") else int(float(text) * 1000)


def scaling():
    """An instance is used before there is another one, and may use what it is counted by."""
    asked = {
        one["metadata"]["name"]: millis(one["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]["cpu"])
        for one in OBJECTS
        if one["kind"] == "Deployment"
    }
    for one in OBJECTS:
        if one["kind"] != "HorizontalPodAutoscaler":
            continue
        name, request = one["metadata"]["name"], asked[one["spec"]["scaleTargetRef"]["name"]]
        for metric in (metric["resource"] for metric in one["spec"]["metrics"] if metric["type"] == "Resource"):
            at = request * metric["target"]["averageUtilization"] // 100
            if metric["name"] == "cpu" and at < 500:
                wrong(f"HorizontalPodAutoscaler/{name}", f"adds an instance at {at}m, while half a core of each lies idle")


LABELS = []
for NAME, POD_LABELS, SPEC in pods():
    LABELS.append(POD_LABELS)
    contained(NAME, SPEC)
    if NAME == "Deployment/stoa":
        probes(NAME, SPEC)
        files(NAME, SPEC)
selectors(LABELS)
outward()
scaling()
if not any(labels.get("app.kubernetes.io/name") == "stoa" for labels in LABELS):
    wrong("built", "there is no Deployment of the shop")
finish()
