#!/bin/sh
# Feeds every reader of bytes from outside with libFuzzer and AddressSanitizer: FUZZ_SECONDS (600) each, one after the
# other. Ends with 1 at the first finding; the input is in .build/fuzz/findings. FUZZ_TARGETS="dsn arf" chooses some.
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-600}
targets=${FUZZ_TARGETS:-address header mime dsn arf xarf imap smtp sns log dns}
out=.build/fuzz
mkdir -p "$out/findings"

echo "building the fuzzer (MailModel and MailFormats with AddressSanitizer)"
swiftc -O -wmo -parse-as-library -swift-version 6 -sanitize=fuzzer,address -module-name MailModel \
  -emit-module -emit-module-path "$out/MailModel.swiftmodule" -emit-object -o "$out/MailModel.o" \
  $(find Sources/MailModel -name '*.swift')
swiftc -O -wmo -parse-as-library -swift-version 6 -sanitize=address -module-name Crypto \
  -emit-module -emit-module-path "$out/Crypto.swiftmodule" -emit-object -o "$out/Crypto.o" Fuzz/Stand-ins/Crypto.swift
# Token/ is left out: it reads nothing but our own signed tokens, and needs swift-crypto.
swiftc -O -wmo -parse-as-library -swift-version 6 -enable-upcoming-feature InternalImportsByDefault \
  -sanitize=fuzzer,address -module-name Fuzz -I "$out" -o "$out/fuzzer" \
  $(find Sources/MailFormats -name '*.swift' ! -path '*/Token/*') Fuzz/Sources/*.swift "$out/MailModel.o" "$out/Crypto.o"

for target in $targets; do
  mkdir -p "$out/corpus/$target"
  echo "fuzzing $target for $seconds s"
  FUZZ_TARGET=$target SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$out/fuzzer" "$out/corpus/$target" "Fuzz/seeds/$target" \
    -max_total_time="$seconds" -max_len=16384 -timeout=25 -rss_limit_mb=2048 -print_final_stats=0 -verbosity=0 \
    -dict=Fuzz/tokens.dict -artifact_prefix="$out/findings/$target-" \
    || { echo "finding in $target: see $out/findings" >&2; exit 1; }
done
echo "no finding"
