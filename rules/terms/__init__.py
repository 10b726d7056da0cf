"""Statutory terms: law as dated data, calendar, arithmetic, explanation.

``law().rule(id, on)`` gives the version of a rule in force on the date of the fact; ``compute`` gives its date with the
explanation and the dates of other readings. Importing this package reads no file and no calendar.
"""

from schuldhulp.rules.terms.arithmetic import (
    add_working_days,
    atw_covers,
    backward,
    extend_by_atw,
    hours_later,
    on_or_after,
    unshifted_end,
    working_days_between,
)
from schuldhulp.rules.terms.calendar import Calendar, Why, shipped_calendar
from schuldhulp.rules.terms.computing import Computed, compute, compute_hours
from schuldhulp.rules.terms.counting import Adjournment
from schuldhulp.rules.terms.equated import EquatedDays, load_equated_days, shipped_equated_days
from schuldhulp.rules.terms.errors import (
    AcceptanceNeeded,
    AdjournmentNotAllowed,
    AlreadyAdjourned,
    AlreadyMet,
    AlreadySuspended,
    BadSuspension,
    CountsInHours,
    DateOutOfRange,
    FactsContradict,
    Finding,
    Forbidden,
    GroundNotAllowed,
    LawFileError,
    LengthNotAllowed,
    NoLength,
    NotAWholeNumber,
    NoTermSet,
    NotSuspended,
    RuleNotInForce,
    SuspensionOpen,
    TermError,
    TermExpired,
    UnknownReading,
    UnknownRule,
)
from schuldhulp.rules.terms.explanation import Alternative, Explanation, Kind, Note, Stretch
from schuldhulp.rules.terms.feel_functions import feel_functions
from schuldhulp.rules.terms.guards import may_adjourn, may_suspend
from schuldhulp.rules.terms.load import law, load_law
from schuldhulp.rules.terms.model import (
    Gives,
    Ground,
    GroundKind,
    Law,
    Length,
    Local,
    Period,
    Rule,
    Shift,
    Source,
    Start,
    Unit,
)
from schuldhulp.rules.terms.objection import Timeliness, decision_on_objection, objection_term, timeliness
from schuldhulp.rules.terms.penalties import Penalty, PenaltyDay, penalty, penalty_cents, shares
from schuldhulp.rules.terms.readings import SWITCHES, Readings, Switch
from schuldhulp.rules.terms.render_dutch import explain_dutch
from schuldhulp.rules.terms.render_english import explain_text
from schuldhulp.rules.terms.suspension import Suspension
from schuldhulp.rules.terms.words import dutch_date, words_left
from schuldhulp.rules.terms.wsnp import check_moratorium, wsnp_end

__all__ = [
    "SWITCHES",
    "AcceptanceNeeded",
    "Adjournment",
    "AdjournmentNotAllowed",
    "AlreadyAdjourned",
    "AlreadyMet",
    "AlreadySuspended",
    "Alternative",
    "BadSuspension",
    "Calendar",
    "Computed",
    "CountsInHours",
    "DateOutOfRange",
    "EquatedDays",
    "Explanation",
    "FactsContradict",
    "Finding",
    "Forbidden",
    "Gives",
    "Ground",
    "GroundKind",
    "GroundNotAllowed",
    "Kind",
    "Law",
    "LawFileError",
    "Length",
    "LengthNotAllowed",
    "Local",
    "NoLength",
    "NoTermSet",
    "NotAWholeNumber",
    "NotSuspended",
    "Note",
    "Penalty",
    "PenaltyDay",
    "Period",
    "Readings",
    "Rule",
    "RuleNotInForce",
    "Shift",
    "Source",
    "Start",
    "Stretch",
    "Suspension",
    "SuspensionOpen",
    "Switch",
    "TermError",
    "TermExpired",
    "Timeliness",
    "Unit",
    "UnknownReading",
    "UnknownRule",
    "Why",
    "add_working_days",
    "atw_covers",
    "backward",
    "check_moratorium",
    "compute",
    "compute_hours",
    "decision_on_objection",
    "dutch_date",
    "explain_dutch",
    "explain_text",
    "extend_by_atw",
    "feel_functions",
    "hours_later",
    "law",
    "load_equated_days",
    "load_law",
    "may_adjourn",
    "may_suspend",
    "objection_term",
    "on_or_after",
    "penalty",
    "penalty_cents",
    "shares",
    "shipped_calendar",
    "shipped_equated_days",
    "timeliness",
    "unshifted_end",
    "words_left",
    "working_days_between",
    "wsnp_end",
]
