// SPDX-License-Identifier: Apache-2.0
// A directory of its own, bytes like those of a film, and guards taken away for a while.
#pragma once

#include "core/vault/guards.hpp"
#include "core/vault/keys.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace machiai::vault::test {

struct Place {
  std::filesystem::path dir;
  Place() {
    std::string name = (std::filesystem::temp_directory_path() / "machiai-vault-XXXXXX").string();
    dir = ::mkdtemp(name.data());
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { std::filesystem::remove_all(dir); }
};

class Without {
public:
  explicit Without(Guard guard) { removed_guards = 1U << static_cast<unsigned>(guard); }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
  ~Without() { removed_guards = 0; }
};

using Content = std::vector<unsigned char>;

inline Content some_content(std::size_t size, unsigned seed = 1) {
  std::mt19937 random(seed);
  Content content(size);
  for (unsigned char& byte : content) byte = static_cast<unsigned char>(random());
  return content;
}

inline Content bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_bytes(const std::filesystem::path& path, const Content& bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline Digest sha_of(const Content& content) {
  Sha256 sha;
  sha.add(content);
  return sha.finish();
}

} // namespace machiai::vault::test
