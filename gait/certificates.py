"""Certificates for machines that talk to each other, and for a page that a phone opens; made here."""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.errors import BadRequest, OutputFailed

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

AUTHORITY, CERTIFICATE, KEY = "ca.pem", "member.pem", "member-key.pem"
SKEW = timedelta(hours=1)
"""How far a machine's clock may be behind."""


@dataclass(frozen=True)
class Files:
    """Where the certificates of a group of machines are."""

    authority: Path
    certificate: Path
    key: Path


def require_package() -> None:
    """Refuse where the package for certificates is missing.

    Raises
    ------
    BadRequest
        If it is.
    """
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise BadRequest(
            "This needs the package cryptography: install gait with its extra cluster or lan.", id="extra"
        ) from error


def make_group(folder: Path, days: int) -> Files:
    """Write the certificates with which machines know each other: an authority, and one for all members.

    The authority's own key is kept nowhere, so nobody can add a member; make new ones instead.

    Raises
    ------
    OutputFailed
        If there are certificates already, or they cannot be written.
    """
    require_package()
    files = in_folder(folder)
    if any(path.exists() for path in (files.authority, files.certificate, files.key)):
        raise OutputFailed(f"{folder} holds certificates already: name another folder, or remove them.")
    signer = _key()
    authority = _signed("gait cluster", signer.public_key(), ("gait cluster", signer), days, authority=True)
    member = _key()
    certificate = _signed("gait member", member.public_key(), ("gait cluster", signer), days)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(files.authority, _pem(authority))
        _write(files.certificate, _pem(certificate))
        _write(files.key, _secret(member))
    except OSError as error:
        raise OutputFailed(f"The certificates cannot be written to {folder} ({error.strerror}).") from error
    return files


def in_folder(folder: Path) -> Files:
    """Where a folder has them."""
    return Files(folder / AUTHORITY, folder / CERTIFICATE, folder / KEY)


def require(folder: Path) -> Files:
    """Return the certificates of a folder.

    Raises
    ------
    BadRequest
        If one is missing.
    """
    files = in_folder(folder)
    missing = [path.name for path in (files.authority, files.certificate, files.key) if not path.is_file()]
    if missing:
        raise BadRequest(
            f"{folder} has no {', '.join(missing)}: make certificates with gait cluster init, or copy "
            "them there.",
            id="tls",
        )
    return files


def make_own(folder: Path, addresses: Sequence[str], days: int) -> Files:
    """Write a certificate that signs itself, for these addresses of this machine; ``authority`` is itself."""
    require_package()
    key = _key()
    certificate = _signed("gait", key.public_key(), ("gait", key), days, addresses=addresses)
    files = Files(folder / CERTIFICATE, folder / CERTIFICATE, folder / KEY)
    _write(files.certificate, _pem(certificate))
    _write(files.key, _secret(key))
    return files


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate as browsers show it: pairs of digits."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    digest = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)


def _key() -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _signed(
    name: str,
    public: Any,
    signer: "tuple[str, EllipticCurvePrivateKey]",
    days: int,
    *,
    authority: bool = False,
    addresses: Sequence[str] = (),
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(signer[0]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True
        )
    )
    if addresses:
        own = [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        made = made.add_extension(x509.SubjectAlternativeName(own), critical=False)
    return made.sign(signer[1], hashes.SHA256())


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM)


def _secret(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization

    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
