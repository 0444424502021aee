# The page's files (web/) as C++: their bytes, also compressed, and a hash of each. With `cmake -P` alone, so
# that the build needs nothing else: cmake -D OUT=FILE -D FOLDER=web -P cmake/web.cmake
cmake_minimum_required(VERSION 3.25)

file(GLOB files LIST_DIRECTORIES false RELATIVE ${FOLDER} ${FOLDER}/*.css ${FOLDER}/*.js ${FOLDER}/*.svg)
list(SORT files)

# The array `name` with the bytes of `path`; `zero_time` blanks the time in a gzip head (RFC 1952 §2.3.1).
function(append_array name path zero_time)
  file(READ ${path} hex HEX)
  if(zero_time)
    string(SUBSTRING ${hex} 0 8 beginning)
    string(SUBSTRING ${hex} 16 -1 rest)
    set(hex ${beginning}00000000${rest})
  endif()
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  set(text "${text}constexpr unsigned char ${name}[] = {${bytes}};\n" PARENT_SCOPE)
endfunction()

set(text)
set(rows)
set(hashes)
set(number 0)
foreach(file ${files})
  file(SHA256 ${FOLDER}/${file} hash)
  string(SUBSTRING ${hash} 0 32 hash)
  string(APPEND hashes ${file} ${hash})
  file(ARCHIVE_CREATE OUTPUT ${OUT}.gz PATHS ${FOLDER}/${file} FORMAT raw COMPRESSION GZip)
  append_array(plain_${number} ${FOLDER}/${file} FALSE)
  append_array(small_${number} ${OUT}.gz TRUE)
  string(APPEND rows "    {\"${file}\", \"\\\"${hash}\\\"\", \"\\\"${hash}-gzip\\\"\", "
                     "bytes(plain_${number}), bytes(small_${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE ${OUT}.gz)
string(SHA256 version "${hashes}")
string(SUBSTRING ${version} 0 16 version)

file(WRITE ${OUT} "// Made from web/ by cmake/web.cmake.
#include \"yam/service/http_site/http_web.hpp\"

namespace yam::service {

namespace {

${text}
template <std::size_t n>
std::string_view bytes(const unsigned char (&array)[n]) {
  return {reinterpret_cast<const char*>(array), n};
}

}  // namespace

std::string_view web_version() {
  return \"${version}\";
}

std::span<const WebFile> web_files() {
  static const WebFile files[] = {
${rows}  };
  return files;
}

}  // namespace yam::service
")
