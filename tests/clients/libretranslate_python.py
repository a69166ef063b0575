"""libretranslatepy against a running Depesche, whatever its model:
libretranslate_python.py HOST:PORT
"""

import json
import sys
from urllib.error import HTTPError

from libretranslatepy import LibreTranslateAPI

GERMAN = "Der Umsatz stieg im Jahr 2023 um 4,5 Prozent auf 1,2 Milliarden Euro."
FRENCH = "La police a arrêté deux hommes à Paris."


def main() -> None:
    for key in (None, "any key"):
        client = LibreTranslateAPI(f"http://{sys.argv[1]}", key)
        text = client.translate(GERMAN, source="de", target="en")
        assert isinstance(text, str) and text, text
        assert client.translate(FRENCH, source="auto", target="en") == FRENCH
        [detected] = client.detect(FRENCH)
        assert detected["language"] == "fr" and 0 < detected["confidence"] <= 100, detected
        languages = {language["code"]: language for language in client.languages()}
        assert languages["de"]["targets"] == ["en"], languages
        try:
            client.translate(GERMAN, source="de", target="fr")
        except HTTPError as error:
            assert error.code == 400, error
            assert "target" in json.load(error)["error"]
        else:
            raise AssertionError("French was not refused")
        print(f"libretranslatepy, key {key}: text, detection, languages and errors as expected")


if __name__ == "__main__":
    main()
