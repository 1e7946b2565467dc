SHELL := /bin/bash
NODE_VERSION := 24.21.0
OS := $(shell uname -s | tr A-Z a-z)
CPU := $(subst x86_64,x64,$(subst aarch64,arm64,$(shell uname -m)))
NODE_PACKAGE := $(if $(filter darwin-arm64,$(OS)-$(CPU)),node-bin,node)-$(OS)-$(CPU)
NODE := .tools/.node-$(NODE_VERSION)
DEPS := node_modules/.package-lock.json
ifndef NPM_CONFIG_GLOBALCONFIG
export NPM_CONFIG_GLOBALCONFIG := $(shell npm config get globalconfig)
endif
export PATH := $(CURDIR)/.tools/node_modules/.bin:$(CURDIR)/node_modules/.bin:$(PATH)
$(NODE):
	rm -rf .tools && mkdir -p .tools && echo '{"private":true}' > .tools/package.json
	cd .tools && npm install --ignore-scripts --no-save $(NODE_PACKAGE)@$(NODE_VERSION)
	touch $@
$(DEPS): package.json package-lock.json $(NODE)
	npm ci --ignore-scripts
	touch $@
