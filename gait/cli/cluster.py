"""``gait cluster`` and ``gait worker``: several computers for one batch."""

import argparse
from pathlib import Path
from typing import Any

from gait import certificates
from gait.cli.progress import say, show
from gait.errors import BadRequest

DAYS = 365
TLS = Path("gait-cluster")


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    cluster = commands.add_parser("cluster", help="several computers for one batch")
    actions = cluster.add_subparsers(required=True, metavar="ACTION")
    made = actions.add_parser("init", help="write certificates, to be copied to each computer")
    made.add_argument("folder", nargs="?", type=Path, default=TLS, metavar="DIR", help=f"where; else {TLS}")
    made.set_defaults(run=init)
    begun = actions.add_parser("start", help="hand out work to workers, until it is stopped")
    begun.add_argument("--host", default="127.0.0.1", help="address to listen on; else this computer's own")
    begun.add_argument("--port", default="8786", metavar="N")
    begun.add_argument("--tls-dir", type=Path, metavar="DIR", help="certificates, from gait cluster init")
    begun.set_defaults(run=start)
    worker = commands.add_parser("worker", help="do work of a cluster, until it is stopped")
    worker.add_argument("address", metavar="ADDRESS", help="of gait cluster start: tcp://HOST:8786")
    worker.add_argument("--jobs", metavar="N", help="how many are read at once; else one a core")
    worker.add_argument("--tls-dir", type=Path, metavar="DIR", help="certificates, from gait cluster init")
    worker.set_defaults(run=work)


def init(options: argparse.Namespace) -> int:
    """Write certificates."""
    certificates.make_group(options.folder, DAYS)
    show(
        f"Certificates for {DAYS} days are in {options.folder}. Copy the folder to each computer over a way "
        "you trust: whoever has it can run programs on all of them. Then:\n"
        f"  gait cluster start --host ADDRESS --tls-dir {options.folder}\n"
        f"  gait worker tls://ADDRESS:8786 --tls-dir {options.folder}      on each computer\n"
        f"  gait batch FOLDER --cluster tls://ADDRESS:8786 --tls-dir {options.folder}"
    )
    return 0


def start(options: argparse.Namespace) -> int:
    """Run the scheduler."""
    from gait.batch import cluster

    tls = certificates.require(options.tls_dir) if options.tls_dir else None
    if tls is None:
        cluster.require_loopback(options.host)
    port = _port(options.port)
    say(f"Listening on {'tls' if tls else 'tcp'}://{options.host}:{port}. Press Ctrl-C here to stop.")
    cluster.serve_scheduler(options.host, port, tls)
    return 0


def work(options: argparse.Namespace) -> int:
    """Run a worker."""
    from gait.batch import cluster
    from gait.cli.batch import at_once
    from gait.pose import model as models

    where = cluster.address(options.address, options.tls_dir)
    jobs = at_once(options.jobs)
    for model in models.read_manifest():
        models.ensure(model)
    say(f"Working for {where.url}, {jobs} at once. Press Ctrl-C here to stop.")
    cluster.serve_worker(where, jobs)
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1024 <= int(text) < 65536):
        raise BadRequest(f"“{text}” is not a port: give a number from 1024 to 65535.", id="port")
    return int(text)
