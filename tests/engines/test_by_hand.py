"""Cases worked out in plain arithmetic, without the engine: what a clerk with a pencil would grant.

Sums are in units of currency, as strings of `decimal` would print them; shares are written as whole
numbers over a hundred, so that no float comes near money.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

import pytest

from redress.engines.rules.checking import check
from redress.engines.rules.decide import Decider
from redress.engines.rules.facts import read_case
from redress.engines.rules.telling import as_json
from tests.engines.packs import SCHEMES, bent

MIDSUMMER = "2024-06-01"
FEN, RIAL, PENNY = "0.01", "1", "0.01"


@cache
def decider(name):
    (path,) = [one for one in SCHEMES if one.stem == name]
    return Decider(check(path.read_text())[0])


def decided(name, facts, on, given=None):
    one = decider(name) if "\n" not in name else Decider(check(name)[0])
    case = read_case(one.pack, {**facts, "given": given or {}}, members=facts.get("members"))
    return as_json(one.decide(case, on=dt.date.fromisoformat(on)))


def paid(amount, step):
    """Round half up to a step, as a cashier does, and write it with the step's digits."""
    exact = Fraction(amount)
    written = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(written.quantize(Decimal(step), ROUND_HALF_UP))


def family(size, income, rigid=0, **more):
    return {
        "household_size": size,
        "annual_disposable_income": income,
        "rigid_expenditure": rigid,
        **more,
    }


LINE = 940  # yuan a month for each person, 2024


def test_deep_living_fills_up_to_the_line_and_no_further_than_twelve_months():
    gap = 12 * 2 * LINE - 13000
    assert gap == 9560  # below 12 x 940

    told = decided("cn-province", family(2, 13000), MIDSUMMER)

    assert told["category"] == "deep"
    assert told["granted"] == {"living": paid(gap, FEN), "mutual_premium": "80.00"}


def test_kinds_in_turn_the_higher_first_each_counting_as_income():
    own = 20000 - 7000
    medical = 90 * 10000 // 100 + 70 * (own - 10000) // 100
    living_before = min(12 * LINE, 12 * 3 * LINE - 16000)
    assert (medical, living_before) == (11100, 11280)  # living is higher, so it goes first
    assert (16000 + living_before) < 12 * 3 * LINE  # 27280 < 33840: still deep, so medical too

    facts = family(3, 16000, medical_total=20000, paid_basic=7000)
    told = decided("cn-province", facts, MIDSUMMER)

    assert told["granted"] == {
        "living": paid(living_before, FEN),
        "medical": paid(medical, FEN),
        "mutual_premium": "80.00",
    }
    assert told["log"] == []


def test_kinds_in_turn_stop_when_the_household_is_no_longer_deep():
    study = 2 * 10 * LINE
    assert 17000 + study >= 12 * 3 * LINE  # 35800 >= 33840

    told = decided("cn-province", family(3, 17000, students_higher=2), MIDSUMMER)

    assert told["granted"] == {"study": paid(study, FEN), "mutual_premium": "80.00"}
    assert told["refused"]["living"] == ["no_longer_in_category"]


def test_a_later_kind_is_only_what_the_earlier_left_of_the_gap():
    study = 10 * LINE
    gap = 12 * 2 * LINE - 11900
    assert (study, gap) == (9400, 10660)  # living is higher and first: it fills the whole gap
    told = decided("cn-province", family(2, 11900, students_higher=1), MIDSUMMER)
    assert told["granted"] == {"living": paid(gap, FEN), "mutual_premium": "80.00"}

    gap = 12 * 2 * LINE - 13500
    rest = gap - study
    assert (gap, rest) == (9060, -340)  # study is higher and first, and leaves no gap
    told = decided("cn-province", family(2, 13500, students_higher=1), MIDSUMMER)
    assert told["granted"] == {"study": paid(study, FEN), "mutual_premium": "80.00"}


def test_in_relative_difficulty_only_the_best_kind_is_paid_and_training_besides():
    living = min(10 * LINE, 12 * 2 * 2 * LINE - 30000)
    medical = min(16000, 80 * 14000 // 100)
    training = min(2700, 2 * 1500)
    assert (living, medical, training) == (9400, 11200, 2700)

    facts = family(2, 30000, medical_total=14000, trainees=2, training_fee=2700)
    told = decided("cn-province", facts, MIDSUMMER)

    assert told["category"] == "relative"
    assert told["granted"] == {"medical": paid(medical, FEN), "job": paid(training, FEN)}
    assert told["refused"]["living"] == ["another_item_is_higher"]


def test_mutual_aid_pays_before_the_union_does():
    before = 3000 - 1000
    mutual = min(10000, (before - 500) // 2)
    medical = Fraction(90, 100) * (before - mutual)
    assert (mutual, medical) == (750, 1125)

    facts = family(3, 5000, medical_total=3000, paid_basic=1000, mutual_member=True)
    told = decided("cn-province", facts, MIDSUMMER)

    assert told["derived"]["own_part"] == paid(before - mutual, FEN)
    assert told["granted"]["medical"] == paid(medical, FEN)


def test_half_a_fen_is_rounded_up_once_at_the_end():
    own = Decimal("333.35")
    exact = own * 90 / 100
    assert exact == Decimal("300.015")

    told = decided("cn-province", family(4, 0, medical_total=str(own)), MIDSUMMER)

    assert told["granted"]["medical"] == paid(Fraction(exact), FEN) == "300.02"


def test_a_limit_by_law_refuses_the_whole_sum_and_cuts_nothing():
    sum_ = min(12 * LINE, 12 * 3 * LINE - (8000 + 4000))
    assert sum_ + 4000 > 12 * LINE

    told = decided(
        "cn-province", family(3, 8000, prior_aid=4000), MIDSUMMER, given={"living": 4000}
    )

    assert told["granted"] == {"mutual_premium": "80.00"}
    assert told["refused"]["living"] == ["above_legal_ceiling"]


def test_the_limit_for_students_grows_with_their_number():
    study = 1 * 10 * LINE + 1 * 6 * LINE
    earlier = 2 * 10 * LINE - study  # exactly up to the limit for two
    assert (study, earlier) == (15040, 3760)
    facts = family(5, 0, students_higher=1, students_secondary=1)

    told = decided("cn-province", facts, MIDSUMMER, given={"study": earlier})
    assert told["granted"]["study"] == paid(study, FEN)

    told = decided("cn-province", facts, MIDSUMMER, given={"study": f"{earlier}.01"})
    assert "study" not in told["granted"]


def test_who_pays_for_whom():
    deep = decided("cn-province", family(1, 6000), MIDSUMMER)
    relative = decided("cn-province", family(1, 12000), MIDSUMMER)

    assert deep["funds"]["living"] == ["central", "union_dues", "donations"]
    assert relative["funds"]["living"] == ["union_dues", "donations"]


WAGE_FLOOR = 103_900_000  # rials a month, 1404


@pytest.mark.parametrize(
    ("months", "family_too", "duration"),
    [
        (5, False, None), (6, False, 6), (24, True, 12), (25, True, 18), (120, False, 12),
        (121, False, 18), (180, True, 26), (181, True, 36), (240, False, 26), (241, False, 36),
        (720, True, 50),
    ],
)  # fmt: skip
def test_months_of_unemployment_benefit_go_by_bands(months, family_too, duration):
    facts = {"contribution_months": months, "average_wage": 200_000_000, "married": family_too}
    told = decided("ir-province", facts, "2025-06-01")

    assert told["granted"].get("unemployment_months") == (str(duration) if duration else None)


@pytest.mark.parametrize(
    ("wage", "dependants"),
    [(100_000_001, 0), (190_000_003, 1), (166_000_007, 4), (240_000_000, 7), (129_000_000, 3)],
)
def test_unemployment_benefit_between_its_floor_and_its_cap(wage, dependants):
    rate = Fraction(55, 100) * wage + Fraction(10, 100) * WAGE_FLOOR * min(dependants, 4)
    sum_ = max(WAGE_FLOOR, min(Fraction(80, 100) * wage, rate))
    sick = (Fraction(75, 100) if dependants else Fraction(2, 3)) * wage

    facts = {"contribution_months": 60, "average_wage": wage, "dependants": dependants}
    told = decided("ir-province", facts, "2025-06-01")

    assert told["granted"]["unemployment_month"] == paid(sum_, RIAL)
    assert told["granted"]["sick_pay_month"] == paid(sick, RIAL)


def test_a_loan_is_paid_in_whole_millions_downwards():
    by_wage = Fraction(30, 100) * 31_000_000 * 24 / Fraction(104, 100)
    most = min(250_500_000, 3 * WAGE_FLOOR, by_wage)
    assert by_wage == Fraction(2_790_000_000, 13)  # 214615384.6...

    facts = {"contribution_months": 0, "average_wage": 0, "net_wage": 31_000_000,
             "requested": 250_500_000, "wage_arrears_months": 2}  # fmt: skip
    told = decided("ir-province", facts, "2025-06-01")

    assert told["granted"] == {"loan": str(int(most // 1_000_000) * 1_000_000)}


def test_points_for_housing_add_up():
    points = 2 * min(23, 20) + 5 * min(6, 4) + 10 + 10 + 8

    facts = {"contribution_months": 0, "average_wage": 0, "insured_years": 23, "dependants": 6,
             "residence_years": 5, "woman_head": True, "disability_in_home": True,
             "rent_share": "0.41"}  # fmt: skip
    told = decided("ir-province", facts, "2025-06-01")

    assert told["granted"] == {"housing_points": str(points)} == {"housing_points": "88"}


def test_the_yearly_cap_cuts_in_its_order_and_strike_stands_outside():
    room = 1000 - 250
    job_loss = min(500, room)
    arrears = min(min(500, 320), room - job_loss)
    strike = max(0, min(900 - 70 * 9, 400))
    assert (job_loss, arrears, room - job_loss - arrears, strike) == (500, 250, 0, 270)

    facts = {"member_weeks": 60, "lost_job": True, "housing_arrears": 320, "winter_drawn": True,
             "granted_last_12_months": 250, "strike_days": 9, "strike_loss": 900,
             "strike_essential_shortfall": 400, "days_since_action": 61}  # fmt: skip
    told = decided("en-fund", facts, "2025-12-11")

    assert told["granted"] == {
        "job_loss": paid(job_loss, PENNY),
        "arrears": paid(arrears, PENNY),
        "strike": paid(strike, PENNY),
    }
    assert told["refused"]["winter"] == ["cap_used_up"]


@pytest.mark.parametrize(("day", "limit"), [("2025-12-09", 26000), ("2025-12-10", 28205)])
def test_the_winter_grant_goes_by_the_limit_of_its_day(day, limit):
    for income, granted in ((limit, {"winter": "200.00"}), (f"{limit}.01", {})):
        facts = {"member_weeks": 60, "winter_drawn": True, "net_income_year": income}

        assert decided("en-fund", facts, day)["granted"] == granted


def grown(born, day):
    """Count birthdays kept: who is born on 29 February keeps it on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@pytest.mark.parametrize(
    "day", ["2026-02-27", "2026-02-28", "2026-03-01", "2028-02-28", "2028-02-29"]
)
def test_whoever_is_born_on_29_february_comes_of_age_on_1_march(day):
    members = {"born": {"type": "date"}}
    item = {"id": "grown", "when": "True", "amount": "count(members, age_on(born, day) >= 18)",
            "unit": "person"}  # fmt: skip
    text = bent(members=members, items=[item], category=None, exclusions=None)
    births = ["2008-02-28", "2008-02-29", "2008-03-01", "2010-02-28", "2010-03-01"]
    today = dt.date.fromisoformat(day)
    of_age = sum(grown(dt.date.fromisoformat(born), today) >= 18 for born in births)

    facts = {"size": 5, "income": 0, "members": [{"born": born} for born in births]}
    told = decided(text, facts, day)

    assert told["granted"].get("grown", "0.00") == f"{of_age}.00"


@pytest.mark.parametrize(
    ("income", "level"),
    [("2000", None), ("2000.01", "province"), ("5000", "province"), ("5000.01", "nation")],
)
def test_a_sum_above_a_line_needs_a_higher_hand(income, level):
    approval = [{"above": 2000, "level": "province"}, {"above": 5000, "level": "nation"}]
    item = {"id": "help", "when": "size > 0", "amount": "income", "approval": approval}
    text = bent(items=[item], category=None, exclusions=None)

    told = decided(text, {"size": 1, "income": income}, MIDSUMMER)

    assert told["granted"] == {"help": paid(Decimal(income), FEN)}
    assert told["approval"] == ({"help": level} if level else {})


def test_of_best_one_no_other_kind_is_given_in_a_year_in_which_one_was():
    # Net income per head 12000 / 12 = 1000, between 940 and 1880: relative, one kind a year.
    # Study is higher (2 x 8 x 940 = 15040 against at most 9400), but living was given this year;
    # of living 22560 - 12000 - 100 = 10460, at most 9400, and 9400 + 100 stays below 11280.
    facts = family(1, 12000, prior_aid=100, students_higher=2)

    told = decided("cn-province", facts, MIDSUMMER, given={"living": 100})

    assert told["granted"] == {"living": "9400.00"}
    assert told["refused"]["study"] == ["another_item_was_given"]
