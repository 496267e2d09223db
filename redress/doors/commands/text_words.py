"""What is wrong with a file of texts, in words; without Django, whose start would take longer."""

from __future__ import annotations

from typing import Final

from redress.formats.texts import ENDINGS, TEXT_CHARS_MAX, NotTexts

_ENDINGS: Final = ", ".join(ENDINGS)
_WORDS: Final[dict[str, dict[str, str]]] = {
    "not_found": {
        "en": "there is no such file; check the name",
        "fa": "چنین پرونده‌ای نیست؛ نام را بررسی کنید",
        "zh": "没有这个文件，请检查名称",
    },
    "unknown_ending": {
        "en": f"a file must end in one of: {_ENDINGS}",
        "fa": f"نام پرونده باید به یکی از این‌ها پایان یابد: {_ENDINGS}",
        "zh": f"文件名须以其中之一结尾：{_ENDINGS}",
    },
    "not_writable": {
        "en": "it cannot be written there; choose another folder",
        "fa": "آنجا نمی‌توان نوشت؛ پوشه دیگری انتخاب کنید",
        "zh": "无法写入该处，请选择其他文件夹",
    },
    "not_utf8": {
        "en": "it is not in UTF-8; save it as UTF-8",
        "fa": "به UTF-8 نیست؛ آن را به UTF-8 ذخیره کنید",
        "zh": "不是UTF-8编码，请另存为UTF-8",
    },
    "bad_csv": {
        "en": "it cannot be read as CSV; look at the quotation marks",
        "fa": "به صورت CSV خوانده نمی‌شود؛ گیومه‌ها را ببینید",
        "zh": "无法按CSV读取，请检查引号",
    },
    "bad_json": {
        "en": "each line must be one JSON object",
        "fa": "هر سطر باید یک شیء JSON باشد",
        "zh": "每行须为一个JSON对象",
    },
    "bad_parquet": {
        "en": "it cannot be read as Parquet; write it anew",
        "fa": "به صورت Parquet خوانده نمی‌شود؛ دوباره بنویسید",
        "zh": "无法按Parquet读取，请重新生成",
    },
    "no_column": {
        "en": "this column is missing; name it in the first row",
        "fa": "این ستون نیست؛ آن را در سطر نخست بنویسید",
        "zh": "缺少此列，请在首行写明",
    },
    "no_text": {
        "en": "the text is missing or is none; give it as text, empty if there is none",
        "fa": "متن نیست یا متن نیست؛ آن را به صورت متن بدهید، اگر نیست خالی",
        "zh": "缺少文本或不是文本，请以文本给出，没有则留空",
    },
    "too_long": {
        "en": f"it is too long; a text has at most {TEXT_CHARS_MAX:,} characters",
        "fa": f"بیش از اندازه بلند است؛ متن حداکثر {TEXT_CHARS_MAX:,} نویسه دارد",
        "zh": f"过长，文本最多{TEXT_CHARS_MAX:,}个字符",
    },
    "no_label": {
        "en": "a row to learn from names its topics: a list of codes, or codes parted by semicolons",
        "fa": "سطری که از آن آموخته می‌شود موضوع‌هایش را می‌گوید: فهرست کدها، یا کدها با نقطه‌ویرگول",
        "zh": "供学习的行须写明主题：代码列表，或以分号隔开的代码",
    },
    "unknown_topic": {
        "en": "there is no such topic; the codes are those of the installed topics",
        "fa": "چنین موضوعی نیست؛ کدها همان کدهای موضوع‌های نصب‌شده‌اند",
        "zh": "没有这个主题，代码须为已安装的主题代码",
    },
}
_ROW: Final = {"en": "row", "fa": "سطر", "zh": "行"}


def told(name: str, bad: NotTexts, language: str) -> str:
    """Write one line: the file, the row, the field, why, and what to do."""
    where = [name]
    if bad.row:
        where.append(f"{_ROW[language]} {bad.row}")
    if bad.field:
        where.append(bad.field)
    said = f" ({bad.said})" if bad.said else ""
    return f"{', '.join(where)}: {_WORDS[bad.reason][language]}{said}"
