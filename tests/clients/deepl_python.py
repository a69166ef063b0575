"""DeepL's Python client against a running Depesche, whatever its model:
deepl_python.py HOST:PORT
"""

import io
import sys
import zipfile
from xml.etree import ElementTree

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
    glossaries(translator)
    documents(translator)
    multilingual_glossaries(deepl.DeepLClient("any key", server_url=translator.server_url))
    print(f"deepl {deepl.__version__}: {one.billed_characters} characters billed; lists, HTML, usage, languages,")
    print("  errors, glossaries, multilingual glossaries and documents (text, HTML, DOCX) as expected")


# The model's words make no sense, so the terms are some that it does not touch.
TERMS = {"Umsatz": "revenue", "Tagesschau": "Tagesschau"}


def glossaries(translator: deepl.Translator) -> None:
    pairs = translator.get_glossary_languages()
    assert [(pair.source_lang, pair.target_lang) for pair in pairs] == [("de", "en")], pairs
    made = translator.create_glossary("Politik", "DE", "EN-US", TERMS)
    assert made.ready and made.entry_count == len(TERMS) and made.name == "Politik", made
    assert (made.source_lang, made.target_lang) == ("DE", "EN"), made
    from_csv = translator.create_glossary_from_csv("Sport", "DE", "EN", 'Tor,goal,de,en\n"Ecke, links",corner')
    assert translator.get_glossary_entries(from_csv) == {"Tor": "goal", "Ecke, links": "corner"}
    assert translator.get_glossary(made.glossary_id).creation_time == made.creation_time
    assert translator.get_glossary_entries(made) == TERMS
    listed = {glossary.glossary_id for glossary in translator.list_glossaries()}
    assert listed == {made.glossary_id, from_csv.glossary_id}, listed
    kept = translator.translate_text_with_glossary("Tagesschau", made)
    assert kept.text == "Tagesschau", kept
    several = translator.translate_text(
        "Tagesschau", source_lang="DE", target_lang="EN-US", glossary_ids=[from_csv, made]
    )
    assert several.text == "Tagesschau", several
    for glossary in (made, from_csv):
        translator.delete_glossary(glossary)
    expect(deepl.GlossaryNotFoundException, lambda: translator.delete_glossary(made))
    expect(deepl.DeepLException, lambda: translator.create_glossary("French", "FR", "EN", {"a": "b"}))


def documents(translator: deepl.Translator) -> None:
    for name, content in (("a.txt", GERMAN), ("a.html", HTML), ("a.docx", word(GERMAN, "fett"))):
        out = io.BytesIO()
        source = content.encode() if isinstance(content, str) else content
        status = translator.translate_document(
            source, out, source_lang="DE", target_lang="EN-US", filename=name
        )
        assert status.done and status.billed_characters > 0, status
        if name == "a.docx":
            with zipfile.ZipFile(out) as archive:
                xml = ElementTree.fromstring(archive.read("word/document.xml"))
            assert xml.find(f".//{{{W}}}b") is not None
            assert "".join(xml.itertext()).strip()
        else:
            assert out.getvalue().strip(), name
    refused = expect(
        deepl.DeepLException,
        lambda: translator.translate_document(b"%PDF", io.BytesIO(), target_lang="EN-US", filename="a.pdf"),
    )
    assert "not supported" in str(refused), refused


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(text: str, bold: str) -> bytes:
    """The smallest Word file: a paragraph, its last word bold."""
    out = io.BytesIO()
    run = "<w:r>{}<w:t xml:space='preserve'>{}</w:t></w:r>"
    runs = run.format("", f"{text} ") + run.format("<w:rPr><w:b/></w:rPr>", bold)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='{W}'><w:body><w:p>{runs}</w:p></w:body></w:document>")
    return out.getvalue()


def multilingual_glossaries(client: deepl.DeepLClient) -> None:
    dictionary = deepl.api_data.MultilingualGlossaryDictionaryEntries
    made = client.create_multilingual_glossary("Politik", [dictionary("DE", "EN", TERMS)])
    [info] = made.dictionaries
    assert (info.source_lang, info.target_lang, info.entry_count) == ("DE", "EN", 2), info
    client.update_multilingual_glossary_name(made, "Neu")
    client.update_multilingual_glossary_dictionary(made, dictionary("DE", "EN", {"Tor": "goal"}))
    found = client.get_multilingual_glossary(made.glossary_id)
    assert found.name == "Neu" and found.dictionaries[0].entry_count == 3, found
    [entries] = client.get_multilingual_glossary_entries(made, "DE", "EN").dictionaries
    assert entries.entries.splitlines() == ["Umsatz\trevenue", "Tagesschau\tTagesschau", "Tor\tgoal"], entries.entries
    client.replace_multilingual_glossary_dictionary(made, dictionary("DE", "EN", TERMS))
    used = client.translate_text("Tagesschau", source_lang="DE", target_lang="EN-GB", glossary=found)
    assert used.text == "Tagesschau", used
    client.delete_multilingual_glossary_dictionary(made, source_lang="DE", target_lang="EN")
    [listed] = client.list_multilingual_glossaries()
    assert listed.dictionaries == [], listed
    client.delete_multilingual_glossary(made)
    expect(deepl.GlossaryNotFoundException, lambda: client.get_multilingual_glossary(made.glossary_id))


def expect(kind: type[Exception], call) -> Exception:
    try:
        result = call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected, and there was {result}")


if __name__ == "__main__":
    main()
