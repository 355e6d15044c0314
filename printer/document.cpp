// SPDX-License-Identifier: Apache-2.0
#include "printer/document.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace machiai::printer {

namespace {

constexpr double dots_per_inch = 203; // what thermal printers call 8 dots a millimetre
constexpr double points_per_dot = 72 / dots_per_inch;
constexpr double mm_per_inch = 25.4;
constexpr double points_per_mm = 72 / mm_per_inch;

/// cups-filters cuts a custom page down to whole points, from its middle. A page that is cut already keeps
/// its dots on the printer's grid; it is at most 0.35 mm smaller than its paper.
double whole_points(int mm) {
  return std::floor(mm * points_per_mm);
}

base::Result<std::string> deflated(const std::uint8_t* data, std::size_t size) {
  uLongf room = compressBound(static_cast<uLong>(size));
  std::string out(room, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &room, data, static_cast<uLong>(size), 6) != Z_OK)
    return base::fail(base::Error::Code::internal, "deflate_failed");
  out.resize(room);
  return out;
}

/// Collects numbered objects and remembers where each starts.
class PdfWriter {
public:
  void add(std::string_view body) {
    starts_.push_back(text_.size());
    text_ += fmt::format("{} 0 obj\n{}\nendobj\n", starts_.size(), body);
  }
  [[nodiscard]] std::string finish() && {
    const std::size_t table = text_.size();
    text_ += fmt::format("xref\n0 {}\n0000000000 65535 f \n", starts_.size() + 1);
    for (const std::size_t start : starts_) text_ += fmt::format("{:010} 00000 n \n", start);
    text_ +=
        fmt::format("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n", starts_.size() + 1, table);
    return std::move(text_);
  }

private:
  std::string text_ = "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n"; // the comment tells "binary" to those who transfer it
  std::vector<std::size_t> starts_;
};

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFFU));
}

void put_chunk(std::string& out, std::string_view type, std::string_view data) {
  put_u32(out, static_cast<std::uint32_t>(data.size()));
  const std::string body = std::string(type) + std::string(data);
  out += body;
  put_u32(out, static_cast<std::uint32_t>(
                   crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

} // namespace

int paper_height_mm(const Bitmap& picture) {
  int mm =
      std::max(min_paper_mm, static_cast<int>(std::ceil(picture.height() * mm_per_inch / dots_per_inch)));
  while (whole_points(mm) < picture.height() * points_per_dot) ++mm;
  return mm;
}

// The picture is one image XObject; the page is as large as the paper, with whole dots left of the picture.
// Its edges lie a hair inside those dots: a rasterizer at 203 dpi then takes exactly as many dots as there
// are and resamples nothing (poppler counts a dot more for an edge that lies on the grid).
base::Result<std::string> to_pdf(const Bitmap& picture, int width_mm) {
  if (picture.width() <= 0 || picture.height() <= 0)
    return base::fail(base::Error::Code::invalid, "empty_picture");
  auto image = deflated(picture.bytes().data(), picture.bytes().size());
  if (!image) return tl::unexpected(std::move(image.error()));
  const double page_width = whole_points(width_mm);
  const double page_height = whole_points(paper_height_mm(picture));
  const double width = picture.width() * points_per_dot;
  const double height = picture.height() * points_per_dot;
  const double left = std::round((page_width - width) / 2 / points_per_dot) * points_per_dot;
  constexpr double hair = 0.05 * points_per_dot;
  const std::string draw = fmt::format("q {:.5f} 0 0 {:.5f} {:.5f} {:.5f} cm /I Do Q", width - 2 * hair,
                                       height - 2 * hair, left + hair, page_height - height + hair);
  PdfWriter pdf;
  pdf.add("<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>");
  pdf.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  pdf.add(fmt::format("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.4f} {:.4f}] /Contents 4 0 R "
                      "/Resources << /XObject << /I 5 0 R >> >> >>",
                      page_width, page_height));
  pdf.add(fmt::format("<< /Length {} >>\nstream\n{}\nendstream", draw.size(), draw));
  pdf.add(fmt::format(
      "<< /Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 1 "
      "/ColorSpace /DeviceGray /Decode [1 0] /Filter /FlateDecode /Length {} >>\nstream\n{}\nendstream",
      picture.width(), picture.height(), image->size(), *image));
  return std::move(pdf).finish();
}

std::string to_pbm(const Bitmap& picture) {
  std::string out = fmt::format("P4\n{} {}\n", picture.width(), picture.height());
  out.append(picture.bytes().begin(), picture.bytes().end());
  return out;
}

base::Result<std::string> to_png(const Bitmap& picture) {
  std::vector<std::uint8_t> rows; // a filter byte before each row; PNG's 1 is white
  rows.reserve((picture.stride() + 1) * static_cast<std::size_t>(picture.height()));
  for (std::size_t at = 0; at < picture.bytes().size(); ++at) {
    if (at % picture.stride() == 0) rows.push_back(0);
    rows.push_back(static_cast<std::uint8_t>(~picture.bytes()[at]));
  }
  auto data = deflated(rows.data(), rows.size());
  if (!data) return tl::unexpected(std::move(data.error()));
  std::string header;
  put_u32(header, static_cast<std::uint32_t>(picture.width()));
  put_u32(header, static_cast<std::uint32_t>(picture.height()));
  header += std::string("\x01\x00\x00\x00\x00", 5); // one bit grey
  std::string density;
  put_u32(density, 7992); // dots a metre at 203 dpi
  put_u32(density, 7992);
  density.push_back('\x01');
  std::string out = "\x89PNG\r\n\x1a\n";
  put_chunk(out, "IHDR", header);
  put_chunk(out, "pHYs", density);
  put_chunk(out, "IDAT", *data);
  put_chunk(out, "IEND", {});
  return out;
}

} // namespace machiai::printer
