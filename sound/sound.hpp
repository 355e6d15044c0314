// SPDX-License-Identifier: Apache-2.0
// Sound as values: 48 kHz, mono, 16 bit. The chime is computed, so it needs no file and no licence.
#pragma once

#include "core/base/result.hpp"

#include <QByteArray>
#include <cstdint>
#include <vector>

namespace machiai::sound {

using Samples = std::vector<std::int16_t>;
inline constexpr int sample_rate = 48000;

/// Two wooden notes rising, G5 then C6; peak -6 dBFS. `quiet`: 12 dB less, for quiet hours.
[[nodiscard]] Samples chime(bool quiet = false);
/// One soft note, 12 dB below the chime: something is about to change.
[[nodiscard]] Samples tone();

[[nodiscard]] Samples silence(std::int64_t ms);
[[nodiscard]] std::int64_t duration_ms(const Samples& samples);
/// At `percent` (0-100) of its loudness.
[[nodiscard]] Samples scaled(Samples samples, int percent);
/// Quieter as a whole if its peak is above `peak` (0..1), else unchanged.
void limit_peak(Samples& samples, double peak);

/// Without the engine's long silence at both ends; `before_ms` and `after_ms` of it are left.
void trim_silence(Samples& samples, std::int64_t before_ms, std::int64_t after_ms);

/// A WAV file of 16-bit mono sound; "bad_wav" when it is anything else or cut short.
[[nodiscard]] base::Result<Samples> samples_of_wav(const QByteArray& wav);
[[nodiscard]] QByteArray wav_of(const Samples& samples);

} // namespace machiai::sound
