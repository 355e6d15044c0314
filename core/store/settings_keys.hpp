// SPDX-License-Identifier: Apache-2.0
// The names that clinic.toml may hold and what each is: a typing error is told instead of being passed over.
#pragma once

#include <optional>
#include <string>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace machiai::store {

/// The first place that is not as it should be, "line 12: printer.quee is no setting" or "line 9: hub.port: a
/// whole number"; none when all names and kinds are right. What values mean is looked at by who reads them.
[[nodiscard]] std::optional<std::string> unlike_settings(const toml::table& settings);

} // namespace machiai::store
