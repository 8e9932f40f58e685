"""The made town's page from one number, and a server to look at a site with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    to: Annotated[Path, typer.Option("--to", help="Folder for the town, its store and its site.")],
    seed: Annotated[int, typer.Option(min=0, help="The town's seed.")] = 1829,
) -> None:
    """Make a town, publish its pilot ward, and verify every number."""
    import msgspec

    from peelian.cli.pages import import_page, publish, verify
    from peelian.cli.records import ingest
    from peelian.core.extras import require_extra
    from peelian.ingest.ward_file import read_ward_file, write_ward_file
    from peelian.town import build_town, write_town
    from peelian.town.plan import WARDS

    require_extra("places", "publish", to="make the town's page")
    town = build_town(seed)
    files = write_town(town, to / "town")
    typer.echo(f"Made a town from seed {seed} in {files.folder}. No record in it is real.")
    store, site, ward = to / "store", to / "site", WARDS[0].code
    ingest([files.archive, files.boundaries, files.network, files.population], store=store)
    ward_file = to / f"{ward}.toml"
    import_page(files.page_text, ward=ward, to=ward_file, store=store, replace=True)
    read = read_ward_file(ward_file)
    notice = "This is a made town. No place, person, promise or record in it is real."
    write_ward_file(msgspec.structs.replace(read, notice=notice), ward_file, replace=True)
    published_on = town.span.last.plus(2).first_day.isoformat()
    publish([ward], store=store, site=site, ward_file=ward_file, date=published_on)
    verify(site / ward, store=store)


def serve(
    site: Annotated[Path, typer.Argument(help="The site's folder.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on this machine.")] = 8000,
) -> None:
    """Serve a site on this machine only, until stopped."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from peelian.core.errors import InputError

    if not (site / "index.html").is_file():
        raise InputError(
            f"A site is a folder with an index.html; {site} has none. Run `peelian publish` first."
        )
    try:
        server = ThreadingHTTPServer(
            ("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=str(site))
        )
    except OSError as error:
        raise InputError(
            f"Port {port} cannot be served on this machine: {error.strerror}. Try another --port."
        ) from error
    with server:
        typer.echo(f"Serving {site} at http://127.0.0.1:{server.server_port}/ (Ctrl-C stops it)")
        server.serve_forever()
