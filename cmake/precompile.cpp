// SPDX-License-Identifier: Apache-2.0
// A target of headers needs a source.
