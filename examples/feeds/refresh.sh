#!/usr/bin/env bash
# Refreshes the feeds of an OPML list into a folder, one file for each, named by
# the outline's text. Meant for cron:
#
#   */15 * * * * /usr/local/bin/refresh.sh /etc/depesche/feeds.opml /var/www/feeds
#
# Further arguments go to `depesche feed`. A feed that fails keeps the file that it
# had and stops no other; the exit code is then 1. Two runs at once do not mix.
set -euo pipefail

opml=${1:?usage: refresh.sh LIST.opml FOLDER [OPTION…]}
folder=${2:?usage: refresh.sh LIST.opml FOLDER [OPTION…]}
shift 2
mkdir -p "$folder/.depesche"
exec 9>"$folder/.depesche/lock"
flock --nonblock 9 || { echo "refresh: another run is at work" >&2; exit 0; }

failed=0
while IFS=$'\t' read -r name url; do
    "${DEPESCHE:-depesche}" feed "$url" --out "$folder/$name.xml" --state "$folder/.depesche" \
        --report "$folder/.depesche/$name.json" "$@" </dev/null || {
        code=$?
        echo "refresh: $name ended with $code" >&2
        failed=1
    }
done < <(python3 - "$opml" <<'PY'
import re, sys
import xml.etree.ElementTree as tree

seen = set()
for outline in tree.parse(sys.argv[1]).iter("outline"):
    url = outline.get("xmlUrl")
    if not url:
        continue
    name = re.sub(r"[^\w-]+", "-", outline.get("text") or url).strip("-") or "feed"
    while name in seen:
        name += "-2"
    seen.add(name)
    print(name, url, sep="\t")
PY
)
exit "$failed"
