"""The walls of certificates: the resident's, the municipality's, and whoever holds the code."""

from tenants.postgresql.walls import OWN_MUNICIPALITY, OWN_RESIDENT, Wall, any_of

_OWN = any_of(OWN_RESIDENT, OWN_MUNICIPALITY)
_OF_A_CERTIFICATE = (
    "EXISTS (SELECT FROM public.certificates_certificate c WHERE c.id = certificate_id)"
)

WALLS = [
    Wall(
        "certificates_certificate",
        select=any_of(_OWN, "code = (SELECT guard.certificate())"),
        insert=_OWN,
        update=_OWN,
    ),
    Wall("certificates_certificatefile", select=_OF_A_CERTIFICATE, insert=_OF_A_CERTIFICATE),
]
