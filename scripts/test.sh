#!/bin/bash
# Runs the built tests, with real servers, and says once more at the end what failed: nobody finds it among ten thousand
# lines.
set -eu -o pipefail
log=.build/test.log
export POSTROOM_SERVER_TESTS=1 POSTROOM_STORY_TESTS=1
# Of a crash, the thread that crashed.
export SWIFT_BACKTRACE="interactive=no,color=no,threads=crashed,images=none,registers=none"
if swift test --skip-build "$@" 2>&1 | tee "$log"; then exit 0; fi
echo
echo "What failed (all of it: $log):"
grep -a -e '^✘' -e '^↳' "$log" | cut -c 1-1000 | tail -n 60 || true
sed -n '/Fatal error\|Program crashed/,/^Backtrace took/p' "$log" | cut -c 1-300 | tail -n 60
exit 1
