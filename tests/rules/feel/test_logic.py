"""Three-valued logic, by its laws."""

from itertools import product

import pytest

from schuldhulp.rules.feel import compile_expression
from schuldhulp.rules.feel.values import Value

VALUES: tuple[Value, ...] = (True, False, None)
ALL_PAIRS = list(product(VALUES, VALUES))
ALL_TRIPLES = list(product(VALUES, VALUES, VALUES))


def holds(text: str, **scope: Value) -> Value:
    return compile_expression(text, ("p", "q", "r"))(scope)


@pytest.mark.parametrize(("p", "q"), ALL_PAIRS)
def test_and_is_the_least_and_or_the_greatest_of_false_null_true(p: Value, q: Value) -> None:
    order = {False: 0, None: 1, True: 2}
    least, greatest = sorted((p, q), key=lambda value: order[value])  # type: ignore[index]
    assert holds("p and q", p=p, q=q) is least
    assert holds("p or q", p=p, q=q) is greatest


@pytest.mark.parametrize(("p", "q"), ALL_PAIRS)
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("p and q", "q and p"),
        ("p or q", "q or p"),
        ("not(p and q)", "not(p) or not(q)"),
        ("not(p or q)", "not(p) and not(q)"),
        ("p and (p or q)", "p"),
        ("p or (p and q)", "p"),
        ("not(not(p))", "p"),
        ("some x in [p, q] satisfies x", "p or q"),
        ("every x in [p, q] satisfies x", "p and q"),
        ("all([p, q])", "p and q"),
        ("any([p, q])", "p or q"),
    ],
)
def test_the_laws_of_logic_hold_with_null(left: str, right: str, p: Value, q: Value) -> None:
    assert holds(left, p=p, q=q) is holds(right, p=p, q=q)


@pytest.mark.parametrize(("p", "q", "r"), ALL_TRIPLES)
def test_and_and_or_associate_and_distribute(p: Value, q: Value, r: Value) -> None:
    for left, right in (
        ("(p and q) and r", "p and (q and r)"),
        ("(p or q) or r", "p or (q or r)"),
        ("p and (q or r)", "(p and q) or (p and r)"),
        ("p or (q and r)", "(p or q) and (p or r)"),
        ("p and q and r", "(p and q) and r"),
    ):
        assert holds(left, p=p, q=q, r=r) is holds(right, p=p, q=q, r=r)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('true and "x"', None),
        ('false and "x"', False),
        ('"x" and false', False),
        ("true or 1", True),
        ("1 or true", True),
        ("false or 1", None),
        ("not(1)", None),
        ("null = null", True),
        ("null != null", False),
        ("1 = null", False),
        ('1 = "1"', None),
        ("null < 1", None),
        ("if null then 1 else 2", 2),
        ('if "x" then 1 else 2', 2),
    ],
)
def test_what_is_not_a_boolean_counts_as_unknown(text: str, expected: Value) -> None:
    answer = compile_expression(text)({})
    assert answer is expected or answer == expected


def test_a_condition_that_is_no_boolean_is_reported() -> None:
    (remark,) = compile_expression('if "x" then 1 else 2').evaluate({}).remarks
    assert (remark.kind, remark.text[remark.start : remark.end]) == ("type-mismatch", '"x"')
