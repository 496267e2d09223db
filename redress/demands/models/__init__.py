"""The tables of the demand flow."""

from redress.demands.models.around import (
    CheckIn,
    Collective,
    Hearing,
    IdentityDecision,
    IdentityRequest,
    Membership,
    Notice,
    Promise,
    PublicNumbers,
    Sample,
    SampleCall,
)
from redress.demands.models.demand import Demand, Hold, Party, SealedIdentity
from redress.demands.models.said import (
    Addition,
    Answer,
    Attachment,
    Marking,
    MarkingWord,
    Question,
    Referral,
    Verification,
    WorkerWord,
)

__all__ = [
    "Addition",
    "Answer",
    "Attachment",
    "CheckIn",
    "Collective",
    "Demand",
    "Hearing",
    "Hold",
    "IdentityDecision",
    "IdentityRequest",
    "Marking",
    "MarkingWord",
    "Membership",
    "Notice",
    "Party",
    "Promise",
    "PublicNumbers",
    "Question",
    "Referral",
    "Sample",
    "SampleCall",
    "SealedIdentity",
    "Verification",
    "WorkerWord",
]
