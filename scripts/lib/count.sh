# Counting what passed and what failed, for the closing line. Sourced.

passed=0
failed=0
failures=()

# count NAME COMMAND...: runs a check that either holds or not; its output shows
# when it fails.
count() {
  local name=$1 started=$SECONDS log
  shift
  mkdir -p build/logs
  log="build/logs/${name//[^a-zA-Z0-9]/-}.log"
  if "$@" >"$log" 2>&1 </dev/null; then
    passed=$((passed + 1))
    say "$name: passed ($((SECONDS - started)) s)"
  else
    count_failure "$name"
    tail -n 60 "$log" | sed 's/^/    /'
  fi
}

# count_all NAME COMMAND...: runs a command whose last line of output reads
# "N passed, N failed[, …]", and adds those figures. Output that ends otherwise
# is a failure, and so is an exit that contradicts the figures.
count_all() {
  local name=$1 started=$SECONDS status=0 log last
  shift
  mkdir -p build/logs
  log="build/logs/${name//[^a-zA-Z0-9]/-}.log"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  last=$(tail -n 1 "$log")
  if [[ ! $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
    count_failure "$name (no closing line, exit $status)"
    tail -n 60 "$log" | sed 's/^/    /'
    return
  fi
  passed=$((passed + BASH_REMATCH[1]))
  failed=$((failed + BASH_REMATCH[2]))
  say "$name: $last ($((SECONDS - started)) s)"
  grep -a '^skipped: ' "$log" | sort | uniq | sed 's/^/    /' || true
  if ((BASH_REMATCH[2] > 0)); then
    failures+=("$name: ${BASH_REMATCH[2]}")
    tail -n 120 "$log" | sed 's/^/    /'
  elif ((status != 0)); then
    count_failure "$name (exit $status)"
    tail -n 60 "$log" | sed 's/^/    /'
  fi
}

count_failure() {
  failed=$((failed + 1))
  failures+=("$1")
  say "$1: FAILED"
}

# The last line of a command: how many passed, how many failed.
close_count() {
  local name
  for name in "${failures[@]}"; do printf 'failed: %s\n' "$name"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0 && passed > 0))
}
