# SPDX-License-Identifier: Apache-2.0
# Everything a newcomer needs: make demo, make test. Each sets the machine up first (see tools/setup).
BUILD ?= build
CTEST_ARGS ?=

.PHONY: demo test build bench setup check-format format lint clean

demo: build
	@tools/demo --bin $(BUILD)/bin $(if $(DAY),--day $(DAY))

test: check-format build
	@cmake --build $(BUILD) --target all
	@ctest --test-dir $(BUILD) --output-on-failure -j $$(($$(nproc) * 5)) $(CTEST_ARGS)

bench: build
	@cmake --build $(BUILD) --target all
	@python3 tests/bench/run.py --build $(BUILD)

build: setup
	@[ -f $(BUILD)/build.ninja ] || cmake -G Ninja -S . -B $(BUILD) -DMACHIAI_TOGETHER=ON
	@cmake --build $(BUILD) --target programs

setup:
	@tools/setup

check-format: setup
	@tools/check-format

format:
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

lint: build
	@tools/lint $(BUILD)

clean:
	rm -rf $(BUILD) demo
