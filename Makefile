SHELL := /bin/bash
.DEFAULT_GOAL := help
NODE_VERSION := 24.21.0
OS := $(shell uname -s | tr A-Z a-z)
CPU := $(subst x86_64,x64,$(subst aarch64,arm64,$(shell uname -m)))
NODE_PACKAGE := $(if $(filter darwin-arm64,$(OS)-$(CPU)),node-bin,node)-$(OS)-$(CPU)
NODE := .tools/.node-$(NODE_VERSION)
DEPS := node_modules/.package-lock.json
PLUGIN := dist/plugin/pulumi-resource-artifact-mirror
SOURCES := $(shell find provider -name '*.ts' -o -name '*.json') $(wildcard schema.json)
GENERATED := sdk/nodejs test/engine/vectors
CHECKS := types lint layers unused format drift
JEST := mkdir -p dist/results && jest -c test/jest.config.js --json --outputFile=dist/results
# names stay readable; without comments the bundle is ASCII, and takes half the memory
BUNDLE := esbuild --bundle --minify-whitespace --line-limit=160 --platform=node --target=node22 --format=cjs --legal-comments=none --log-level=warning
# large, and for few: each a file of its own, so that a plugin without them starts sooner and is smaller
APART := undici google-auth-library @azure/identity @aws-sdk/client-ecr @aws-sdk/client-ecr-public @aws-sdk/credential-providers
APART_FILES := $(foreach p,$(APART),dist/plugin/apart/$(subst /,-,$(subst @,,$p)).js)
# FOLDER: words for a bundle that finds them there
apart = $(foreach p,$(APART),--alias:$p=$1/$(subst /,-,$(subst @,,$p)).js) --external:$1/*
RUN := node test/run.mjs
ifndef NPM_CONFIG_GLOBALCONFIG
export NPM_CONFIG_GLOBALCONFIG := $(shell npm config get globalconfig 2>/dev/null)
endif
export PATH := $(CURDIR)/.tools/node_modules/.bin:$(CURDIR)/node_modules/.bin:$(PATH):/usr/local/go/bin

.PHONY: help setup build check $(CHECKS) test interop e2e soak bench scale quickstart schema sdk pack
.NOTPARALLEL:

help: ## say what can be made
	@sed -n 's/^\([a-z0-9 ]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 13

quickstart: build ## see the main job between two registries inside one process
	@$(RUN) test/quickstart/main.ts

setup: $(DEPS) ## bring Node and the packages, into git-ignored folders

build: $(PLUGIN) dist/dynamic/host.js dist/cli/cli.js ## bundle the hosts into dist

test: pack ## run the tests, with coverage: faults and kill sweep, too
	$(JEST)/test.json --coverage

check: $(CHECKS) ## types, lint, layers, unused code, format, schema drift

types: $(DEPS)
	tsc -p tsconfig.json
	@echo "passed: $@"

lint: $(DEPS)
	oxlint -c test/architecture/oxlint.json --type-aware --deny-warnings $(foreach g,$(GENERATED),--ignore-pattern $(g)) provider sdk examples test
	@echo "passed: $@"

layers: $(DEPS)
	depcruise --config test/architecture/layers.cjs provider sdk test
	@echo "passed: $@"

unused: $(DEPS)
	knip -c test/architecture/knip.json --no-progress
	@echo "passed: $@"

format: $(DEPS)
	prettier --log-level warn --check .
	@echo "passed: $@"

drift: $(DEPS)
	$(RUN) sdk/generate.ts --check
	@echo "passed: $@"

interop: build ## against real registries, signers and tools of the field; memory (needs Go)
	$(JEST)/interop.json --testMatch '**/test/interop/**/*.test.ts'

e2e: build ## with the real Pulumi CLI, where there is one
	$(JEST)/e2e.json --testMatch '**/test/e2e/**/*.test.ts'

soak: $(DEPS) ## faults drawn by seed: SEEDS=200, or SEED=n to repeat one
	@SEEDS=$(or $(SEEDS),200) $(RUN) test/faults/soak.ts

bench: build ## measure ours, and then every tool of the field beside it in one run
	@$(RUN) test/bench/main.ts

scale: build ## a thousand resources in one program: time and requests
	@$(RUN) test/bench/scale.ts

schema sdk: $(DEPS) ## write schema.json and sdk/nodejs from the inputs
	$(RUN) sdk/generate.ts

pack: build ## pack the npm package into dist
	$(RUN) sdk/pack.ts

$(NODE):
	rm -rf .tools/node_modules && mkdir -p .tools && echo '{"private":true}' > .tools/package.json
	cd .tools && npm install --ignore-scripts --no-save $(NODE_PACKAGE)@$(NODE_VERSION)
	touch $@

$(DEPS): package.json package-lock.json $(NODE)
	npm ci --ignore-scripts
	touch $@

$(APART_FILES): $(DEPS)
	$(foreach p,$(APART),$(BUNDLE) $p --outfile=dist/plugin/apart/$(subst /,-,$(subst @,,$p)).js &&) touch $(APART_FILES)

dist/plugin/main.js: $(SOURCES) $(DEPS) $(APART_FILES)
	$(BUNDLE) provider/hosts/plugin/main.ts $(call apart,./apart) --outfile=$@

dist/dynamic/host.js: $(SOURCES) $(DEPS) $(APART_FILES)
	$(BUNDLE) provider/hosts/dynamic.ts --external:@pulumi/pulumi $(call apart,../plugin/apart) --outfile=$@

dist/cli/cli.js: $(SOURCES) $(DEPS) $(APART_FILES)
	$(BUNDLE) provider/hosts/cli/main.ts --banner:js='#!/usr/bin/env node' $(call apart,./plugin/apart) --outfile=$@

$(PLUGIN): provider/hosts/plugin/launch.js dist/plugin/main.js
	cp $< $@ && chmod +x $@
