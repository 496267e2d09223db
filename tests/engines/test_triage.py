"""Topics, kinds and urgency of texts: learned in a closed form, sure or not, in three languages."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redress.engines.triage import installed as installing
from redress.engines.triage.embed import embedder
from redress.engines.triage.examples import Example, examples, fingerprint
from redress.engines.triage.installed import installed, kept_file, vectors_file
from redress.engines.triage.learned import learn
from redress.engines.triage.ngrams import WIDTH, counted, rarity, weighed
from redress.engines.triage.ridge import STRENGTHS, fit
from redress.engines.triage.store import NotKept, kept, read_kept
from redress.engines.triage.triage import triage
from redress.formats.taxonomy import taxonomy

PATHS = [True, False] if embedder() else [False]
PLAIN = [
    Example("Pay us the wages of March.", "en", "pay"),
    Example("The wages of three months are owed.", "en", "pay"),
    Example("No helmet, no gloves at the press.", "en", "safety"),
    Example("The scaffold shakes and nobody looks.", "en", "safety"),
    Example("没发工资已经三个月。", "zh", "pay"),
    Example("脚手架晃得厉害。", "zh", "safety"),
]
ODD = st.text(max_size=200) | st.sampled_from(["", "\x00", "🙂", "\u202e\u200c", "۱۲۳", "؟" * 50])


def test_each_row_of_runs_has_length_one_or_holds_nothing():
    counts = counted(["", "سلام", "工资", "Pay us.", " "])
    rows = weighed(counts, rarity(counts))

    assert rows.shape == (5, WIDTH)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
    assert lengths == pytest.approx([0, 1, 1, 1, 0], abs=1e-6)


def test_runs_of_a_text_are_the_same_among_whichever_others():
    alone = counted(["حقوق معوق را بدهید"])
    among = counted(["x" * 5_000, "", "حقوق معوق را بدهید", "工资"])

    assert (alone != among[[2]]).nnz == 0


def test_texts_typed_on_different_keyboards_have_the_same_runs():
    two = counted(["حقوق ما را نمي‌دهند", "حقوق ما را نمی دهند"])

    assert (two[[0]] != two[[1]]).nnz == 0


def test_what_would_be_said_without_an_example_is_what_is_learned_without_it():
    dice = np.random.default_rng(5)
    points = dice.normal(size=(12, 4))
    kernel, labels = points @ points.T, ["a", "b", "c"] * 4
    whole = fit(kernel, labels)
    rest = [place for place in range(12) if place != 7]

    # The same by hand: each strength is tried, so one of them gives the row.
    target = -np.ones((12, 3)) / 2
    target[np.arange(12), [0, 1, 2] * 4] = 1
    by_hand = [
        kernel[7, rest]
        @ np.linalg.solve(kernel[np.ix_(rest, rest)] + strength * np.eye(11), target[rest])
        for strength in STRENGTHS
    ]
    assert any(whole.left_out[7] == pytest.approx(row) for row in by_hand)


def test_one_label_alone_cannot_be_learned():
    with pytest.raises(ValueError, match="two labels"):
        learn(PLAIN[:2], made_by=None)


@pytest.mark.parametrize("with_meaning", PATHS)
def test_what_is_installed_was_learned_from_the_installed_examples(with_meaning):
    made_by = embedder() if with_meaning else None

    for what in ("topics", "kinds", "urgency"):
        content = kept_file(what, made_by).read_bytes()
        learned = read_kept(content, embedder=made_by)
        assert learned.version.startswith(fingerprint(examples(what))), (
            f"{what}: run tools/learn_examples.py"
        )
    if made_by is not None:
        with np.load(vectors_file("topics", made_by)) as known:
            assert str(known["of"]) == fingerprint(examples("topics"))


def test_every_topic_of_the_installation_can_be_suggested_and_no_other():
    leaves = {code for code in taxonomy()["topics"] if "." in code or code == "transport"}

    assert set(installed("topics", with_meaning=False).labels) == leaves


def test_what_was_kept_says_what_was_learned():
    learned = learn(PLAIN, made_by=None)
    again = read_kept(kept(learned), embedder=None)

    texts = [one.text for one in PLAIN] + ["wages", "press"]
    for one, two in zip(learned.suggest(texts), again.suggest(texts), strict=True):
        assert one.likely[0].label == two.likely[0].label
        assert one.likely[0].p == pytest.approx(two.likely[0].p, abs=0.01)


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 100])
def test_another_file_is_refused(content):
    with pytest.raises(NotKept):
        read_kept(content, embedder=None)


def test_without_the_kept_files_it_is_learned_at_the_first_use(monkeypatch, tmp_path):
    monkeypatch.setattr(installing, "DATA", tmp_path)
    monkeypatch.setattr(installing, "examples", lambda _what: tuple(PLAIN))
    monkeypatch.setattr(installing, "embedder", lambda: None)
    installed.cache_clear()
    try:
        assert installed("topics").suggest(["three months of wages"])[0].likely[0].label == "pay"
    finally:
        installed.cache_clear()


SAID = [
    ("pay.arrears", "چهار ماه است که مزد ما را نداده‌اند. مزد عقب‌مانده را بدهید."),
    ("pay.arrears", "厂里已经四个月没有发工资了，请马上补发。"),
    ("pay.arrears", "They owe us four months of wages. Pay what is outstanding."),
    ("safety.accident", "دستم زیر پرس رفت و دو انگشتم قطع شد. می‌خواهم حادثه ثبت شود."),
    ("other.nonworker", "همسایه طبقه بالا شب‌ها موسیقی بلند می‌گذارد و نمی‌توانیم بخوابیم."),
]


@pytest.mark.parametrize("with_meaning", PATHS)
@pytest.mark.parametrize(("topic", "text"), SAID)
def test_plain_cases_are_told(topic, text, with_meaning):
    assert triage([text], with_meaning=with_meaning)[0].topics[0].label == topic


def test_side_matter_in_a_letter_does_not_change_its_topic():
    demand = "They owe us four months of wages. Pay what is outstanding."
    aside = " By the way, the new football coach is good and the weather was awful on Sunday."

    plain, mixed = triage([demand, demand + aside], with_meaning=False)

    assert plain.topics[0].label == mixed.topics[0].label == "pay.arrears"
    assert [span.kind for span in mixed.spans][-1] == "nonworker"


def test_numbers_that_lead_to_a_person_are_personal_and_stand_where_they_stand():
    text = "🙂 حقوق ما را بدهید. شماره من ۰۹۱۲۳۴۵۶۷۸۹ است."

    (span,) = [one for one in triage([text])[0].spans if one.kind == "personal"]

    assert text[span.start : span.end] == "۰۹۱۲۳۴۵۶۷۸۹"


@given(st.lists(ODD, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_is_triaged_and_its_spans_lie_within_it(texts):
    found = triage(texts, with_meaning=False)

    assert len(found) == len(texts)
    for text, one in zip(texts, found, strict=True):
        assert 0 <= sum(likely.p for likely in one.topics) <= 1.001
        assert all(0 <= span.start < span.end <= len(text) for span in one.spans)
        whole = [span for span in one.spans if span.kind != "personal"]
        assert all(a.end <= b.start for a, b in pairwise(whole))


def test_a_text_of_a_hundred_thousand_characters_is_triaged():
    (found,) = triage(["حقوق معوق ما را بدهید. " * 4_500], with_meaning=False)

    assert found.topics[0].label.startswith("pay")


def test_a_text_is_told_the_same_alone_and_among_others():
    texts = [text for _topic, text in SAID]

    together = triage(texts, with_meaning=False)

    assert together == [triage([text], with_meaning=False)[0] for text in texts]


def test_no_example_speaks_of_an_opinion_a_faith_or_a_people():
    """What is learned from must hold nothing that is stored about nobody."""
    texts = "\n".join(one.text for what in ("topics", "kinds") for one in examples(what)).lower()

    for word in ("مذهب", "شیعه", "سنی", "بلوچ", "muslim", "christian", "communist"):
        assert not re.search(rf"\b{word}\b", texts), word
    assert not any(word in texts for word in ("党员", "信教", "民族"))
