#pragma once
// Which options each scheme of an Endpoint knows, on which side, and what their values look like. Options are
// only checked here; those who open endpoints give them their meaning.

#include <vector>

#include "yam/base/address/endpoint.hpp"

namespace yam {

// Refuses names that the scheme does not know (the hint lists those it knows), repeats, options without
// effect on this side, and values of the wrong form. A flag without a value becomes "yes".
Result<std::vector<Option>> check_endpoint_options(Scheme scheme, Side side, std::vector<TypedOption> typed);

}  // namespace yam
