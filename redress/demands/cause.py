"""What the members of a collective demand have in common, and how well another demand fits it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redress.demands.collect import joinable, members
from redress.demands.models import Collective, Demand
from redress.engines.triage.keywords import suggest_topics
from redress.registers.accounts.roles import Actor
from redress.values.search_words import TooShort, index_words, query_words
from redress.values.text import guess_language, normal_form

_AROUND_MAX: Final = 200
_MEMBERS_READ_MAX: Final = 100
_EMPLOYERS_MAX: Final = 5
_WORDS_A_LANGUAGE: Final = 6
_COMMON: Final = 10  # a word in more of the demands around tells nothing apart
_ALIKE: Final = 0.5
_OF_MANY: Final = 0.3  # what members of a cause say: words in so large a share of them
_FEW_MEMBERS: Final = 3
_WORKPLACE_PARTS: Final = 4  # nation, province, county, workplace
_WEIGHTS: Final = {"employer": 3, "topic": 2, "place": 2, "words": 2}

_WHO: Final = frozenset({"employer", "place"})
_WHAT: Final = frozenset({"topic", "words"})
# Of every set one word must stand there.
Words = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A demand that may belong to a collective one, and why.

    Attributes:
        because: employer, topic, place, words; none where it was searched for.
        alike: how much of what it says the members say too, 0 to 1.
        was_removed: it was taken out of it before.
    """

    demand: Demand
    score: int
    alike: float
    because: tuple[str, ...]
    was_removed: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """What the members have in common, as far as it can be read off them.

    Attributes:
        employers: the words of each employer's name, that of the collective demand first.
        employer_languages: the languages these names are written in.
        words: what they say, by language, each word with its weight there.
        background: in how many of the place's newest other demands each word stands.
    """

    collective: Collective
    employers: tuple[Words, ...]
    employer_languages: frozenset[str]
    has_members: bool
    paths: frozenset[str]
    workplaces: frozenset[str]
    words: dict[str, dict[str, float]]
    background: Counter[str]
    background_size: int

    @classmethod
    def of(cls, collective: Collective, *, seen_by: Actor) -> Cause:
        """Read the collective demand's name and its newest members."""
        inside = list(members(collective, seen_by=seen_by)[:_MEMBERS_READ_MAX])
        others = joinable(collective, seen_by=seen_by).exclude(pk__in=[one.pk for one in inside])
        around = others.order_by("-pk")[:_AROUND_MAX]
        background: Counter[str] = Counter()
        texts = list(around.values_list("text", flat=True))
        for text in texts:
            background.update(index_words(text))
        known = _employers(collective, inside)
        return cls(
            collective=collective,
            employers=tuple(_read(name) for name in known),
            employer_languages=frozenset(guess_language(name) for name in known),
            has_members=bool(inside),
            paths=_of_half([collective.path], [one.path for one in inside]),
            workplaces=_of_half([], [normal_form(one.workplace) for one in inside]) - {""},
            words={},
            background=background,
            background_size=len(texts),
        )._with_words(inside)

    def _with_words(self, inside: Sequence[Demand]) -> Cause:
        for language in ("fa", "zh", "en"):
            texts = [one.text for one in inside if one.language == language]
            if guess_language(self.collective.title) == language:
                texts.append(self.collective.title)
            said = Counter(word for text in texts for word in index_words(text))
            least = 1 if len(texts) <= _FEW_MEMBERS else max(2, math.ceil(_OF_MANY * len(texts)))
            self.words[language] = {
                word: self.weight(word) * many / len(texts)
                for word, many in said.items()
                if many >= least
            }
        return self

    def weight(self, word: str) -> float:
        """Weigh a word: the rarer in the place, the more it says."""
        return math.log((self.background_size + 1) / (self.background[word] + 0.5))

    def fits(self, one: Suggestion) -> bool:
        """Say whether a demand fits as far as the cause is known, and names nothing else."""
        knows_who, knows_what = bool(self.employers), bool(self.collective.topic_id)
        who, what = _WHO & set(one.because), _WHAT & set(one.because)
        if self._is_of_another(one.demand, one.because):
            return False
        if knows_who and (knows_what or self.has_members):
            return bool(who and what)
        return bool(who) if knows_who else bool(what or who)

    def _is_of_another(self, demand: Demand, because: tuple[str, ...]) -> bool:
        topic, employer = self.collective.topic_id, demand.employer.strip()
        if topic and demand.topic_id and demand.topic_id != topic:
            return True
        # A name in another script may be the same firm's.
        is_comparable = bool(employer) and guess_language(employer) in self.employer_languages
        return is_comparable and "employer" not in because

    def telling_words(self, language: str) -> list[str]:
        """Give the words by which the cause is told apart in a language."""
        rare = [word for word in self.words[language] if self.background[word] <= _COMMON]
        heaviest = sorted(rare, key=lambda word: (-self.words[language][word], word))
        return heaviest[:_WORDS_A_LANGUAGE]

    def scored(self, demand: Any) -> Suggestion:  # noqa: ANN401 - a Demand with ``was_removed``
        """Weigh what speaks for a demand."""
        said = set(index_words(demand.text))
        alike = self._alike(said, demand.language)
        because = tuple(self._because(demand, said, alike))
        score = sum(_WEIGHTS[why] for why in because)
        return Suggestion(demand, score, alike, because, bool(demand.was_removed))

    def _because(self, demand: Demand, said: set[str], alike: float) -> Iterator[str]:
        about = said | set(index_words(demand.employer))
        if any(_holds(about, groups) for groups in self.employers):
            yield "employer"
        if self.collective.topic_id and self._topic_fits(demand):
            yield "topic"
        if self._place_fits(demand):
            yield "place"
        if alike >= _ALIKE:
            yield "words"

    def _topic_fits(self, demand: Demand) -> bool:
        if demand.topic_id:
            return demand.topic_id == self.collective.topic_id
        # Not sorted yet: what its words speak of.
        return self.collective.topic_id in [
            code for code, _ in suggest_topics(demand.text, limit=1)
        ]

    def _place_fits(self, demand: Demand) -> bool:
        if is_workplace(demand.path) and demand.path in self.paths:
            return True
        return normal_form(demand.workplace) in self.workplaces

    def _alike(self, said: set[str], language: str) -> float:
        """Give the weight of the words it shares with the members, of the weight of all its words."""
        own = self.words.get(language) or {}
        whole = sum(self.weight(word) for word in said)
        return sum(self.weight(word) for word in said if word in own) / whole if whole > 0 else 0.0


def _employers(collective: Collective, inside: Sequence[Demand]) -> list[str]:
    """Name the employer, and how the members call it in languages that its own name is not in.

    A name that few members of a language give is another employer's, or a slip.
    """
    own = normal_form(collective.employer)
    named = Counter(filter(_read, (normal_form(one.employer) for one in inside)))
    by_language: Counter[str] = Counter()
    for name, many in named.items():
        by_language[guess_language(name)] += many
    names = [own] if _read(own) else []
    for name, many in named.most_common():
        language = guess_language(name)
        is_own = bool(names) and names[0] == own and language == guess_language(own)
        if not is_own and many >= _OF_MANY * by_language[language]:
            names.append(name)
    return names[:_EMPLOYERS_MAX]


def is_workplace(path: str) -> bool:
    """Say whether a place is a single workplace, so that its demands have one employer."""
    return path.count(".") >= _WORKPLACE_PARTS


def _of_half(always: list[str], told: list[str]) -> frozenset[str]:
    """Keep what at least half of the members have."""
    return frozenset(always + [one for one, many in Counter(told).items() if 2 * many >= len(told)])


def _holds(words: set[str], groups: Words) -> bool:
    return all(group & words for group in groups)


def _read(name: str) -> Words:
    """Read a name as a query; empty where it has no word to search by."""
    try:
        return query_words(name)
    except TooShort:
        return []
