#!/bin/sh
# Nightly, by hand, never part of ./run check: how many wrong rules do the tests let through?
# mutmut knows one source root; ours are two, so the rules and their tests, which need neither
# database nor settings, are copied beside each other first. Usage: benchmarks/mutants.sh FOLDER
set -eu
cd "$(dirname "$0")/.."
place=${1:?a folder for the copy}
rm -rf "$place/src" "$place/tests" "$place/mutants"
mkdir -p "$place/src/registration" "$place/src/common" "$place/tests/factories"
cp -r site/registration/rules site/registration/enums.py site/registration/__init__.py "$place/src/registration"
cp site/common/decision.py site/common/__init__.py "$place/src/common"
cp tests/factories/facts.py "$place/tests/factories"
cp tests/registration/test_rules_*.py "$place/tests"
cat >"$place/tests/conftest.py" <<'PY'
from hypothesis import settings

settings.register_profile("mutants", deadline=None, max_examples=15, derandomize=True, database=None)
settings.load_profile("mutants")
PY
cat >"$place/pyproject.toml" <<'TOML'
[tool.pytest.ini_options]
addopts = "-p no:django -p no:xdist -p no:cacheprovider"
pythonpath = ["."]

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/registration/rules/*.py"]
pytest_add_cli_args_test_selection = ["tests"]
TOML
mutmut=$PWD/.venv/bin/mutmut
cd "$place"
"$mutmut" run --max-children 1
"$mutmut" results
