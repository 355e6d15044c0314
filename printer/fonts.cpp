// SPDX-License-Identifier: Apache-2.0
#include "printer/fonts.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <array>
#include <filesystem>
#include <initializer_list>

namespace machiai::printer {

namespace {

// Where Debian's fonts-morisawa-bizud-gothic and fonts-noto-cjk put them; other systems name them in
// FontFiles.
constexpr std::string_view text_font = "/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Bold.ttf";
constexpr int condensed_percent = 70;
constexpr std::string_view narrow_font = "/usr/share/fonts/truetype/bizud-gothic/BIZUDGothic-Bold.ttf";
constexpr std::string_view fallback_font = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";

std::string or_default(const std::string& named, std::string_view standard) {
  return named.empty() ? std::string(standard) : named;
}

} // namespace

struct Fonts::Faces {
  struct Face {
    std::string path;
    FT_Face face = nullptr;
    int size = 0;
    bool tried = false;
  };
  FT_Library library = nullptr;
  Face text;
  Face narrow;
  Face fallback; ///< 20 MB on disk: opened when first needed

  Faces() = default;
  Faces(const Faces&) = delete;
  Faces& operator=(const Faces&) = delete;
  ~Faces() {
    for (Face* face : {&text, &narrow, &fallback})
      if (face->face != nullptr) FT_Done_Face(face->face);
    if (library != nullptr) FT_Done_FreeType(library);
  }

  // FT_New_Face maps the file: only the pages in use count as memory.
  bool ready(Face& face) const {
    if (!face.tried) {
      face.tried = true;
      if (FT_New_Face(library, face.path.c_str(), 0, &face.face) != 0) face.face = nullptr;
    }
    return face.face != nullptr;
  }

  /// The face that has the character, else the first that can be opened; nullptr only without any font.
  FT_Face pick(Style style, int size, char32_t character) {
    const std::array<Face*, 3> order =
        style == Style::text ? std::array{&text, &fallback, &narrow} : std::array{&narrow, &text, &fallback};
    Face* any = nullptr;
    for (Face* face : order) {
      if (!ready(*face)) continue;
      if (FT_Get_Char_Index(face->face, character) != 0) return sized(*face, size);
      if (any == nullptr) any = face;
    }
    return any == nullptr ? nullptr : sized(*any, size);
  }

  static FT_Face sized(Face& face, int size) {
    if (face.size != size && FT_Set_Pixel_Sizes(face.face, 0, static_cast<FT_UInt>(size)) == 0)
      face.size = size;
    return face.face;
  }
};

Fonts::Fonts(std::unique_ptr<Faces> faces) : faces_(std::move(faces)) {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

base::Result<Fonts> Fonts::open(const FontFiles& files) {
  auto faces = std::make_unique<Faces>();
  if (FT_Init_FreeType(&faces->library) != 0) return base::fail(base::Error::Code::device, "no_font");
  faces->text.path = or_default(files.text, text_font);
  faces->narrow.path = or_default(files.narrow, narrow_font);
  faces->fallback.path = or_default(files.fallback, fallback_font);
  if (!faces->ready(faces->text) && !faces->ready(faces->fallback))
    return base::fail(base::Error::Code::device, "no_font", faces->text.path);
  return Fonts(std::move(faces));
}

int Fonts::advance(Style style, int size, char32_t character) const {
  FT_Face face = faces_->pick(style, size, character);
  if (face == nullptr || FT_Load_Char(face, character, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return 0;
  const auto wide = static_cast<int>(face->glyph->linearHoriAdvance >> 10); // 16.16 dots into 26.6
  return style == Style::condensed ? wide * condensed_percent / 100 : wide;
}

// Unhinted: at this size the outline itself is what the designers drew, and widths stay linear.
Glyph Fonts::glyph(Style style, int size, char32_t character) const {
  FT_Face face = faces_->pick(style, size, character);
  constexpr FT_Int32 flags = FT_LOAD_RENDER | FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP;
  constexpr FT_Fixed whole = 0x10000;
  FT_Matrix squeeze{style == Style::condensed ? whole * condensed_percent / 100 : whole, 0, 0, whole};
  if (face != nullptr) FT_Set_Transform(face, &squeeze, nullptr);
  if (face == nullptr || FT_Load_Char(face, character, flags) != 0) return {};
  const FT_Bitmap& from = face->glyph->bitmap;
  Glyph glyph{face->glyph->bitmap_left,
              -face->glyph->bitmap_top,
              static_cast<int>(from.width),
              static_cast<int>(from.rows),
              {}};
  glyph.coverage.reserve(static_cast<std::size_t>(from.width) * from.rows);
  for (unsigned row = 0; row < from.rows; ++row) {
    const unsigned char* start = from.buffer + static_cast<std::ptrdiff_t>(row) * from.pitch;
    glyph.coverage.insert(glyph.coverage.end(), start, start + from.width);
  }
  return glyph;
}

} // namespace machiai::printer
