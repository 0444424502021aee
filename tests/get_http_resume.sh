#!/usr/bin/env bash
# `yam get http://` that is cut: it goes on where it was, in the same run, after ^C and after kill -9, and
# never mixes two versions. ROUNDS says how often it is killed.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need python3
unset http_proxy all_proxy
mkdir root
head -c 5000000 /dev/urandom >root/a
head -c 30000000 /dev/urandom >root/large
head -c 700 /dev/urandom >root/small
start nasty nasty_http.py root
url=http://127.0.0.1:$(port_of nasty)
whole() { same_file "root/$1" out && rm out && same_text "$(find . -name 'out*')" ''; }
# gets STATUS PATH OPTION…   into out
gets() { expect_status "$1" yam get "$url/$2" -o out "${@:3}"; }
asked() { contains nasty.out "$1"; }

# --- in one run
gets 0 "a?cut=2000000&cuts=2" && whole a
contains stderr 'trying again' && asked 'bytes=2000000-4999999 if "t"' && asked 'bytes=4000000-4999999 if "t"'
gets 0 "a?reset=4000000&cuts=1" && whole a
gets 0 "a?stall=3000000&cuts=1" --timeout 1s && whole a
expect_status 0 yam get "$url/a?cut=1000&cuts=2" -o - >out && whole a
gets 0 "a?cut=1000&cuts=1&tag=none" && whole a && contains stderr 'cut off'
expect_status 1 yam get "$url/a?cut=1000&cuts=1&tag=none&x" -o - >out &&
    contains stderr 'cannot be taken back' && rm out
gets 0 "a?cut=1000&cuts=1&ranges=ignored" && whole a && contains stderr 'begun anew'
gets 0 "a?cut=1000&cuts=1&ranges=wrong" && whole a
gets 0 "a?cut=1000&cuts=1&ranges=other" && whole a
gets 0 "a?cut=1000&cuts=1&tag=new" && whole a && contains stderr 'begun anew'
gets 0 "small?status=503&times=1&after=1" && whole small
gets 7 "small?status=503&times=1&after=9999" && contains stderr '503'
gets 7 "small?status=404&times=1" && lacks stderr 'again'

# --- several ranges at once, with and without good manners
gets 0 "large?" --jobs 4 && whole large && asked 'bytes=4194304-'
gets 0 "large?cut=3000000" --jobs 3 --retry 20 && whole large
gets 0 "large?ranges=ignored" --jobs 3 && whole large
gets 0 "large?ranges=wrong" --jobs 3 && whole large
gets 0 "large?tag=weak" --jobs 3 && whole large
gets 0 "small?ranges=short" --jobs 3 && whole small
gets 0 "large?tag=new&cut=5000000&cuts=2" --jobs 3 --retry 9 && whole large

# --- in another run: what is kept, and whether it is used
gets 1 "a?cut=3000000&cuts=1" --retry 0 && contains stderr '--continue' &&
    [ -e out.part.yam ]
gets 0 "a?cut=3000000&cuts=1" --continue && whole a &&
    contains stderr 'going on at 2.9 MiB'
asked 'bytes=3000000-4999999 if "t"'
gets 1 "a?cut=3000001&cuts=1" --retry 0
gets 0 "a?cut=3000001&cuts=1" && whole a && lacks stderr 'going on' # not told to
gets 1 "a?cut=3000002&cuts=1" --retry 0
gets 0 "small" --continue && whole small && lacks stderr 'going on' # another URL
gets 1 "a?cut=3000003&cuts=1" --retry 0 &&
    printf x | dd of=out.part bs=1 seek=2999999 conv=notrunc status=none
gets 0 "a?cut=3000003&cuts=1" --continue && whole a && lacks stderr 'going on' # not what was written
gets 1 "a?cut=3000004&cuts=1" --retry 0 && truncate -s 1000 out.part
gets 0 "a?cut=3000004&cuts=1" --continue && whole a && lacks stderr 'going on'
gets 1 "a?cut=3000005&cuts=1" --retry 0 && sed -i 's/^boot .*/boot another/' out.part.yam
gets 0 "a?cut=3000005&cuts=1" --continue && whole a && lacks stderr 'going on'
echo mine >out.part && gets 0 "small" && same_text "$(cat out.part)" mine &&
    rm out.part && whole small
echo mine >out.part && gets 0 "small" --continue && same_text "$(cat out.part)" mine &&
    rm out.part && whole small

# --- ^C keeps what came, and says so; two at once do not write to one file
start waits yam get "$url/a?stall=2000000&cuts=1" -o out
eventually 'grep -q "^there" out.part.yam || [ "$(stat -c %s out.part)" = 2000000 ]'
gets 8 "a?stall=2000000&cuts=1" --continue && contains stderr 'another yam'
stop waits INT && same_text "$stopped_with" 130 && contains waits.err '--continue goes on'
gets 0 "a?stall=2000000&cuts=1" --continue --retry 0 && whole a

# --- kill -9, again and again: nothing lost, nothing torn, nothing fetched twice but a little
for jobs in 1 3; do
    for round in $(seq "${ROUNDS:-10}"); do
        start "killed$jobs.$round" yam get "$url/large?$jobs.$((round / 5))" -o out \
            --continue --limit-rate 60MB/s --jobs "$jobs"
        timeout 0.$((round % 4 + 1)) tail --pid="$(pid_of "killed$jobs.$round")" -f /dev/null || true
        kill -9 "$(pid_of "killed$jobs.$round")" 2>/dev/null || true
        wait "$(pid_of "killed$jobs.$round")" || true
        rm "$WORK/.started/killed$jobs.$round"
        [ ! -e out ] || whole large
    done
    gets 0 "large?$jobs.$((round / 5))" --continue --jobs "$jobs" && whole large
done
# One range after the other: each begins where the one before had come to, until a file is whole.
sed -nE 's/^GET .large.1\.([0-9]+) (bytes=([0-9]+)-.*|whole.*)$/\1 \3/p' nasty.out >began
awk '$2 == "" { last = 0; next } { if ($2 <= last) exit 1; last = $2; seen++ } END { exit seen < 3 }' began ||
    fail "begun anew: $(tr '\n' ';' <began)"
