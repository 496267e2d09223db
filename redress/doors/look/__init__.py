"""The visual language that all doors share: base page, style, dates, digits, words for codes."""
