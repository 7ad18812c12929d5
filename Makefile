# SPDX-License-Identifier: Apache-2.0

# Given to what a target runs: make run ARGS='--port 9000', make test ARGS='--filter RTCWire'
ARGS ?=

# Our own warnings are errors here and nowhere else; see Package.swift.
STRICT = RTC_WARNINGS_AS_ERRORS=1

.DEFAULT_GOAL := help
.PHONY: help run test traits lint format docs fuzz interop bench

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Build rtc for release and start its demo server; ARGS= go to rtc serve
	@Scripts/setup.sh
	swift run -c release rtc serve $(ARGS)

test: ## Build everything and run all tests; ARGS= go to swift test
	@Scripts/setup.sh
	$(STRICT) swift build --build-tests
	$(STRICT) swift test --skip-build --parallel $(ARGS)

traits: ## Build the codecs without any system library
	@Scripts/setup.sh
	for codec in Opus VPX H264; do \
		$(STRICT) swift build --disable-default-traits --scratch-path .build/without-traits --target RTCCodec$$codec || exit; \
	done

lint: ## Check format, layers, imports, headers, and documents against the code
	@Scripts/setup.sh python3
	@Scripts/lint_test.py
	@Scripts/lint.py

format: ## Format the sources and refresh the generated parts of the documents
	@Scripts/setup.sh python3
	git ls-files -co --exclude-standard '*.swift' | xargs swift format --in-place --parallel
	Scripts/generated.py --write

docs: ## Build the documentation into .build/docs
	@Scripts/setup.sh python3
	Scripts/docs.py $(ARGS)

fuzz: ## Fuzz each parser for 30 seconds; ARGS='SECONDS BODY…' for other times and bodies
	@Scripts/setup.sh
	Scripts/fuzz.sh $(ARGS)

interop: ## Talk to browsers and other WebRTC stacks
	@Scripts/setup.sh
	Scripts/interop.sh $(ARGS)

bench: ## Measure against other WebRTC stacks
	@Scripts/setup.sh
	Scripts/bench.sh $(ARGS)
