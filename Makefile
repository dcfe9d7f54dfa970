# Everything a developer or CI does. `make run` and `make test` are all a newcomer needs.
SHELL := /bin/bash
GO    ?= go
# cgo builds SQLite with double-quoted strings off: a misspelt column is an error, not a text.
export CGO_ENABLED := 1
export CGO_CFLAGS  := -O2 -DSQLITE_DQS=0
TAGS := sqlite_omit_load_extension
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LISTEN ?= 127.0.0.1:8080

.PHONY: run build test race check lint fmt screenshots e2e bench crash powercut netcut diskfull clockjump drain poor conformance clean help day overload

help:            ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: build       ## start the product with a ready demonstration
	@bin/cakap demo --listen $(LISTEN)

build:           ## build bin/cakap
	@mkdir -p bin
	$(GO) build -trimpath -tags $(TAGS) -ldflags "-X main.version=$(VERSION)" -o bin/cakap ./cmd/cakap

test:            ## every test; what needs PostgreSQL, a browser or LibreOffice is skipped with a line that says so
	$(GO) test -tags $(TAGS) ./...
	@[ -n "$$CAKAP_TEST_POSTGRES" ] || echo 'skipped: the PostgreSQL half of the storage tests, for there is no server; export CAKAP_TEST_POSTGRES=$$(.ci/postgres) starts one'
	@command -v soffice >/dev/null || echo 'skipped: opening workbooks in LibreOffice, for soffice is not there'
	@if command -v chromium >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory e2e; \
	else echo 'skipped: the browser journey, for Chromium or npm is not there'; fi

# Readers of question formats and commands start no goroutine of their own, and take a third of the time.
race:            ## the tests with the race detector
	$(GO) test -race -tags $(TAGS) $$($(GO) list ./... | grep -Ev 'questionbank/format|cmd/cakap')

fmt:
	gofmt -w $$(git ls-files '*.go')

lint:            ## formatting, vet, golangci-lint
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	golangci-lint run --build-tags $(TAGS) ./...

check: lint race ## what a pull request must pass

e2e: build       ## the browser journey on the real binary
	cd e2e && npm ci --no-audit --no-fund && node --test --test-concurrency=2

screenshots: build ## pictures of every page at 360 and 1280 px, in e2e/out
	cd e2e && npm ci --no-audit --no-fund && node screenshots.mjs

KILLS ?= 50
ENGINE ?= sqlite
# A shorter or smaller day: make day PEOPLE=300 SPEED=12 STRICT=
PEOPLE ?= 5000
SPEED  ?= 1
STRICT ?= -strict
bench: build     ## saves against the ceiling, whole attempts and log-ins; on PostgreSQL too where CAKAP_TEST_POSTGRES names one
	for engine in sqlite $${CAKAP_TEST_POSTGRES:+postgres}; do \
	  $(GO) run -tags $(TAGS) ./bench/saves -engine $$engine && $(GO) run -tags $(TAGS) ./bench/load -engine $$engine || exit 1; done

day: build       ## an exam day of PEOPLE people, SPEED times faster than 21 minutes, compared answer by answer
	$(GO) run -tags $(TAGS) ./bench/day -engine $(ENGINE) -people $(PEOPLE) -speed $(SPEED) $(STRICT)

overload: build  ## saves at 1, 3 and 8 times of what the server can do, then pages and log-ins without end
	$(GO) run -tags $(TAGS) ./bench/overload -engine $(ENGINE) $(STRICT)

crash: build     ## kill -9 during a save storm, KILLS times; with ENGINE=postgres of the database, too
	$(GO) run -tags $(TAGS) ./bench/crash -kills $(KILLS) -engine $(ENGINE)

powercut: CUTS ?= 500
powercut:        ## what a disk holds after the power went off, CUTS times
	$(GO) run -tags $(TAGS) ./bench/powercut -cuts $(CUTS)

netcut: CUTS ?= 0
netcut: build    ## the connection cut at every byte of a save, or CUTS times
	$(GO) run -tags $(TAGS) ./bench/netcut -cuts $(CUTS) -engine $(ENGINE)

diskfull: build  ## the disk fills up under load, and at a start
	$(GO) run -tags $(TAGS) ./bench/diskfull

clockjump: build ## the machine's clock is set back and forward
	$(GO) run -tags $(TAGS) ./bench/clockjump -engine $(ENGINE)

ROUNDS ?= 50
drain: build     ## SIGTERM under load, ROUNDS times
	$(GO) run -tags $(TAGS) ./bench/drain -rounds $(ROUNDS) -engine $(ENGINE)

POOR_SECONDS ?= 600
poor: build      ## the take page in Chromium over a poor line, for ten minutes
	cd e2e && npm ci --no-audit --no-fund && CAKAP_POOR_SECONDS=$(POOR_SECONDS) node --test poor.test.mjs

conformance: ## our readers on ../shared/corpus, row by row
	$(GO) run -tags $(TAGS) ./bench/conformance ../shared/corpus

clean:
	rm -rf bin e2e/out e2e/node_modules bench/out
