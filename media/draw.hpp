// SPDX-License-Identifier: Apache-2.0
// Asks machiai-notice, which lies beside the asking program, about notices (notice/answer.hpp).
#pragma once

#include "core/base/result.hpp"

#include <boost/json.hpp>

namespace machiai::media {

/// Its answer, a refusal with "error" among them. Error device "no_renderer".
[[nodiscard]] base::Result<boost::json::object> ask_notice(const boost::json::object& question);

} // namespace machiai::media
