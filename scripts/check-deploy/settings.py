"""Every setting that a file under deploy/ makes is one that the program knows.

A server does not start with a setting that it does not know, so a slip here would be found by the first roll-out.
"""

import re
import tomllib
from pathlib import Path

import yaml

from report import finish, wrong

DEPLOY = Path("deploy")
# Read by the command line and by the build; no settings.
OTHERS = {"STOA_CONFIG", "STOA_IMAGE", "STOA_GRAPHIQL"}

# What compose.yaml may do without.
MAY_BE_MISSING = {"STOA_IMAGE", "ACME_THUMBPRINT"}


def known():
    """Every setting, as section.key."""
    defaults = tomllib.loads(Path("crates/server/src/config.default.toml").read_text())
    return {f"{section}.{key}" for section, keys in defaults.items() for key in keys}


def made():
    """Every setting that is made somewhere: (where, section.key)."""
    for file in sorted(DEPLOY.rglob("*")):
        if not file.is_file() or file.suffix in (".md", ".json", ".txt"):
            continue
        # Comments may speak of what is no setting.
        text = re.sub(r"^\s*#.*$", "", file.read_text(), flags=re.MULTILINE)
        for variable in sorted(set(re.findall(r"\bSTOA_[A-Z0-9_]+", text)) - OTHERS):
            if variable.count("__") != 1:
                wrong(file, f"{variable} is no setting: they are STOA_SECTION__KEY")
            else:
                yield file, variable.removeprefix("STOA_").replace("__", ".").lower()
    shop = DEPLOY / "shop.toml"
    for section, keys in tomllib.loads(shop.read_text()).items():
        for key in keys:
            yield shop, f"{section}.{key}"


def env_example():
    """What compose.yaml insists on is what env.example asks for."""
    text = (DEPLOY / "compose.yaml").read_text()
    asked = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    for name in sorted(needed - asked):
        wrong("env.example", f"does not ask for {name}")
    for name in sorted(asked - needed):
        wrong("env.example", f"asks for {name}, which compose.yaml does not need")
    for name, default in re.findall(r"\$\{([A-Z_]+)(:?-[^}]*)?\}", text):
        if name not in MAY_BE_MISSING:
            wrong("compose.yaml", f"{name} has a default or may be missing ({default or 'nothing'})")
    for line in (DEPLOY / "env.example").read_text().splitlines():
        if re.match(r"^[A-Z_]+=.", line):
            wrong("env.example", f"has a value somebody might keep: {line}")


def secrets():
    """No secret is written down in what is under version control."""
    secret = re.compile(r"(sk_live_|rk_live_|sk_test_|whsec_)[A-Za-z0-9]{4,}")
    for file in sorted(DEPLOY.rglob("*")):
        if file.is_file() and secret.search(file.read_text()):
            wrong(file, "holds a secret")
    for file in sorted((DEPLOY / "k8s").rglob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            if document and document.get("kind") == "Secret":
                wrong(file, "is a Secret; secrets are referred to")


def sampling():
    """Where traces go somewhere, not all of them do: the program's default is for a machine of one's own."""
    for file in sorted(DEPLOY.rglob("*")):
        if not file.is_file() or file.suffix not in (".env", ".yaml"):
            continue
        text = file.read_text()
        if not re.search(r"^\s*STOA_TRACES__OTLP\s*[:=]", text, re.MULTILINE):
            continue
        sample = re.search(r"^\s*STOA_TRACES__SAMPLE\s*[:=]\s*\"?([0-9.]+)", text, re.MULTILINE)
        if sample is None or float(sample[1]) > 0.5:
            wrong(file, "keeps every trace: set STOA_TRACES__SAMPLE")


KNOWN = known()
for where, key in made():
    if key not in KNOWN:
        wrong(where, f"the program has no setting {key}")
env_example()
secrets()
sampling()
finish()
