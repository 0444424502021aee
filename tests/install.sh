#!/usr/bin/env bash
# The installed tree is enough: examples build on it from outside this repository, by CMake and by pkg-config,
# and talk to each other; every installed header compiles there.
# shellcheck source=tests/lib.sh
source "$(dirname "$0")/lib.sh"
need cmake pkg-config g++
build=${YAM_BUILD:?the release build}
prefix=$WORK/prefix

cmake --install "$build" --prefix "$prefix" >install.log || { cat install.log && fail "cannot install"; }
"$prefix/bin/yam" --version

mkdir outside && cd outside
cp "$TESTS"/../examples/02_tcp_thanks_{server,client}.cpp .
cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES CXX)
find_package(yam 0.1 REQUIRED)
add_executable(server 02_tcp_thanks_server.cpp)
target_link_libraries(server PRIVATE yam::yam)
CMAKE

echo "by CMake"
cmake -S . -B cmake -G Ninja -DCMAKE_PREFIX_PATH="$prefix"
cmake --build cmake

echo "by pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name yam.pc)")
export PKG_CONFIG_PATH
read -ra flags < <(pkg-config --cflags --libs --static yam)
g++ -std=c++23 02_tcp_thanks_client.cpp -o client "${flags[@]}"

start server cmake/server 127.0.0.1:0
wait_for_port server
same_text "$(./client "127.0.0.1:$port" 你好)" "Thank ou!"
contains "$WORK/server.out" 你好

echo "every installed header"
(cd "$prefix/include" && find yam -name '*.hpp' | sort) | sed 's/.*/#include <&>/' >all.cpp
[[ $(wc -l <all.cpp) -gt 0 ]]
read -ra flags < <(pkg-config --cflags yam)
g++ -std=c++23 -fsyntax-only "${flags[@]}" all.cpp
