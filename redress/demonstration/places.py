"""The made province: its offices and bodies. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NATION: Final = "ir."
PROVINCE: Final = "ir.sp."


@dataclass(frozen=True, slots=True)
class MadePlace:
    """An office with its names in the three languages."""

    path: str
    kind: str
    en: str
    fa: str
    zh: str


COUNTIES: Final = (
    MadePlace("ir.sp.nk.", "county", "Nilkuh", "نیلکوه", "尼尔库县"),
    MadePlace("ir.sp.gd.", "county", "Golandasht", "گلان‌دشت", "戈兰达什特县"),
    MadePlace("ir.sp.sb.", "county", "Sangbandar", "سنگ‌بندر", "桑班达尔县"),
    MadePlace("ir.sp.ch.", "county", "Chenarbagh", "چنارباغ", "切纳尔巴格县"),
    MadePlace("ir.sp.ab.", "county", "Abdarreh", "آب‌دره", "阿卜达雷县"),
    MadePlace("ir.sp.kv.", "county", "Kavirzar", "کویرزار", "卡维尔扎尔县"),
)
_WORKPLACES: Final = (
    ("tx", "textile works", "نساجی", "纺织厂"),
    ("tl", "tile works", "کاشی", "瓷砖厂"),
    ("pk", "packing hall", "بسته‌بندی", "包装车间"),
)

# Kind of body -> working days it has for an answer. Illustrative.
PROVINCIAL_BODIES: Final = {
    "governor": 30,
    "health_directorate": 20,
    "housing_office": 30,
    "facilitation_group": 20,
    "parliament": 30,
    "judiciary": 30,
    "admin_court": 30,
    "bank": 20,
    "employers_association": 20,
    "federation": 15,
    "civil_affairs": 20,
    "safety_authority": 5,
    "market_regulator": 20,
}
COUNTY_BODIES: Final = {
    "labour_office": 20,
    "labour_inspection": 5,
    "dispute_board": 20,
    "social_security": 15,
    "county_governor": 20,
    "industry_office": 20,
    "education_office": 20,
    "employer": 10,
    "works_council": 10,
}


def county_path(path: str) -> str:
    """Give the path of the county that a made place lies in."""
    return ".".join(path.split(".")[:3]) + "."


def made_offices() -> list[MadePlace]:
    """List all offices: nation, province, counties, and three workplaces a county."""
    offices = [
        MadePlace(NATION, "nation", "The whole country", "سراسر کشور", "全国"),
        MadePlace(PROVINCE, "province", "Sepidrud province", "استان سپیدرود", "塞皮德鲁德省"),
        *COUNTIES,
    ]
    for county in COUNTIES:
        offices += [
            MadePlace(
                f"{county.path}{code}.",
                "workplace",
                f"{county.en} {en}, workplace union",
                f"تشکل کارگری {fa} {county.fa}",
                f"{county.zh}{zh}工会",
            )
            for code, en, fa, zh in _WORKPLACES
        ]
    return offices
