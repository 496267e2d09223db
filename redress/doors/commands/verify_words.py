"""What `redress verify` says, in three languages: without Django there are no catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "demand": {
        "en": "Demand: {demand}",
        "fa": "مطالبه: {demand}",
        "zh": "诉求：{demand}",
    },
    "office": {
        "en": "Union office: {office}",
        "fa": "دفتر اتحادیه: {office}",
        "zh": "所属工会：{office}",
    },
    "filed": {
        "en": "Filed: {at}",
        "fa": "زمان ثبت: {at}",
        "zh": "提交时间：{at}",
    },
    "day": {
        "en": "First raised on: {day}",
        "fa": "تاریخ نخستین طرح: {day}",
        "zh": "首次提出日期：{day}",
    },
    "text": {
        "en": "Text, SHA-256: {sha}",
        "fa": "متن، SHA-256: {sha}",
        "zh": "文字，SHA-256：{sha}",
    },
    "attachment": {
        "en": "Attachment, SHA-256: {sha}",
        "fa": "پیوست، SHA-256: {sha}",
        "zh": "附件，SHA-256：{sha}",
    },
    "holds": {
        "en": "The signature holds: nothing above was altered since it was signed. By the key:",
        "fa": "امضا درست است: از هنگام امضا چیزی از موارد بالا تغییر نکرده است. با این کلید:",
        "zh": "签名有效：以上内容自签名后未被改动。签名密钥：",
    },
    "known": {
        "en": "This is the key known here ({file}).",
        "fa": "این همان کلید شناخته‌شده در اینجاست ({file}).",
        "zh": "这就是此处已知的密钥（{file}）。",
    },
    "unknown": {
        "en": "No key is known here to compare it with. Compare it, group by group, with the one the "
        "office publishes: only if they are the same is the receipt from that office.",
        "fa": "اینجا کلیدی برای مقایسه شناخته نیست. آن را گروه‌به‌گروه با کلیدی که دفتر منتشر کرده است "
        "مقایسه کنید: تنها اگر یکی باشند، رسید از آن دفتر است.",
        "zh": "此处没有已知的密钥可供核对。请将它与工会公布的密钥逐组核对："
        "只有完全一致，回执才出自该工会。",
    },
    "same": {
        "en": "The text is the one filed, byte for byte.",
        "fa": "متن همان متن ثبت‌شده است، بایت‌به‌بایت.",
        "zh": "文字与所提交的逐字节相同。",
    },
    "same_but": {
        "en": "The text is the one filed, word for word; saving it changed only: {changes}.",
        "fa": "متن واژه‌به‌واژه همان متن ثبت‌شده است؛ با ذخیره کردن تنها این تغییر کرده است: {changes}.",
        "zh": "文字与所提交的逐字相同；保存时仅改变了：{changes}。",
    },
    "separator": {"en": ", ", "fa": "، ", "zh": "、"},
    "byte_order_mark": {
        "en": "a byte order mark (BOM) at the beginning",
        "fa": "نشانه ترتیب بایت (BOM) در آغاز",
        "zh": "开头的字节顺序标记（BOM）",
    },
    "last_line_end": {
        "en": "a line end at the very end",
        "fa": "یک پایان سطر در انتهای متن",
        "zh": "末尾的一个换行",
    },
    "line_ends": {
        "en": "the kind of line ends (CRLF or LF)",
        "fa": "نوع پایان سطرها (CRLF یا LF)",
        "zh": "换行符的种类（CRLF 或 LF）",
    },
    "error_not_found": {
        "en": "there is no such file; check its name",
        "fa": "چنین فایلی نیست؛ نام آن را بررسی کنید",
        "zh": "没有这个文件；请核对文件名",
    },
    "error_not_readable": {
        "en": "cannot be read ({said}); give a file that you may read",
        "fa": "خوانده نمی‌شود ({said})؛ فایلی بدهید که اجازه خواندنش را دارید",
        "zh": "无法读取（{said}）；请提供您有权读取的文件",
    },
    "error_two_inputs": {
        "en": "only one of receipt, text and key can come from standard input; give files for the rest",
        "fa": "از رسید و متن و کلید تنها یکی می‌تواند از ورودی استاندارد بیاید؛ برای بقیه فایل بدهید",
        "zh": "回执、文字和密钥中只能有一个来自标准输入；其余请提供文件",
    },
    "error_too_large": {
        "en": "not a receipt, which is never larger than 8 kB; give the file as the office gave it out",
        "fa": "رسید نیست؛ رسید هرگز از ۸ کیلوبایت بزرگ‌تر نیست؛ فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "不是回执：回执不会超过 8 kB；请提供工会发放的原文件",
    },
    "error_not_json": {
        "en": "not a receipt: it cannot be read as JSON; give the file as the office gave it out",
        "fa": "رسید نیست: به صورت JSON خوانده نمی‌شود؛ فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "不是回执：无法作为 JSON 读取；请提供工会发放的原文件",
    },
    "error_other_version": {
        "en": "not a receipt of the kind known here (redress/1); verify it with a newer Redress",
        "fa": "رسیدی از نوع شناخته‌شده در اینجا (redress/1) نیست؛ آن را با Redress تازه‌تر بررسی کنید",
        "zh": "不是此处认识的回执（redress/1）；请用更新的 Redress 核验",
    },
    "error_twice": {
        "en": "altered: “{said}” stands in it twice; give the file as the office gave it out",
        "fa": "دست‌کاری شده است: «{said}» دو بار در آن آمده است؛ فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "已被改动：“{said}”出现了两次；请提供工会发放的原文件",
    },
    "error_unknown_field": {
        "en": "altered: “{said}” is no part of a receipt; give the file as the office gave it out",
        "fa": "دست‌کاری شده است: «{said}» جزو رسید نیست؛ فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "已被改动：“{said}”不属于回执；请提供工会发放的原文件",
    },
    "error_missing_field": {
        "en": "not a whole receipt: “{said}” is missing; give the file as the office gave it out",
        "fa": "رسید کامل نیست: «{said}» در آن نیست؛ فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "回执不完整：缺少“{said}”；请提供工会发放的原文件",
    },
    "error_wrong_value": {
        "en": "altered: what stands under “{said}” cannot be; give the file as the office gave it out",
        "fa": "دست‌کاری شده است: آنچه زیر «{said}» آمده است نمی‌تواند باشد؛ "
        "فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "已被改动：“{said}”的内容不可能如此；请提供工会发放的原文件",
    },
    "error_not_canonical": {
        "en": "another program saved it in a form of its own, in which nothing is proved; "
        "give the file as the office gave it out",
        "fa": "برنامه دیگری آن را به شکل خود ذخیره کرده است و به این شکل چیزی را ثابت نمی‌کند؛ "
        "فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "其他程序以另一种形式保存了它，这种形式不能证明任何内容；请提供工会发放的原文件",
    },
    "error_weak_key": {
        "en": "its key is one by which anything seems signed, so it proves nothing; ask the office "
        "for the receipt anew",
        "fa": "کلید آن چنان است که هر چیزی با آن امضاشده می‌نماید، پس چیزی را ثابت نمی‌کند؛ "
        "رسید را دوباره از دفتر بگیرید",
        "zh": "其密钥会使任何内容都像签过名，因此不能证明任何内容；请向工会重新索取回执",
    },
    "error_bad_signature": {
        "en": "altered, or never signed by this key: the signature does not hold; give the file as "
        "the office gave it out",
        "fa": "دست‌کاری شده یا هرگز با این کلید امضا نشده است: امضا درست نیست؛ "
        "فایل را همان‌گونه که دفتر داده است بدهید",
        "zh": "已被改动，或从未用此密钥签名：签名无效；请提供工会发放的原文件",
    },
    "error_other_key": {
        "en": "signed by the key {said}, not by {better} known here ({file}); if it is from another "
        "office, give the key that office publishes with --key",
        "fa": "با کلید {said} امضا شده است، نه با کلید شناخته‌شده در اینجا، {better} ({file})؛ "
        "اگر از دفتر دیگری است، کلیدی را که آن دفتر منتشر کرده است با --key بدهید",
        "zh": "签名密钥是 {said}，而不是此处已知的 {better}（{file}）；"
        "如出自其他工会，请用 --key 提供该工会公布的密钥",
    },
    "error_not_a_key": {
        "en": "not a public key of receipts (Ed25519, as PEM or base64); give the .pub file that the "
        "office publishes",
        "fa": "کلید عمومی رسیدها (Ed25519، به شکل PEM یا base64) نیست؛ "
        "فایل .pub را که دفتر منتشر کرده است بدهید",
        "zh": "不是回执的公钥（Ed25519，PEM 或 base64）；请提供工会公布的 .pub 文件",
    },
    "error_text_too_large": {
        "en": "not the text filed: larger than any that can be filed; give the words alone, as UTF-8",
        "fa": "متن ثبت‌شده نیست: از هر متنی که می‌توان ثبت کرد بزرگ‌تر است؛ "
        "تنها متن مطالبه را با UTF-8 بدهید",
        "zh": "不是所提交的文字：超过了可提交的长度；请只提供诉求原文，以 UTF-8 保存",
    },
    "error_text_differs": {
        "en": "not the text filed, whose SHA-256 is {better}; give the exact words, saved as UTF-8 "
        "and with nothing added",
        "fa": "متن ثبت‌شده نیست؛ SHA-256 متن ثبت‌شده {better} است؛ "
        "عین متن را با UTF-8 و بدون هیچ افزوده‌ای بدهید",
        "zh": "不是所提交的文字，所提交文字的 SHA-256 为 {better}；"
        "请提供逐字原文，以 UTF-8 保存，不要添加任何内容",
    },
}
