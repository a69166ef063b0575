"""DeepL's Python client against a running Depesche, whatever its model:
deepl_python.py HOST:PORT
"""

import sys

import deepl

GERMAN = "Der Umsatz stieg im Jahr 2023 um 4,5 Prozent auf 1,2 Milliarden Euro."
FRENCH = "La police a arrêté deux hommes à Paris."
HTML = "<p>Der <b>Verlust</b> sank um 4,5 Prozent.</p>"


def main() -> None:
    translator = deepl.Translator("any key", server_url=f"http://{sys.argv[1]}")
    before = translator.get_usage()
    assert before.character.limit == 10**12 and not before.any_limit_reached, before

    one = translator.translate_text(GERMAN, target_lang="EN-US")
    assert one.text and one.detected_source_lang == "DE", one
    assert one.billed_characters == len(GERMAN), one.billed_characters

    several = translator.translate_text(
        [GERMAN, FRENCH],
        target_lang="EN-GB",
        split_sentences="nonewlines",
        formality="prefer_more",
        preserve_formatting=True,
        context="Bilanz",
    )
    assert len(several) == 2 and several[0].text, several
    assert several[1].text == FRENCH, several[1].text
    assert several[1].detected_source_lang == "FR", several[1].detected_source_lang

    html = translator.translate_text(HTML, source_lang="DE", target_lang="EN-US", tag_handling="html")
    assert html.text.startswith("<p>") and html.text.endswith("</p>"), html.text
    assert html.text.count("<b>") == html.text.count("</b>") == 1, html.text

    after = translator.get_usage()
    assert after.character.count - before.character.count == 2 * len(GERMAN) + len(HTML), after

    assert [language.code for language in translator.get_source_languages()] == ["DE"]
    assert [language.code for language in translator.get_target_languages()] == ["EN-GB", "EN-US"]

    refused = expect(deepl.DeepLException, lambda: translator.translate_text(GERMAN, target_lang="FR"))
    assert "Value for 'target_lang' not supported." in str(refused), refused
    expect(deepl.GlossaryNotFoundException, lambda: translator.get_glossary("7"))


def expect(kind: type[Exception], call) -> Exception:
    try:
        result = call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected, and there was {result}")


if __name__ == "__main__":
    main()
