#!/usr/bin/env bash
# The installed tree is enough: a program outside this repository builds on it, by CMake and by pkg-config;
# every installed header compiles there.
set -euo pipefail
build=${YAM_BUILD:?the release build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

cmake --install "$build" --prefix "$prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
"$prefix/bin/yam" --version

mkdir "$work/outside" && cd "$work/outside"
cat >main.cpp <<'CPP'
#include <yam/base/result.hpp>

int main() {
  yam::Result<int> answer = yam::fail(yam::Code::usage, "port 0 cannot be called");
  return yam::exit_status(answer.error().code) == 2 ? 0 : 1;
}
CPP
cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(outside LANGUAGES CXX)
find_package(yam 0.1 REQUIRED)
add_executable(outside main.cpp)
target_link_libraries(outside PRIVATE yam::yam)
CMAKE

echo "by CMake"
cmake -S . -B cmake -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >cmake.log 2>&1 || { cat cmake.log; exit 1; }
cmake --build cmake
cmake/outside

echo "by pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name yam.pc)")
export PKG_CONFIG_PATH
read -ra flags < <(pkg-config --cflags --libs --static yam)
g++ -std=c++23 main.cpp -o outside "${flags[@]}"
./outside

echo "every installed header"
(cd "$prefix/include" && find yam -name '*.hpp' | sort) | sed 's/.*/#include <&>/' >all.cpp
[[ $(wc -l <all.cpp) -gt 0 ]]
read -ra flags < <(pkg-config --cflags yam)
g++ -std=c++23 -fsyntax-only "${flags[@]}" all.cpp
