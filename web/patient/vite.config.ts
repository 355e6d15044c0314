// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vite";

// The page is served at /f/{facility} and /t/{token}, its files below /assets/. Nothing is inlined, so that the
// server can forbid inline scripts and styles.
export default defineConfig({
  base: "/",
  server: { fs: { allow: ["../.."] } }, // a test reads the board's words
  build: {
    target: "es2020",
    cssTarget: "safari14",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    sourcemap: false,
  },
});
