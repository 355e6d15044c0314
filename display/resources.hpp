// SPDX-License-Identifier: Apache-2.0
// The icons are linked into a static library: each program that shows a board must ask for them once.
#pragma once

#include <QtGlobal>

/// Not in a namespace: that is where the resource compiler puts them.
inline void machiai_display_resources() {
  Q_INIT_RESOURCE(icons);
}
