# Messages and logs, for ./dev and its helpers. Sourced.

# What is going on, for a person to follow.
say() { printf '==> %s\n' "$*"; }

# What went wrong, in one line.
complain() { printf 'dev: %s\n' "$*" >&2; }

# run_logged NAME COMMAND...: runs a noisy command with its output in
# build/logs/NAME.log, and shows the end of that log when it fails.
run_logged() {
  local name=$1 status=0
  shift
  mkdir -p build/logs
  "$@" >"build/logs/$name.log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    complain "failed: $* (exit $status); the end of build/logs/$name.log:"
    tail -n 40 "build/logs/$name.log" | sed 's/^/    /' >&2
  fi
  return "$status"
}
