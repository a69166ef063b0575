"""Writes src/figures/names/cities.tsv: cities whose German name is not the English one.

    npm pack cldr-dates-full@48.2.0 && tar xzf cldr-dates-full-48.2.0.tgz
    python3 tools/cldr_cities.py package > src/figures/names/cities.tsv

Source: the exemplar cities of the time zones in Unicode CLDR 48.2 (Unicode License v3).
Where English has no entry, CLDR takes the last part of the zone's identifier.
"""
import json
import sys
import unicodedata


def cities(package, language):
    with open(f"{package}/main/{language}/timeZoneNames.json", encoding="utf-8") as file:
        zones = json.load(file)["main"][language]["dates"]["timeZoneNames"]["zone"]
    found = {}

    def walk(tree, path):
        for key, value in tree.items():
            if not isinstance(value, dict):
                continue
            if "exemplarCity" in value:
                found[f"{path}{key}"] = value["exemplarCity"].replace("\u00ad", "")
            else:
                walk(value, f"{path}{key}/")

    walk(zones, "")
    return found


german, english = cities(sys.argv[1], "de"), cities(sys.argv[1], "en")
print("# Unicode CLDR 48.2, Unicode License v3; made by tools/cldr_cities.py")
rows = set()
for zone, name in german.items():
    if not zone.startswith(("Africa/", "America/", "Asia/", "Europe/")):
        continue
    other = english.get(zone, zone.rsplit("/", 1)[-1].replace("_", " "))
    plain = name.isalpha() and other.isascii() and other.replace(" ", "").isalpha()
    # English papers write Zürich and Macau as well.
    bare = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    if plain and bare != other and name != "Macau":
        rows.add((name, other))
for row in sorted(rows):
    print("\t".join(row))
