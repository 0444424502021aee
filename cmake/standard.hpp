// What nearly every source includes, parsed once for all of them (target_precompile_headers): headers that do
// not change. Each source still includes what it names; the fuzz preset builds without this one.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <coroutine>
#include <deque>
#include <expected>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>
