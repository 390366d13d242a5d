.PHONY: demo test test-full bench sense lint format generate kernels peers pack clean
.DEFAULT_GOAL := help

MOPBENCH := node src/cli/mopbench.mjs
VITEST := node node_modules/vitest/vitest.mjs run --reporter=default --reporter=json --outputFile.json=coverage/tests.json

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

node_modules/.installed: package.json package-lock.json src/embedded/package.json $(wildcard vendor/*/package.json)
	npm ci
	@touch $@

demo: node_modules/.installed ## run the quickstart on the embedded models: no network, no key
	$(MOPBENCH) run configs/quickstart.yaml

test: node_modules/.installed ## type check, lint and the tests
	npm run --silent typecheck
	npm run --silent lint
	$(VITEST)

test-full: node_modules/.installed peers ## the tests and the long simulations
	npm run --silent typecheck
	npm run --silent lint
	MOPBENCH_FULL=1 $(VITEST)

peers: node_modules/.installed ## the optional in-process runtimes (Transformers.js, llama.cpp), outside the lockfile
	npm install --no-save --ignore-scripts @huggingface/transformers@4.3.1 node-llama-cpp@3.22.1

bench: node_modules/.installed ## measure start-up, the kernels, the metrics and the engine
	node --import tsx benchmarks/run.ts

sense: node_modules/.installed ## write docs/metrics-sense.md: what each metric sees and misses
	node --import tsx benchmarks/sense/run.ts

lint: node_modules/.installed ## formatter and linter, no changes
	npm run --silent lint

format: node_modules/.installed ## apply the formatter
	npm run --silent format

kernels: node_modules/.installed ## build the WebAssembly kernels again from their AssemblyScript sources
	node src/numerics/kernel/build.mjs

generate: kernels ## write again all that is made from the sources: kernels, configs/schema.json, tables of docs/
	node --import tsx src/cli/generate.ts

pack: node_modules/.installed ## one bundled npm package in dist/
	node .ci/pack.mjs

clean: ## remove what can be made again
	rm -rf node_modules coverage dist
