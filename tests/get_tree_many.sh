#!/usr/bin/env bash
# A tree of many files (FILES, 20,000 by default) under names of every kind, from `yam serve` to `yam get -r`.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
unset http_proxy all_proxy
LIMIT=90
python3 - "${FILES:-20000}" <<'EOF2'
import os
import random
import sys
kinds = ["{}.txt", "文件 {}", "a b&c;d {}", "q\"u'ote {}", "{}%", "#h?x={}", "new\nline {}", "é ü {}",
         "-{}", "~{}", "[{}]", "{}\\", "{}.tar.gz"]
random.seed(4)
block = os.urandom(1 << 20)
for number in range(int(sys.argv[1])):
    folder = f"目 录 {number // 250}"
    name = kinds[number % len(kinds)].format(number)
    if number % 100 == 99:
        name = f"{number}" + "n" * (255 - len(str(number)))
    if number % 250 == 0:
        for top in ("root/", "wanted/"):
            os.makedirs(top + folder)
    at, size = random.randrange(1 << 19), random.randrange(16384) if number % 50 else 0
    with open(f"root/{folder}/{name}", "wb") as file:
        file.write(block[at:at + size])
    # A control character in a name becomes '_'.
    os.link(f"root/{folder}/{name}", f"wanted/{folder}/" + name.replace("\n", "_"))
EOF2
start yam yam serve 'http://127.0.0.1:0?root=root'
expect_status 0 yam get -r "http://127.0.0.1:$(port_of yam http)/" -o got
contains stderr "${FILES:-20000} files in $((${FILES:-20000} / 250 + 1)) folders"
diff -r wanted got >differences || { show_file differences && fail "it came otherwise"; }
