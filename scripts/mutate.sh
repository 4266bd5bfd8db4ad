#!/bin/bash
# Removes the guards of DESIGN §4 (a)-(g) one after the other and expects the named test to fail (docs/guarantees.md).
#
# Works in a copy of the tree, kept with its build in .build/mutants for the next time. `--here` works in this tree instead
# and puts every file back; `--only LETTER` does one letter.
set -u
cd "$(dirname "$0")/.." || exit 1
only=""
here=""
while [ $# -gt 0 ]; do
  case $1 in
    --here) here=yes ;;
    --only) only=$2; shift ;;
    *) echo "usage: scripts/mutate.sh [--here] [--only LETTER]" >&2; exit 64 ;;
  esac
  shift
done
if [ -z "$here" ]; then
  mkdir -p .build/mutants
  tar -c --exclude ./.build --exclude ./.git . | tar -x -C .build/mutants
  cd .build/mutants || exit 1
fi

survived=0
killed=0
saved=""
file=""
restore() { if [ -n "$saved" ]; then cp "$saved" "$file"; rm -f "$saved"; saved=""; fi; }
trap restore EXIT
trap 'exit 130' INT TERM

# mutant LETTER FILE OLD NEW FILTER: every OLD in FILE becomes NEW; FILTER must fail.
mutant() {
  letter=$1 file=$2 filter=$5
  [ -z "$only" ] || [ "$only" = "$letter" ] || return 0
  saved=$(mktemp)
  cp "$file" "$saved"
  if ! OLD=$3 NEW=$4 perl -0pi -e '
      my ($old, $new) = ($ENV{OLD}, $ENV{NEW}); s/\Q$old\E/$new/g or die "not there\n"' "$file"; then
    echo "BROKEN ($letter) $file: the guard is not there any more; change scripts/mutate.sh"
    survived=$((survived + 1))
    restore
    return 0
  fi
  log=$(mktemp)
  if ! swift build --build-tests >"$log" 2>&1; then
    echo "BROKEN ($letter) $file: does not compile"
    grep error: "$log" | head -3
    survived=$((survived + 1))
  elif swift test --skip-build --filter "$filter" >"$log" 2>&1; then
    echo "SURVIVED ($letter) $file: $filter"
    survived=$((survived + 1))
  elif grep -q '✘ Test run with' "$log"; then
    echo "killed ($letter) $file: $filter"
    killed=$((killed + 1))
  else
    echo "killed by a crash ($letter) $file: $filter"
    killed=$((killed + 1))
  fi
  rm -f "$log"
  restore
}

aggregates=Sources/Storage/Aggregates
mutant a Sources/Storage/Migrations/QueueSchema.swift \
  "WHEN OLD.state NOT IN ('sent', 'failed', 'cancelled', 'expired', 'suppressed') BEGIN" "WHEN 0 BEGIN" \
  'StorageTests.LifeCycleTests/waitingIsKept'
mutant a Sources/MailPolicy/Sending/OutcomeRule.swift "transition: .doubt, reason" "transition: .deferArmed, reason" \
  'ExplorationTests'
mutant b "$aggregates/Messages+Delivery.swift" "if try hadNoDot(expired) {" "if try hadNoDot(expired) || true {" \
  'StorageTests.LifeCycleTests/expiredArm'
mutant b Sources/MailModel/Queue/MessageTransition.swift "case .claim: [.queued]" "case .claim: [.queued, .uncertain]" \
  'MailModelTests.LifeCycleTests'
mutant c Sources/MailPolicy/Sending/OutcomeRule.swift "transition: .doubt, reason" "transition: .accept, reason" \
  'ExplorationTests'
mutant d Sources/Engine/Delivery/DotEvidence.swift "case .notSent: return .noDot" "case .notSent: return .unknown" \
  'JournalRecoveryTests'
mutant d Sources/Engine/Delivery/LedgerUpkeep.swift "armedAt: expired.since) == .noDot" \
  "armedAt: expired.since) == .unknown" 'JournalRecoveryTests'
mutant e Sources/MailPolicy/Sending/Gate.swift "case .stopped: return .closed" \
  "case .stopped where armed < 0: return .closed" 'GateTests|StopTests'
mutant e Sources/Engine/Delivery/LedgerThread.swift "latched: stop.latch.isPresent(), armed" "latched: false, armed" \
  'EngineTests.StopTests'
mutant f "$aggregates/Messages+Delivery.swift" "epoch = \$" "epoch >= \$" 'ConformanceTests'
mutant f "$aggregates/Messages+Delivery.swift" "epoch = done.column2" "epoch >= done.column2" 'ConformanceTests'
mutant g Sources/Storage/Migrations/QueueSchema.swift "AND NEW.state <> OLD.state BEGIN" \
  "AND NEW.state <> OLD.state AND 0 BEGIN" 'StorageTests.LifeCycleTests/schemaGuards'
mutant g Sources/MailModel/Queue/MessageTransition.swift "case .deferArmed, .accept, .doubt: [.armed]" \
  "case .deferArmed, .accept, .doubt: [.armed, .failed]" 'MailModelTests.LifeCycleTests'
mutant 7 Sources/Engine/Workspace/WorkspaceMark.swift "if here.inode != known.database.inode {" \
  "if here.inode == 0 {" 'WorkspaceMarkTests'

echo "$killed killed, $survived survived or broken"
[ "$survived" -eq 0 ]
