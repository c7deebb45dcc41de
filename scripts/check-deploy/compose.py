"""What the schema of compose.yaml does not say: names lead somewhere, and no service may more than it needs."""

import re
from pathlib import Path

import yaml

from report import finish, wrong

FILE = Path("deploy/compose.yaml")


def bare(mount):
    """The volume or file of a mount in its short form."""
    return mount.split(":")[0]


def references(name, service, compose):
    """Whatever a service names is there."""
    for network in service.get("networks", []):
        if network not in compose["networks"]:
            wrong(name, f"there is no network {network}")
    for mount in service.get("volumes", []):
        source = bare(mount)
        if source.startswith("."):
            if not (FILE.parent / source).exists():
                wrong(name, f"there is no {source}")
            if not mount.endswith(":ro"):
                wrong(name, f"could write to {source}")
        elif source.startswith("/") and source != mount:
            wrong(name, f"gets {source} of the machine it runs on")
        elif source.startswith("/"):
            # One without a name, for each container its own.
            continue
        elif source not in compose["volumes"]:
            wrong(name, f"there is no volume {source}")
    for config in service.get("configs", []):
        if config["source"] not in compose["configs"]:
            wrong(name, f"there is no config {config['source']}")
    for other, how in service.get("depends_on", {}).items():
        waited_for = compose["services"].get(other)
        if waited_for is None:
            wrong(name, f"there is no service {other}")
        elif how["condition"] == "service_healthy" and "healthcheck" not in waited_for and "build" not in waited_for:
            wrong(name, f"waits for {other} to be healthy, which nobody asks")


def rights(name, service):
    """Nobody may more than they need, and everybody has an end."""
    if service.get("read_only") is not True:
        wrong(name, "could write to its image")
    if service.get("cap_drop") != ["ALL"]:
        wrong(name, "keeps capabilities")
    if "no-new-privileges:true" not in service.get("security_opt", []):
        wrong(name, "could gain privileges")
    if service.get("privileged") or service.get("network_mode") == "host":
        wrong(name, "is not contained")
    if not service.get("restart"):
        wrong(name, "says nothing about restarts")
    limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
    if not {"cpus", "memory"} <= limits.keys():
        wrong(name, "may take all of the machine")
    if not service.get("networks"):
        wrong(name, "is on the default network")
    if name != "proxy":
        for port in service.get("ports", []):
            if not port.startswith("127.0.0.1:"):
                wrong(name, f"is open to the world at {port}")
    image = service["image"]
    if "build" not in service and (":" not in image or image.endswith(":latest")):
        wrong(name, f"{image} may be another one tomorrow")


def files(services):
    """What one instance keeps in files is every other's as well."""
    kept_in = set()
    for name, service in services.items():
        if "build" not in service:
            continue
        mounts = [bare(mount) for mount in service.get("volumes", []) if mount.endswith(":/data/media")]
        if len(mounts) != 1 or service["environment"].get("STOA_MEDIA__SHARED") != "true":
            wrong(name, "keeps files where no other instance finds them: mount a volume at /data/media, and say so by STOA_MEDIA__SHARED")
        kept_in.update(mounts)
    if len(kept_in) > 1:
        wrong("compose.yaml", f"instances keep files in different volumes: {', '.join(sorted(kept_in))}")


# What HAProxy takes for a connection with TLS on one side, at most.
BYTES_PER_CONNECTION = 100_000
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


def proxy_memory(service):
    """What the proxy lets in fits into its memory."""
    limit = service["deploy"]["resources"]["limits"]["memory"]
    room = int(limit[:-1]) * UNITS[limit[-1]]
    most = int(re.search(r"^global\n(?:.*\n)*?\s+maxconn (\d+)", Path("deploy/haproxy.cfg").read_text(), re.MULTILINE)[1])
    if most * BYTES_PER_CONNECTION > room:
        wrong("haproxy.cfg", f"maxconn {most} may take {most * BYTES_PER_CONNECTION // 2**20} MB of {limit}")


COMPOSE = yaml.safe_load(FILE.read_text())
for NAME, SERVICE in COMPOSE["services"].items():
    references(NAME, SERVICE, COMPOSE)
    rights(NAME, SERVICE)
    if NAME == "proxy":
        proxy_memory(SERVICE)
files(COMPOSE["services"])
for CONFIG in COMPOSE["configs"].values():
    if not (FILE.parent / CONFIG["file"]).exists():
        wrong("configs", f"there is no {CONFIG['file']}")
TARGETS = {
    target.split(":")[0]
    for job in yaml.safe_load(Path("deploy/prometheus/prometheus.yml").read_text())["scrape_configs"]
    for target in job["static_configs"][0]["targets"]
}
for TARGET in sorted(TARGETS - COMPOSE["services"].keys() - {"localhost"}):
    wrong("prometheus.yml", f"there is no service {TARGET}")
finish()
