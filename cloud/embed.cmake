# SPDX-License-Identifier: Apache-2.0
# Writes OUT with the text of DOCUMENT as cloud::openapi_document(), in pieces that a compiler takes.
file(READ ${DOCUMENT} bytes HEX)
string(LENGTH "${bytes}" length)
set(array "")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," array "${bytes}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" array "${array}")
file(WRITE ${OUT} "// SPDX-License-Identifier: Apache-2.0
#include \"cloud/site.hpp\"

namespace machiai::cloud {

namespace {
constexpr unsigned char bytes[] = {
${array}
};
} // namespace

std::string_view openapi_document() {
  return {reinterpret_cast<const char*>(bytes), sizeof bytes};
}

} // namespace machiai::cloud
")
