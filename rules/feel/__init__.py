"""FEEL 1.5 (OMG DMN 1.5, chapter 10): text to tokens to tree to value.

    >>> from decimal import Decimal
    >>> compile_expression("bedrag per maand * 12", ["bedrag per maand"])({"bedrag per maand": Decimal("49.95")})
    Decimal('599.40')
    >>> compile_unary_tests("[18..65)")({"?": Decimal(17)})
    False
"""

from schuldhulp.rules.feel.callables import DEFAULT_LIMIT, Function, Run
from schuldhulp.rules.feel.compare import compare, equal, in_range, is_member
from schuldhulp.rules.feel.errors import (
    FeelError,
    FeelEvaluationError,
    FeelPlaceError,
    FeelSyntaxError,
    FeelValueError,
    NullResult,
    Remark,
    WorkLimitExceeded,
    caret,
)
from schuldhulp.rules.feel.expressions import (
    Compiled,
    Result,
    compile_expression,
    compile_unary_tests,
    unknown_names,
)
from schuldhulp.rules.feel.foreign import refuse_foreign
from schuldhulp.rules.feel.free import free_names
from schuldhulp.rules.feel.functions import BUILT_INS
from schuldhulp.rules.feel.names import did_you_mean, normal
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.printing import print_tree
from schuldhulp.rules.feel.temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    read_temporal,
)
from schuldhulp.rules.feel.types import (
    ANY,
    BOOLEAN,
    BUILT_IN_TYPES,
    DATE,
    DATE_TIME,
    DAYS_TIME_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS_DURATION,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    coerce,
    conforms,
    instance_of,
)
from schuldhulp.rules.feel.values import Range, Value, feel_value, kind, render, to_python

__all__ = [
    "ANY", "BOOLEAN", "BUILT_INS", "BUILT_IN_TYPES", "DATE", "DATE_TIME", "DAYS_TIME_DURATION", "DEFAULT_LIMIT", "NULL",
    "NUMBER", "STRING", "TIME", "YEARS_MONTHS_DURATION", "Compiled", "ContextType", "DaysTimeDuration", "FeelDate",
    "FeelDateTime", "FeelError", "FeelEvaluationError", "FeelPlaceError", "FeelSyntaxError", "FeelTime", "FeelType",
    "FeelValueError", "Function", "FunctionType", "ListType", "NamedType", "Node", "NullResult", "Range", "RangeType",
    "Remark", "Result", "Run", "Value", "WorkLimitExceeded", "YearsMonthsDuration", "caret", "coerce", "compare",
    "compile_expression", "compile_unary_tests", "conforms", "did_you_mean", "equal", "feel_value", "free_names",
    "in_range", "instance_of", "is_member", "kind", "normal", "print_tree", "read_temporal", "refuse_foreign", "render",
    "to_python", "unknown_names",
]
