#pragma once
// The verbs of the program, one file each. Each takes what followed its name, runs to its end, and gives the
// exit status that PRODUCT.md promises; what it has to say about faults it has said.

#include <string>
#include <vector>

namespace yam::cli {

using Words = std::vector<std::string>;

int run_connect(const Words& given);
int run_listen(const Words& given);
int run_pipe(const Words& given);
int run_talk(const Words& given);
int run_serve(const Words& given);
int run_get(const Words& given);
int run_put(const Words& given);
int run_send(const Words& given);

}  // namespace yam::cli
