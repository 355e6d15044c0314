// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or an Error that says which kind of refusal it is and why.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>

namespace machiai::base {

/// Why something was not done. `reason` is a stable key ("unknown_service"); the words a person reads are
/// found by that key in core/wire/messages. Neither field ever holds personal data.
struct Error {
  enum class Code {
    invalid,   ///< the request itself is malformed or out of bounds
    not_found, ///< it names something that is not there
    conflict,  ///< the state of the queue does not allow it (any more)
    forbidden, ///< this role may not do it
    limit,     ///< too many, too fast, too large
    storage,   ///< it could not be made durable, so it was not done
    device,    ///< a printer, speaker or screen
    internal,  ///< a defect of ours
  };
  Code code = Code::internal;
  std::string reason;
  std::string detail; ///< a number, an id or a path that helps to mend it; may be empty
};

template <class T> using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Error::Code code, std::string reason, std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, std::move(reason), std::move(detail)});
}

[[nodiscard]] std::string_view code_name(Error::Code code);
/// The code of that name; `internal` for a name we do not know.
[[nodiscard]] Error::Code code_from_name(std::string_view name);

} // namespace machiai::base

/// Leaves the function with the error of `expr`, if it has one.
#define MACHIAI_TRY(expr)                                                                                    \
  do {                                                                                                       \
    if (auto&& try_result = (expr); !try_result) return tl::unexpected(std::move(try_result.error()));       \
  } while (false)
