#!/bin/bash
# Runs the built tests with real servers, then the stories, alone: they measure time, and two thousand tests beside them
# would be in it. Says once more at the end what failed: nobody finds it among ten thousand lines.
set -u -o pipefail
export POSTROOM_SERVER_TESTS=1 POSTROOM_STORY_TESTS=1
# Of a crash, the thread that crashed.
export SWIFT_BACKTRACE="interactive=no,color=no,threads=crashed,images=none,registers=none"
log=.build/test.log
: > "$log"
status=0
run() { swift test --skip-build "$@" 2>&1 | tee -a "$log" || status=1; }
run --skip StoryTests
run --filter StoryTests
if [ "$status" -ne 0 ]; then
  echo "What failed (all of it: $log):"
  grep -a -A 4 '^✘' "$log" | grep -a -e '^✘' -e '^↳' | cut -c 1-1000 | tail -n 60
  sed -n '/Fatal error\|Program crashed/,/^Backtrace took/p' "$log" | cut -c 1-300 | tail -n 60
fi
exit "$status"
