// SPDX-License-Identifier: Apache-2.0
#include "display/gpu.hpp"

#include "display/board_painter.hpp"
#include "display/style.hpp"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QWindow>
#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

namespace machiai::display {

namespace {

constexpr const char* vertex_shader = R"(
attribute vec2 corner;
uniform vec4 box;
varying vec2 place;
void main() {
  place = corner;
  gl_Position = vec4(box.xy + corner * box.zw, 0.0, 1.0);
}
)";
/// A picture's bytes in memory are blue, green, red.
constexpr const char* fragment_shader = R"(
#ifdef GL_ES
precision mediump float;
#endif
varying vec2 place;
uniform sampler2D picture;
void main() {
  gl_FragColor = texture2D(picture, place).bgra;
}
)";
constexpr GLfloat corners[] = {0, 0, 1, 0, 0, 1, 1, 1};

/// A picture on the card, in the same memory there while its size stays.
struct Texture {
  GLuint id = 0;
  QSize size;
  qint64 key = 0;

  void take(QOpenGLFunctions& gl, const QImage& image) {
    if (id == 0) gl.glGenTextures(1, &id);
    gl.glBindTexture(GL_TEXTURE_2D, id);
    if (image.cacheKey() == key) return;
    if (size != image.size()) {
      for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
        gl.glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
      for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
        gl.glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
      gl.glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, image.width(), image.height(), 0, GL_RGBA, GL_UNSIGNED_BYTE,
                      image.constBits());
    } else {
      gl.glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, image.width(), image.height(), GL_RGBA, GL_UNSIGNED_BYTE,
                         image.constBits());
    }
    size = image.size();
    key = image.cacheKey();
  }
};

GLuint program_of(QOpenGLFunctions& gl) {
  const GLuint program = gl.glCreateProgram();
  for (auto [kind, text] :
       {std::pair(GL_VERTEX_SHADER, vertex_shader), std::pair(GL_FRAGMENT_SHADER, fragment_shader)}) {
    const GLuint shader = gl.glCreateShader(GLenum(kind));
    gl.glShaderSource(shader, 1, &text, nullptr);
    gl.glCompileShader(shader);
    gl.glAttachShader(program, shader);
    gl.glDeleteShader(shader); // with the program
  }
  gl.glBindAttribLocation(program, 0, "corner");
  gl.glLinkProgram(program);
  GLint linked = 0;
  gl.glGetProgramiv(program, GL_LINK_STATUS, &linked);
  return linked == 0 ? 0 : program;
}

} // namespace

std::optional<SurfaceWish> parse_surface(std::string_view word) {
  if (word == "auto") return SurfaceWish::automatic;
  if (word == "raster") return SurfaceWish::raster;
  if (word == "gpu") return SurfaceWish::gpu;
  return std::nullopt;
}

bool is_gpu(std::string_view renderer) {
  constexpr std::string_view by_program[] = {"llvmpipe",    "softpipe",    "swrast",       "software",
                                             "lavapipe",    "swiftshader", "basic render", "mesa x11",
                                             "gdi generic", "swr "};
  std::string name(renderer);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  if (name.find_first_not_of(" \t\r\n") == std::string::npos) return false;
  return std::none_of(std::begin(by_program), std::end(by_program),
                      [&](std::string_view each) { return name.find(each) != std::string::npos; });
}

bool uses_gpu(SurfaceWish wish, std::string_view renderer) {
  if (wish == SurfaceWish::automatic) return is_gpu(renderer);
  return wish == SurfaceWish::gpu;
}

std::string gl_renderer() {
  QOffscreenSurface surface;
  surface.create();
  QOpenGLContext context;
  if (!context.create() || !context.makeCurrent(&surface)) return {};
  const auto* name = context.functions()->glGetString(GL_RENDERER);
  std::string renderer = name == nullptr ? "" : reinterpret_cast<const char*>(name);
  context.doneCurrent();
  return renderer;
}

struct GpuPane::Parts {
  QWindow window;
  QOpenGLContext context;
  GLuint program = 0;
  Texture film, over;
  QRect place;

  explicit Parts(QWindow& board) : window(&board) {}

  [[nodiscard]] bool begin() {
    if (!window.isVisible() || (!context.isValid() && !context.create())) return false;
    if (!context.makeCurrent(&window)) return false;
    if (program == 0) program = program_of(*context.functions());
    return program != 0;
  }
  void lay(QOpenGLFunctions& gl, Texture& texture, const QImage& image, const QRect& target) {
    texture.take(gl, image);
    const float width = 2.F / float(place.width()), height = 2.F / float(place.height());
    gl.glUniform4f(gl.glGetUniformLocation(program, "box"), float(target.x()) * width - 1,
                   1 - float(target.y()) * height, float(target.width()) * width,
                   -float(target.height()) * height);
    gl.glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  }
};

GpuPane::GpuPane(QWindow& board) : parts_(std::make_unique<Parts>(board)) {
  QSurfaceFormat format;
  format.setSwapInterval(0); // a call must not wait for a screen that is asleep
  parts_->window.setSurfaceType(QSurface::OpenGLSurface);
  parts_->window.setFormat(format);
  parts_->window.setFlag(Qt::WindowTransparentForInput);
  parts_->context.setFormat(format);
}

GpuPane::~GpuPane() = default; // what is on the card goes with the context

const QRect& GpuPane::place() const {
  return parts_->place;
}

void GpuPane::move(const QRect& place) {
  if (place == parts_->place) return;
  parts_->place = place;
  if (place.isEmpty()) return parts_->window.hide();
  parts_->window.setGeometry(place);
  if (!parts_->window.isVisible()) parts_->window.show();
}

bool GpuPane::show(const QImage& picture, const QImage& over) {
  Parts& p = *parts_;
  if (p.place.isEmpty() || picture.isNull()) return true;
  if (!p.begin()) return false;
  QOpenGLFunctions& gl = *p.context.functions();
  const QColor ground = style::ai_deep;
  gl.glViewport(0, 0, p.place.width(), p.place.height());
  gl.glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_FALSE);
  gl.glClearColor(float(ground.redF()), float(ground.greenF()), float(ground.blueF()), 1);
  gl.glClear(GL_COLOR_BUFFER_BIT);
  gl.glUseProgram(p.program);
  gl.glEnableVertexAttribArray(0);
  gl.glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, corners);
  gl.glDisable(GL_BLEND);
  p.lay(gl, p.film, picture, film_target(QRect(QPoint(), p.place.size()), picture.size()));
  gl.glEnable(GL_BLEND);
  gl.glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA); // `over` is premultiplied
  p.lay(gl, p.over, over, QRect(QPoint(), p.place.size()));
  const bool done = gl.glGetError() == GL_NO_ERROR;
  p.context.swapBuffers(&p.window);
  p.context.doneCurrent();
  return done;
}

} // namespace machiai::display
