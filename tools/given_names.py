"""Writes src/figures/names/given.txt: given names of Germans and Americans.

    pip download --no-deps Faker==40.63.0     (unpack it into a folder)
    python3 tools/given_names.py FOLDER > src/figures/names/given.txt

Source: the first names of the locales de_DE and en_US of Faker 40.63.0 (MIT).
LEFT_OUT are words, places, months and family names: a given name must vouch for the
word behind it.
"""
import importlib
import sys

LEFT_OUT = """
Alla Allen Alma Amber Andres Angel Autumn Bailey Bill Brandy Chase Cord Crystal Darin Dawn Dean Destiny Diamond Diethelm
Dino Don Drew Eitel Else Ernst Ester Faith Flora Frank Gabrielle Gene German Grace Grant Guenter Guy Hardy Harm Heather
Holly Hunter Iris Jack Jade Jo Joy Lore Mark Mason Max Maxim Melody Meta Misty Pascal Peer Penny Randy Ray Reiner Rosa
Rose Sandy Savannah Sue Summer Terry Theres Till Traute Troy Urban Victor Viola Willy Wolf April August Augusta Austin
Baptist Brit Brittany Cameron Carolina Chad Chelsea Christian Clinton Constance Dakota Damian Douglas Earl Edit Erdogan
Florence Franco Franklin Georgia Gordon Hagen Heide Herrmann Howard Israel Jackson Jesus Jordan Kent Kim Lance Lea Lee
Madison Marian Mercedes Milan Miranda Mitchell Morgan Pius Roman Ross Russell Scott Sharon Sierra Silva Silvester Sofia
Spencer Stanley Sydney Taylor Tristan Valentine Victoria Virginia Warren Wayne Whitney Winter Dallas Houston Paris London
Berlin Wien Wald Berg Brunn Mai Juni Juli Mandy Hope Sky Carter Cody Tyler Travis Trevor Logan Hannover Adolf Fürst Prinz
Kelly Leslie Lindsay Lindsey Marvin Barry Billy Blake Brady Brooke Bush Chance Cruz Harold Harry Kerry Perry Reagan
Riley Sawyer Shannon Shelby Stewart Tanner Wesley Nelson Curtis Lawrence Maxwell Oswald Reinhardt Shawn Terrance
""".split()

sys.path.insert(0, sys.argv[1])
names = set()
for locale in ("de_DE", "en_US"):
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for part in ("first_names_male", "first_names_female", "first_names"):
        names.update(getattr(provider, part, ()))
print("# Faker 40.63.0, MIT; made by tools/given_names.py")
for name in sorted(name for name in names if name.isalpha() and len(name) > 2 and name not in LEFT_OUT):
    print(name)
