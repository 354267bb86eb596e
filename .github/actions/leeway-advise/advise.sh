#!/usr/bin/env bash
# Runs `leeway advise`, shows its answer in the log and on the run's page, and turns its exit code into a check.
set -euo pipefail
leeway="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/packages/cli/bin/leeway.js"

options=(--baseline "$BASELINE" --candidate "$CANDIDATE")
if [ -n "${MARGIN:-}" ]; then options+=(--margin "$MARGIN"); fi

code=0
answer="$(node "$leeway" advise "$RUNS" "${options[@]}" 2>&1)" || code=$?
printf '%s\n' "$answer"

case "$code" in
  0) decision=promote ;;
  3) decision=hold ;;
  4) decision=rollback ;;
  5) decision=unhealthy ;;
  *) decision=error ;;
esac
echo "decision=$decision" >>"${GITHUB_OUTPUT:-/dev/null}"
# Indented, so that text from episodes stays text and cannot become a link or a picture.
{
  printf '### Leeway: %s\n\n' "$decision"
  printf '%s\n' "$answer" | sed 's/^/    /'
} >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ "$decision" = hold ] && [ "${FAIL_ON_HOLD:-false}" != true ]; then exit 0; fi
exit "$code"
