from pathlib import Path

import pytest
import yaml

from redress.engines.triage import keywords
from redress.engines.triage.keywords import suggest_kinds, suggest_topics
from redress.formats.taxonomy import taxonomy
from redress.values.spans import SpanKind, sentences
from redress.values.text import normal_form

DATA = Path(keywords.__file__).parent / "data"
WORDS = yaml.safe_load((DATA / "keywords.yaml").read_text(encoding="utf-8"))
TAXONOMY = taxonomy()["topics"]
GROUPS = {code.split(".")[0] for code in TAXONOMY if "." in code}
PHRASES = [
    (code, phrase)
    for code, by_language in WORDS["topics"].items()
    for phrases in by_language.values()
    for phrase in phrases
]
DEMAND, FACT, NONWORKER = SpanKind.DEMAND, SpanKind.FACT, SpanKind.NONWORKER

SAID = [
    ("pay.arrears", "چهار ماه است که حقوق کارگران کارخانه نساجی پرداخت نشده و شرمنده خانواده‌ایم."),
    ("ins.contributions", "کارفرما شش ماه است حق بیمهٔ ما را به تأمین اجتماعی نمی‌پردازد."),
    ("job.contract", "بعد از هشت سال کار، هنوز قرارداد یک‌ماهه با ما می‌بندند."),
    ("job.blank", "موقع استخدام از ما سفته و برگهٔ سفید امضا گرفتند."),
    ("pay.extras", "عيدي و پاداش پارسال را هنوز نداده‌اند."),
    ("safety.accident", "دستم زیر پرس ماند و دو انگشتم قطع شد."),
    ("transport", "سرویس‌های کارخانه را جمع کرده‌اند و با دو تاکسی سر کار می‌رویم."),
    ("ins.retirement", "بیست سال در معدن کار کرده‌ام و سختی کار را برایم حساب نمی‌کنند."),
    ("voice.representation", "می‌خواهیم شورای اسلامی کار تشکیل دهیم و مدیر اجازه نمی‌دهد."),
    ("housing.rent", "صاحب‌خانه اجاره را دو برابر کرده و تا آخر ماه باید تخلیه کنیم."),
    ("living.emergency", "دیشب خانه‌مان در آتش‌سوزی از بین رفت."),
    ("pay.arrears", "公司从五月份开始拖欠我们的工资，到现在一分钱没给。"),
    ("ins.contributions", "入职三年，单位一直没有给我们缴纳社保。"),
    ("job.dismissal", "上个月公司突然把我辞退，没有任何理由。"),
    ("pay.severance", "工厂解散了，说好的经济补偿一直没有给。"),
    ("pay.extras", "周末天天加班，加班费一分没有。"),
    ("safety.accident", "我在车间被机器压伤，单位不肯申报工伤。"),
    ("health.sickpay", "住院两个月，单位不发病假工资。"),
    ("hours.rest", "每天上班12小时，一个月只休息一天。"),
    ("housing.rent", "宿舍八个人一间，下雨就漏水。"),
    ("equal.harassment", "我怀孕后领导天天骂我，逼我走人。"),
    ("service.office", "到窗口问了五次，每次都互相推诿。"),
    ("pay.arrears", "They have not paid our wages since March and we are ten weeks behind."),
    ("pay.minimum", "The canteen staff get less than the minimum wage once meals are counted."),
    ("job.outsourcing", "I do the same work as the others but I am employed through an agency."),
    ("job.dismissal", "I was sacked by text message the day after my shift."),
    ("safety.hazard", "The dust in the mill is so thick that we cannot see the fire exit."),
    ("edu.children", "I cannot pay my son's school fees this term."),
    ("housing.loan", "The mortgage instalments have gone up and my wage has not."),
    ("voice.retaliation", "Since I complained to the inspector they give me only night shifts."),
    ("skill.jobhelp", "I would like a training course so that I can find work as a welder."),
    ("other.nonworker", "The street lights on our road have been broken since winter."),
]


@pytest.mark.parametrize("language", ["fa", "zh", "en"])
def test_every_topic_a_demand_can_have_has_words_in_every_language(language):
    counts = {code: len(words[language]) for code, words in WORDS["topics"].items()}

    assert counts.keys() == TAXONOMY.keys() - GROUPS
    assert all(4 <= count <= 12 for count in counts.values())


def test_no_phrase_stands_under_two_topics_or_twice():
    written = [normal_form(phrase) for _code, phrase in PHRASES]

    assert sorted(written) == sorted(set(written))


def test_the_phrases_of_a_topic_suggest_it_first():
    wrong = [(code, phrase) for code, phrase in PHRASES if suggest_topics(phrase)[:1][0][0] != code]

    assert len(wrong) <= len(PHRASES) * 0.05, wrong


@pytest.mark.parametrize(("code", "said"), SAID)
def test_what_people_say_has_its_topic_among_the_first_three(code, said):
    assert code in [topic for topic, _score in suggest_topics(said)]


def test_a_longer_phrase_counts_by_its_letters():
    assert suggest_topics("arrears") == [("pay.arrears", 7)]
    assert suggest_topics("arrears, and unpaid wages") == [("pay.arrears", 18)]  # 7 + 6 + 5


def test_equal_scores_are_in_the_order_of_the_codes():
    assert suggest_topics("mortgage, election") == [
        ("housing.loan", 8),
        ("voice.representation", 8),
    ]


def test_no_more_are_suggested_than_asked_for():
    text = "arrears, pension, mortgage, clinic"

    assert len(suggest_topics(text)) == 3
    assert len(suggest_topics(text, limit=1)) == 1


@pytest.mark.parametrize("text", ["", "سلام", "你好", "Good morning", "12,500"])
def test_where_nothing_speaks_nothing_is_suggested(text):
    assert suggest_topics(text) == []


@pytest.mark.parametrize("written", ["قراردادهای موقت", "قرارداد های موقت", "قرارداد‌هاي موقت"])
def test_a_phrase_is_found_however_its_endings_are_written(written):
    assert suggest_topics(written) == [("job.contract", 11)]  # 7 + 4 letters


@pytest.mark.parametrize("text", ["fireplace", "parent", "grader", "زمینه", "unionist"])
def test_a_word_within_another_word_does_not_count(text):
    assert suggest_topics(text) == []


def test_a_gap_reaches_no_further_than_its_sentence():
    assert suggest_topics("حقوق ما را نداده‌اند")[0][0] == "pay.arrears"
    assert suggest_topics("حقوق خوب است. جواب را نداده‌اند") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("سه ماه است حقوق نگرفته‌ایم. خواستار پرداخت آن هستیم. با تشکر.", [FACT, DEMAND, None]),
        ("از ۱۴۰۳/۰۵/۰۱ بیکارم. لطفاً رسیدگی کنید!", [FACT, DEMAND]),
        ("آسفالت کوچه خراب است. می‌خواهیم شهرداری زباله‌ها را ببرد.", [NONWORKER, NONWORKER]),
        ("公司拖欠工资三个月。请尽快发放。谢谢。", [FACT, DEMAND, None]),
        ("我申请了两次。我很失望。我们要求加薪。", [None, None, DEMAND]),
        ("小区路灯坏了，希望有人修。", [NONWORKER]),
        ("Wages are 3 months late. Please pay us. The sun shines.", [FACT, DEMAND, None]),
        ("1. We want our wages. 2. It rains.", [DEMAND, None]),
        ("We want the football pitch mowed.", [NONWORKER]),
        ("The bus to the park stopped, we want it back.", [DEMAND]),
    ],
)
def test_each_sentence_is_given_the_kind_its_words_speak_for(text, kinds):
    assert suggest_kinds(text, sentences(text)) == kinds
