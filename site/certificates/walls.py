"""The walls of certificates: the resident's, the municipality's, and whoever holds the code."""

from tenants.postgresql.walls import OF_MERGED, OWN_MUNICIPALITY, OWN_RESIDENT, Wall, any_of

_OWN = any_of(OWN_RESIDENT, OWN_MUNICIPALITY)
# When two accounts of one person become one, what the other had is taken over.
_THEIRS = any_of(OWN_RESIDENT, OWN_MUNICIPALITY, OF_MERGED)
_OF_A_CERTIFICATE = (
    "EXISTS (SELECT FROM public.certificates_certificate c WHERE c.id = certificate_id)"
)

WALLS = [
    Wall(
        "certificates_certificate",
        select=any_of(_THEIRS, "code = (SELECT guard.certificate())"),
        insert=_OWN,
        update=_THEIRS,
    ),
    Wall("certificates_certificatefile", select=_OF_A_CERTIFICATE, insert=_OF_A_CERTIFICATE),
]
