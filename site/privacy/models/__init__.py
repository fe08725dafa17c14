from privacy.models.access import AccessRecord
from privacy.models.cases import Case, CaseEvent, CaseTerm
from privacy.models.closings import AccountClosing
from privacy.models.consents import Consent
from privacy.models.exports import Export, ExportFile, ExportRecord, ExportSubject
from privacy.models.known import KnownTo

__all__ = [
    "AccessRecord",
    "AccountClosing",
    "Case",
    "CaseEvent",
    "CaseTerm",
    "Consent",
    "Export",
    "ExportFile",
    "ExportRecord",
    "ExportSubject",
    "KnownTo",
]
