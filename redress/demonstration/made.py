"""The seeded generator: demands and households of any number, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from redress.demonstration.facts import made_facts
from redress.demonstration.places import COUNTIES, MadePlace
from redress.values.text import to_persian_digits

_DATA: Final = Path(__file__).parent / "data"
LANGUAGES: Final = ("fa", "zh", "en")
_LANGUAGE_WEIGHTS: Final = (6, 2, 2)
YEARS_BACK: Final = 3
_DAYS_BACK: Final = 365 * YEARS_BACK
_TOPIC_WEIGHT: Final = {
    "pay.arrears": 5,
    "ins.contributions": 3,
    "job.contract": 3,
    "living.cost": 2,
}
_WORKPLACE_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class MadeDemand:
    """A made demand with the topic its text was written for."""

    source_id: str
    text: str
    language: str
    topic: str
    urgency: str
    path: str
    employer: str
    workers_count: int
    name: str
    heard_on: dt.date


@dataclass(frozen=True, slots=True)
class MadeMember:
    """A member of a made household."""

    full_name: str
    relation: str
    sex: str
    birth_on: dt.date
    national_id: str


@dataclass(frozen=True, slots=True)
class MadeHousehold:
    """A made household; the head is its first member; sums are whole rials."""

    source_id: str
    path: str
    phone: str
    address: str
    employer: str
    members: tuple[MadeMember, ...]
    income_per_month: int
    rent_per_month: int
    told: dict[str, Any]  # what the schemes of the country ask for, by their names; sums in rials


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = _load("names.yaml")
    return loaded


@lru_cache(maxsize=3)
def _texts(language: str) -> list[tuple[str, dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = _load(f"texts.{language}.yaml")
    return [
        (topic, entry)
        for topic, entries in found.items()
        for entry in entries
        for _again in range(_TOPIC_WEIGHT.get(topic, 1))
    ]


@lru_cache(maxsize=3)
def answers(language: str) -> dict[str, list[str]]:
    """Give the made answers, notes, situations and reasons of a language, by kind."""
    loaded: dict[str, list[str]] = _load(f"answers.{language}.yaml")
    return loaded


def _load(name: str) -> Any:  # noqa: ANN401 - YAML
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))


def made_demands(count: int, *, seed: int, today: dt.date) -> Iterator[MadeDemand]:
    """Make demands of the last three years.

    Args:
        count: how many.
        seed: the same seed makes the same demands.
        today: the day they end on.
    """
    dice = random.Random(f"demands/{seed}")  # noqa: S311 - not for secrets
    for number in range(count):
        language = dice.choices(LANGUAGES, _LANGUAGE_WEIGHTS)[0]
        topic, entry = dice.choice(_texts(language))
        county = dice.choice(COUNTIES)
        firm = dice.choice(_names()[language]["firms"])
        workers = dice.randint(3, 200) if entry.get("workers") else 1
        yield MadeDemand(
            source_id=f"demand-{seed}-{number:07}",
            text=_fill(entry["text"], language, county, firm=firm, workers=workers, dice=dice),
            language=language,
            topic=topic,
            urgency=entry["urgency"],
            path=_office(county, dice),
            employer=firm,
            workers_count=workers,
            name=_person(language, dice.choice(["male", "female"]), dice),
            heard_on=today - dt.timedelta(days=int(_DAYS_BACK * dice.random() ** 1.7)),
        )


def _office(county: MadePlace, dice: random.Random) -> str:
    if dice.random() >= _WORKPLACE_SHARE:
        return county.path
    return county.path + dice.choice(["tx.", "tl.", "pk."])


def _fill(
    text: str, language: str, county: MadePlace, *, firm: str, workers: int, dice: random.Random
) -> str:
    months, years = dice.randint(2, 11), dice.randint(3, 25)
    millions = dice.randint(3, 60)
    amount = {
        "en": f"{millions} million tomans",
        "fa": f"{millions} میلیون تومان",
        "zh": f"{millions * 100}元",
    }[language]
    place = {"en": county.en, "fa": county.fa, "zh": county.zh}[language]
    slots = {
        "firm": firm,
        "workers": workers,
        "months": months,
        "years": years,
        "amount": amount,
    }
    filled = text.format(place=place, **slots)
    return to_persian_digits(filled) if language == "fa" else filled


def _person(language: str, sex: str, dice: random.Random, *, family: str = "") -> str:
    names = _names()[language]
    given = dice.choice(names[f"given_{sex}"])
    family = family or dice.choice(names["family"])
    return f"{family}{given}" if language == "zh" else f"{given} {family}"


def made_households(count: int, *, seed: int, today: dt.date) -> Iterator[MadeHousehold]:
    """Make households with members.

    Args:
        count: how many.
        seed: the same seed makes the same households.
        today: the day their ages hold for.
    """
    dice = random.Random(f"households/{seed}")  # noqa: S311 - not for secrets
    for number in range(count):
        language = dice.choices(LANGUAGES, (8, 1, 1))[0]
        county = dice.choice(COUNTIES)
        names = _names()[language]
        yield MadeHousehold(
            source_id=f"household-{seed}-{number:07}",
            path=_office(county, dice),
            phone=f"0900{dice.randint(0, 9999999):07}",
            address=f"{dice.choice(names['streets'])} {dice.randint(2, 180)}",
            employer=dice.choice(names["firms"]),
            members=tuple(_family(language, today, dice)),
            income_per_month=dice.randint(20, 220) * 1_000_000,
            rent_per_month=dice.choice([0, dice.randint(20, 120) * 1_000_000]),
            told=made_facts(random.Random(f"told/{seed}/{number}")),  # noqa: S311 - not for secrets
        )


def _family(language: str, today: dt.date, dice: random.Random) -> Iterator[MadeMember]:
    family = dice.choice(_names()[language]["family"])
    sexes = ["male", "female"]
    dice.shuffle(sexes)
    head_age = dice.randint(22, 64)
    yield _member(language, "head", sexes[0], family, _birth(head_age, today, dice), dice)
    if dice.random() < 0.75:
        spouse_age = max(20, head_age + dice.randint(-6, 6))
        spouse_birth = _birth(spouse_age, today, dice)
        yield _member(language, "spouse", sexes[1], "", spouse_birth, dice)
    for _child in range(dice.choices(range(5), (3, 4, 4, 2, 1))[0]):
        age = max(0, min(head_age - 19, dice.randint(0, 24)))
        sex = dice.choice(["male", "female"])
        yield _member(language, "child", sex, family, _birth(age, today, dice), dice)


def _birth(age: int, today: dt.date, dice: random.Random) -> dt.date:
    return today - dt.timedelta(days=age * 365 + dice.randint(1, 364))


def _member(
    language: str, relation: str, sex: str, family: str, birth_on: dt.date, dice: random.Random
) -> MadeMember:
    # Ten digits beginning 000: no Iranian office has given these out.
    national_id = f"000{dice.randint(0, 9_999_999):07}"
    full_name = _person(language, sex, dice, family=family)
    return MadeMember(full_name, relation, sex, birth_on, national_id)


def demand_row(one: MadeDemand) -> dict[str, str]:
    """Write a made demand as a row that ``redress import demands`` takes."""
    return {
        "source_id": one.source_id,
        "text": one.text,
        "office": one.path,
        "employer": one.employer,
        "topic": one.topic,
        "urgency": one.urgency,
        "name": one.name,
        "workers_count": str(one.workers_count),
        "heard_on": one.heard_on.isoformat(),
        "lang": one.language,
    }


def made_names(count: int, *, seed: str) -> list[str]:
    """Make distinct Persian names, for the staff of the made province."""
    dice = random.Random(f"names/{seed}")  # noqa: S311 - not for secrets
    names: dict[str, None] = {}
    while len(names) < count:
        names[_person("fa", dice.choice(["male", "female"]), dice)] = None
    return list(names)


def household_row(one: MadeHousehold) -> dict[str, str]:
    """Write a made household as a row that ``redress import households`` takes."""
    return {
        "source_id": one.source_id,
        "office": one.path,
        "head_name": one.members[0].full_name,
        "phone": one.phone,
        "address": one.address,
        "employer": one.employer,
        "income_per_month": str(one.income_per_month),
        "rent_per_month": str(one.rent_per_month),
    }


def member_rows(one: MadeHousehold) -> list[dict[str, str]]:
    """Write the members of a made household as rows of the members' file."""
    return [
        {
            "household_id": one.source_id,
            "full_name": member.full_name,
            "relation": member.relation,
            "sex": member.sex,
            "birth_date": member.birth_on.isoformat(),
            "national_id": member.national_id,
        }
        for member in one.members
    ]
