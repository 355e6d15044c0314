// SPDX-License-Identifier: Apache-2.0
// A station's home directory: settings, tokens, and where everything lies.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/clinic.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace machiai::store {

/// Paths below the home directory.
struct Home {
  std::filesystem::path dir;
  [[nodiscard]] std::filesystem::path settings() const { return dir / "clinic.toml"; }
  [[nodiscard]] std::filesystem::path ledger() const { return dir / "data" / "ledger.db"; }
  /// Spare bytes given up when the disk is full, so that the ledger can go on writing.
  [[nodiscard]] std::filesystem::path ballast() const { return dir / "data" / "ballast"; }
  /// Every counter and room that the settings have had (core/store/known).
  [[nodiscard]] std::filesystem::path known() const { return dir / "data" / "known.json"; }
  [[nodiscard]] std::filesystem::path devices() const { return dir / "data" / "devices.json"; }
  [[nodiscard]] std::filesystem::path staff() const { return dir / "data" / "staff.json"; }
  [[nodiscard]] std::filesystem::path programmes() const { return dir / "data" / "programme"; }
  [[nodiscard]] std::filesystem::path halt() const { return dir / "data" / "halt.json"; }
  /// The clinic's own templates of notices (docs/NOTICES.md).
  [[nodiscard]] std::filesystem::path templates() const { return dir / "templates"; }
  [[nodiscard]] std::filesystem::path keys() const { return dir / "keys"; }
  [[nodiscard]] std::filesystem::path media() const { return dir / "media"; }
  [[nodiscard]] std::filesystem::path station_key() const { return keys() / "station.key"; }
  [[nodiscard]] std::filesystem::path access() const { return dir / "data" / "access"; }
  [[nodiscard]] std::filesystem::path logins() const { return run() / "logins.json"; }
  [[nodiscard]] std::filesystem::path tls() const { return dir / "tls"; }
  /// Key, certificate and address of the cloud's link; missing while the station is not enrolled.
  [[nodiscard]] std::filesystem::path cloud() const { return dir / "cloud"; }
  [[nodiscard]] std::filesystem::path run() const { return dir / "run"; }
  [[nodiscard]] std::filesystem::path port() const { return run() / "port"; }
  [[nodiscard]] std::filesystem::path lan_port() const { return run() / "lan-port"; }
  [[nodiscard]] std::filesystem::path lock() const { return run() / "lock"; }
  [[nodiscard]] std::filesystem::path token(std::string_view role) const {
    return run() / ("token." + std::string(role));
  }
};

struct PrinterSettings {
  std::string server; ///< CUPS: "host:port", a socket's path, or empty for the library's default
  std::string queue;  ///< empty: no printer, numbers are shown on the screen
  std::string slip;   ///< the paper: "80mm" (also when empty), "58mm", or the path of a layout file
};

struct StationSettings {
  queue::Clinic clinic;
  PrinterSettings printer;
  int hub_port = 0;        ///< 0: any free port, told in run/port
  int media_quota_gb = 20; ///< what films may take of the disk
  std::string lan;         ///< "0.0.0.0:8443": where seats of the clinic's network come in; empty: nowhere
};

inline constexpr std::string_view roles[] = {"cli", "desk", "display", "kiosk", "room"};

/// Makes a new home with the fictional clinic's settings and fresh tokens. Refused (conflict
/// "home_in_use") when one is there already.
[[nodiscard]] base::Status init_example(const Home& home);
/// Reads clinic.toml. Error invalid "bad_settings" with the place in `detail`.
[[nodiscard]] base::Result<StationSettings> load_settings(const Home& home);
/// Role and token of every role that may connect; makes the missing ones.
[[nodiscard]] base::Result<std::vector<std::pair<std::string, std::string>>> load_tokens(const Home& home);
/// What errno says of a file: storage "disk_full", "storage_read_only", "no_permission" or "storage".
[[nodiscard]] tl::unexpected<base::Error> file_error(const std::filesystem::path& path);
/// Writes a small file so that readers see the old or the new one, never half.
[[nodiscard]] base::Status write_file(const std::filesystem::path& path, std::string_view text, bool secret);
/// write_file for a secret that must be there after a power cut: file and directory are on the disk.
[[nodiscard]] base::Status write_durable_file(const std::filesystem::path& path, std::string_view text);
/// Writes over an existing file in place: needs no free block, but a reader may see half of it.
[[nodiscard]] base::Status overwrite_file(const std::filesystem::path& path, std::string text);
/// A file of ours at most; what is larger, or no file at all, may have been named by mistake.
inline constexpr std::size_t largest_file = std::size_t{16} << 20;
/// Errors: not_found "missing_file", invalid "not_a_file" (a pipe, a device, a directory), limit
/// "file_too_large", and as file_error.
[[nodiscard]] base::Result<std::string> read_file(const std::filesystem::path& path);
/// The same of a file that a person named: not_found "no_such_file" with all of its path.
[[nodiscard]] base::Result<std::string> read_given_file(const std::filesystem::path& path);
/// With those above it. Storage "no_permission", "not_a_folder", "disk_full", "storage_read_only", "storage",
/// with what stands in the way.
[[nodiscard]] base::Status make_folder(const std::filesystem::path& path);
/// Makes the ballast if it is missing and there is room.
[[nodiscard]] base::Status fill_ballast(const Home& home);
/// Gives the ballast's bytes back to the file system; false when there was none.
bool drop_ballast(const Home& home);

} // namespace machiai::store
