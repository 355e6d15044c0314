// SPDX-License-Identifier: Apache-2.0
// What machiai-cloud does, as functions. Exit codes: 0 done, 2 bad usage or settings, 3 refused, 4 the
// database cannot be reached.
#pragma once

#include <string>
#include <vector>

namespace machiai::cloud {

struct Options {
  std::string home;
  std::string listen = "127.0.0.1:0";
  std::string database;      ///< empty: a private cluster below the home
  std::string site;          ///< the service site's files
  std::string address;       ///< "https://host:port": what stations are told; empty: what is listened on
  std::string media_address; ///< "https://host:port" of a server of DIR/media; empty: `address`
  bool plain = false;        ///< HTTP without TLS, behind a proxy on this machine
  /// Addresses of proxies that pass TLS through and say in the PROXY header who calls.
  std::vector<std::string> proxied_by;
  std::string smtp;       ///< HOST:PORT of the server that takes notices by e-mail; empty: none are offered
  std::string mail_from;  ///< address they come from
  bool smtp_tls = false;  ///< nothing is sent without TLS
  bool smtps = false;     ///< TLS from the first byte
  std::string smtp_login; ///< a file of mode 0600: the user's line, the password's line
};

[[nodiscard]] int init(const Options& options, bool example);
[[nodiscard]] int serve(const Options& options);
[[nodiscard]] int migrate(const Options& options);
/// Prints every route, for the test of docs/openapi.yaml.
[[nodiscard]] int routes();
/// After a backup was put back, before serving; prints the generation (store/restored.hpp).
[[nodiscard]] int restored(const Options& options, int generation);
/// Slots that the restore holds may be booked again.
[[nodiscard]] int settle(const Options& options, const std::string& facility);
/// The clinic's machine is lost; prints what is known of it, and the code for the next.
/// `above`: "N", or "SERVICE=N": the highest number that is on paper.
[[nodiscard]] int take_over(const Options& options, const std::string& facility, bool though_linked,
                            const std::vector<std::string>& above);
[[nodiscard]] int enrol_code(const Options& options, const std::string& facility);

} // namespace machiai::cloud
