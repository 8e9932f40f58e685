"""The extras: what is imported stands in one, and what is not installed is said plainly."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import get_args

import pytest

from peelian.core.errors import MissingExtraError
from peelian.core.extras import MODULES_OF, Extra, require_extra

PROJECT = Path(__file__).resolve().parents[2]
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# What comes with a package that is asked for: Jinja's own strings.
BROUGHT_ALONG = {"markupsafe"}


def names(requirements: Iterable[str]) -> set[str]:
    """Names of distributions in the spelling that is compared."""
    bare = (re.split(r"[\[<>=]", requirement)[0] for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in bare}


def imported_modules() -> set[str]:
    """Top-level names of all that the package imports while it runs, itself left out."""
    found = set()
    for file in (PROJECT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"peelian"} - BROUGHT_ALONG


def test_every_package_that_is_imported_is_needed_always_or_by_an_extra() -> None:
    distribution_of = packages_distributions()
    always = names(DECLARED["dependencies"])

    by_extra = {module for modules in MODULES_OF.values() for module in modules}
    alone = names(distribution_of[module][0] for module in imported_modules() - by_extra)

    assert alone <= always


@pytest.mark.parametrize("extra", get_args(Extra))
def test_an_extra_installs_the_modules_that_it_is_asked_for(extra: Extra) -> None:
    distribution_of = packages_distributions()

    declared = names(DECLARED["optional-dependencies"][extra])

    assert names(distribution_of[module][0] for module in MODULES_OF[extra]) <= declared


@pytest.mark.parametrize("extra", get_args(Extra))
def test_an_extra_that_is_installed_is_passed_in_silence(extra: Extra) -> None:
    require_extra(extra, to="test")


def test_an_extra_that_is_not_installed_is_said_with_the_way_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    monkeypatch.setitem(sys.modules, "pyogrio", None)

    with pytest.raises(MissingExtraError) as raised:
        require_extra("places", to="read boundary files")

    assert str(raised.value) == (
        "To read boundary files, the extra `places` is needed; osmium, pyogrio of it are not "
        "installed. Install it: pip install 'peelian[places]'"
    )
    assert raised.value.exit_code == 7


def test_extras_that_are_not_installed_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("osmium", "jinja2", "typst"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtraError) as raised:
        require_extra("places", "fetch", "publish", to="make the town's page")

    assert str(raised.value) == (
        "To make the town's page, the extras `places` and `publish` are needed; osmium, jinja2, "
        "typst of them are not installed. Install them: pip install 'peelian[places,publish]'"
    )
