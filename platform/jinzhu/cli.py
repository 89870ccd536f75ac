"""The `jinzhu` command."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from jinzhu import migrate as migration
from jinzhu import server
from jinzhu.app import create_app, documented_app
from jinzhu.config import Settings
from jinzhu.core.guard import StartRefused
from jinzhu.demo import accounts as demo_accounts
from jinzhu.demo import province as demo_province
from jinzhu.embedded.run import run as run_all
from jinzhu.hierarchy import provinces


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what an operator can put right into one line instead of a traceback."""

    @wraps(command)
    def said(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (StartRefused, ValueError) as error:
            raise click.ClickException(str(error)) from error

    return said


@click.group()
def main() -> None:
    """Jinzhu 进驻: the platform of a province's government service centers."""


@main.command()
def run() -> None:
    """Start everything: database, queue, web server, worker."""
    sys.exit(run_all())


@main.command()
@click.option("--check", is_flag=True, help="Only say whether tables and models agree.")
@plainly
def migrate(check: bool) -> None:
    """Bring the database up to this release."""
    if check:
        migration.check(Settings.read())
    else:
        migration.upgrade(Settings.read())


@main.group()
def province() -> None:
    """Provinces and their centers."""


@province.command("create")
@click.option("--division", required=True, help="Code of the province, such as 51.")
@plainly
def create_province(division: str) -> None:
    """Create the centers of a province from the list of divisions."""
    engine = migration.owner_engine(Settings.read())
    with engine.begin() as connection:
        center_id = provinces.create(connection, division)
        count = provinces.count_below(connection, center_id)
    click.echo(f"{count} centers")


@main.group(invoke_without_command=True)
@click.pass_context
@plainly
def demo(context: click.Context) -> None:
    """Create the demo province, unless a province is there."""
    if context.invoked_subcommand is None:
        built = demo_province.build(create_app())
        click.echo("demo province created" if built else "a province is already there")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@plainly
def accounts(as_json: bool) -> None:
    """List the demo accounts."""
    with migration.owner_engine(Settings.read()).connect() as connection:
        found = demo_accounts.listing(connection)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for account in found:
        click.echo(f"{account['username']:<18}{account['password']:<20}{account['name']}")


@main.command()
def serve() -> None:
    """Run the web server."""
    server.serve(Settings.read())


@main.command()
@plainly
def worker() -> None:
    """Run background jobs."""
    server.work(create_app())


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    app = documented_app()
    with app.app_context():
        click.echo(json.dumps(app.extensions["api"].spec.to_dict(), ensure_ascii=False, indent=2))
