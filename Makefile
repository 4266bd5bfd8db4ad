# Two commands are enough: `make run` and `make test`. Both install what is missing and say so.

BUILD_NEEDS = pkg-config libncurses-dev libsqlite3-dev libcurl4-openssl-dev
TEST_NEEDS = postfix dovecot-imapd tmux python3 openssl procps strace
BENCH_NEEDS = postfix python3 strace
# One release flavour only: linking the standard library statically rebuilds everything.
RELEASE = -c release --static-swift-stdlib --product postroom

.PHONY: run build install test unit soak fuzz bench bench-scan docs lint clean build-needs test-needs bench-needs

run: build
	@exec "$$(swift build $(RELEASE) --show-bin-path)/postroom" rehearse

build: build-needs
	swift build $(RELEASE)

# The program, and what comes with it where it looks for it.
PREFIX ?= /usr/local
install: build
	install -D "$$(swift build $(RELEASE) --show-bin-path)/postroom" "$(DESTDIR)$(PREFIX)/bin/postroom"
	mkdir -p "$(DESTDIR)$(PREFIX)/share/postroom"
	cp -R data themes keymaps.conf "$(DESTDIR)$(PREFIX)/share/postroom"

# Everything, with a real Postfix, Dovecot and tmux on loopback ports. This is what CI runs.
test: build-needs test-needs lint
	swift build --build-tests
	@scripts/test.sh

# What needs no server.
unit: build-needs
	swift test

# The release build against Postfix, smtp-source and smtplib; what the numbers mean: Benchmarks/README.md.
bench: build bench-needs
	python3 Benchmarks/bench.py --program "$$(swift build $(RELEASE) --show-bin-path)/postroom"

# Every reader of bytes from outside, FUZZ_SECONDS (600) each, under AddressSanitizer.
fuzz:
	@Fuzz/run.sh

# The long proof: the engine killed at 1,000 random moments and at 1,000 chosen system calls, and every fault at every
# small N.
soak: build-needs test-needs
	swift build --build-tests
	POSTROOM_KILLS=1000 POSTROOM_STORY_TESTS=1 swift test --skip-build --filter 'Stories.Kill|Stories.FaultMatrix|Stories.SystemFault|Stories.Sleep'

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz/Sources

# Pages of docs/ that are made from the program.
docs: build-needs
	swift build --product postroom
	.build/debug/postroom docs configuration > docs/configuration.md
	.build/debug/postroom docs operations > docs/operations.md
	.build/debug/postroom docs keys > docs/keys.md
	.build/debug/postroom docs env > .env.example

clean:
	rm -rf .build

build-needs:
	@command -v swift >/dev/null || { echo "A Swift 6 toolchain is needed: https://www.swift.org/install/linux/" >&2; exit 1; }
	@scripts/need.sh "to build: the screen, the store, connections" $(BUILD_NEEDS)

test-needs:
	@scripts/need.sh "for the tests: a relay, a mailbox server and a terminal of their own" $(TEST_NEEDS)

# From a Dovecot mailbox to committed consequences, against imaplib and flufl.bounce.
bench-scan: build bench-needs
	@scripts/need.sh "for the scan benchmark" dovecot-imapd python3-flufl.bounce
	python3 Benchmarks/bench.py scan --program "$$(swift build $(RELEASE) --show-bin-path)/postroom"

bench-needs:
	@scripts/need.sh "for the benchmarks: what to compare with" $(BENCH_NEEDS)
