// SPDX-License-Identifier: Apache-2.0
#include "core/base/result.hpp"

#include <array>
#include <utility>

namespace machiai::base {

namespace {

constexpr std::array names{
    std::pair{Error::Code::invalid, std::string_view{"invalid"}},
    std::pair{Error::Code::not_found, std::string_view{"not_found"}},
    std::pair{Error::Code::conflict, std::string_view{"conflict"}},
    std::pair{Error::Code::forbidden, std::string_view{"forbidden"}},
    std::pair{Error::Code::limit, std::string_view{"limit"}},
    std::pair{Error::Code::storage, std::string_view{"storage"}},
    std::pair{Error::Code::device, std::string_view{"device"}},
    std::pair{Error::Code::internal, std::string_view{"internal"}},
};

} // namespace

std::string_view code_name(Error::Code code) {
  for (const auto& [value, name] : names)
    if (value == code) return name;
  return "internal";
}

Error::Code code_from_name(std::string_view name) {
  for (const auto& [value, text] : names)
    if (text == name) return value;
  return Error::Code::internal;
}

} // namespace machiai::base
