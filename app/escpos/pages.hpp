// SPDX-License-Identifier: Apache-2.0
// The pages of a CUPS raster, as the thermal head will burn them.
#pragma once

#include "printer/bitmap.hpp"

#include <cups/raster.h>

#include <memory>
#include <optional>

namespace machiai::escpos_filter {

class Pages {
public:
  /// Reads from `input` until its end.
  explicit Pages(int input);

  /// The next page: the middle of its width, as wide as the head; white rows at its end are left out. Nothing
  /// at the end, and when the page cannot be read (then broken()).
  [[nodiscard]] std::optional<printer::Bitmap> next();
  [[nodiscard]] bool broken() const { return broken_; }
  /// False when the last page's queue has MachiaiStatus=No (the PPD's cupsInteger1).
  [[nodiscard]] bool device_answers() const { return answers_; }

private:
  struct Close {
    void operator()(cups_raster_t* raster) const { cupsRasterClose(raster); }
  };
  std::unique_ptr<cups_raster_t, Close> raster_;
  bool broken_ = false;
  bool answers_ = true;
};

} // namespace machiai::escpos_filter
