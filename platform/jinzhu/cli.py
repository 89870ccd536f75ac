"""The `jinzhu` command."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from jinzhu import keys, server
from jinzhu import migrate as migration
from jinzhu.app import create_app, documented_app
from jinzhu.config import Settings
from jinzhu.core.guard import StartRefused
from jinzhu.demo import accounts as demo_accounts
from jinzhu.demo import province as demo_province
from jinzhu.embedded.found import running
from jinzhu.embedded.run import run as run_all
from jinzhu.hierarchy import provinces
from jinzhu.identity import accounts as account_making
from jinzhu.identity.roles import ROLES


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what an operator can put right into one line instead of a traceback."""

    @wraps(command)
    def said(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (StartRefused, ValueError) as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(f"the database cannot be used: {error.orig}") from error
        except ProgrammingError as error:
            raise click.ClickException(
                f"the database is not of this release, run `jinzhu migrate`: {error.orig}"
            ) from error

    return said


def settings() -> Settings:
    """Return the settings, with the servers of a running `make run` where none are named."""
    return running(Settings.read())


def owned() -> Settings:
    """Return settings with an owner's address.

    Raises:
        ValueError: if there is none, saying how to give one.
    """
    found = settings()
    if not (found.database_owner_url or found.database_url):
        raise ValueError(
            f"no database: start `make run` first (its data folder here would be {found.data}), "
            "or set DATABASE_OWNER_URL"
        )
    return found


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
        migration.check(owned())
    else:
        migration.upgrade(owned())


@main.group()
def province() -> None:
    """Provinces and their centers."""


@province.command("create")
@click.option("--division", required=True, help="Code of the province, such as 51.")
@plainly
def create_province(division: str) -> None:
    """Create the centers of a province; one installation serves one province."""
    found = owned()
    migration.upgrade(found)
    with migration.owner_engine(found).begin() as connection:
        provinces.refuse_second(connection, division)
        center_id = provinces.create(connection, division)
        count = provinces.count_below(connection, center_id)
    click.echo(f"{count} centers")


@main.command()
@click.option("--username", required=True)
@click.option("--name", required=True, help="How the person is called in lists and histories.")
@click.option("--center", required=True, help="Code of the center's division, such as 511602.")
@click.option("--role", required=True, help=f"One of: {', '.join(ROLES)}.")
@plainly
def account(username: str, name: str, center: str, role: str) -> None:
    """Make an account with one post; its first password is printed once."""
    with migration.owner_engine(owned()).begin() as connection:
        password = account_making.create(
            connection, username=username, name=name, center=center, role=role
        )
    click.echo(f"{username}  {password}")


@main.group(invoke_without_command=True)
@click.pass_context
@plainly
def demo(context: click.Context) -> None:
    """Create the demo province, unless a province is there."""
    if context.invoked_subcommand is None:
        built = demo_province.build(create_app(owned()))
        click.echo("demo province created" if built else "a province is already there")


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@plainly
def accounts(as_json: bool) -> None:
    """List the demo accounts."""
    with migration.owner_engine(owned()).connect() as connection:
        found = demo_accounts.listing(connection)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for account in found:
        click.echo(f"{account['username']:<18}{account['password']:<20}{account['name']}")


@main.group("keys")
def key_file() -> None:
    """The keys for personal data (JINZHU_KEY_FILE)."""


@key_file.command("create")
@plainly
def create_keys() -> None:
    """Make the file of keys, unless it is there."""
    path = Path(settings().key_file)
    keys.create(path)
    click.echo(str(path))


@key_file.command("rotate")
@plainly
def rotate_keys() -> None:
    """Use a new key from the next start on; what is there stays readable."""
    path = Path(settings().key_file)
    if not path.exists():
        raise ValueError(f"there is no {path}: make it with `jinzhu keys create`")
    click.echo(f"{path}: key {keys.rotate(path)} is used after a restart")


@main.command()
@plainly
def serve() -> None:
    """Run the web server."""
    server.serve(Settings.read())


@main.command()
@plainly
def worker() -> None:
    """Run background jobs."""
    server.work(create_app(settings()))


@main.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    app = documented_app()
    with app.app_context():
        click.echo(json.dumps(app.extensions["api"].spec.to_dict(), ensure_ascii=False, indent=2))
