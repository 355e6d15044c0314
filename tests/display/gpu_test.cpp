// SPDX-License-Identifier: Apache-2.0
#include "display/gpu.hpp"

#include <catch2/catch.hpp>

using namespace machiai::display;

TEST_CASE("a renderer that draws with the processor is no graphics processor") {
  // As GL_RENDERER says it, of machines as they are found in clinics and of those that only pretend.
  for (const char* real :
       {"Mesa Intel(R) UHD Graphics 600 (GLK 2)", "Mesa DRI Intel(R) HD Graphics 400 (BSW)",
        "Mesa Intel(R) Graphics (ADL-N)", "AMD Radeon Graphics (radeonsi, raven, LLVM 15.0.6, DRM 3.49)",
        "AMD RENOIR (LLVM 15.0.6, DRM 3.49, 6.1.0)", "NVIDIA GeForce GT 1030/PCIe/SSE2", "NV137", "V3D 4.2",
        "VC4 V3D 2.1", "Mali-G52 (Panfrost)", "FD618", "virgl (Mesa Intel(R) UHD Graphics 620)"}) {
    INFO(real);
    CHECK(is_gpu(real));
    CHECK(uses_gpu(SurfaceWish::automatic, real));
    CHECK_FALSE(uses_gpu(SurfaceWish::raster, real));
  }
  for (const char* pretended :
       {"", "  \n", "llvmpipe (LLVM 15.0.6, 256 bits)", "Gallium 0.4 on llvmpipe (LLVM 3.8, 256 bits)",
        "softpipe", "Software Rasterizer", "Mesa X11", "swrast", "SWR (LLVM 9.0, 256 bits)",
        "Google SwiftShader",
        "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (LLVM 10.0.0)), SwiftShader driver)",
        "zink (llvmpipe (LLVM 15.0.6, 256 bits))", "Microsoft Basic Render Driver",
        "ANGLE (Software Adapter Direct3D11)", "GDI Generic"}) {
    INFO(pretended);
    CHECK_FALSE(is_gpu(pretended));
    CHECK_FALSE(uses_gpu(SurfaceWish::automatic, pretended));
    CHECK(uses_gpu(SurfaceWish::gpu, pretended)); // who asks for it has it
  }
}

TEST_CASE("a surface is wished by its name") {
  CHECK(parse_surface("auto") == SurfaceWish::automatic);
  CHECK(parse_surface("raster") == SurfaceWish::raster);
  CHECK(parse_surface("gpu") == SurfaceWish::gpu);
  for (const char* other : {"", "GPU", "opengl", "auto "}) CHECK_FALSE(parse_surface(other));
}
