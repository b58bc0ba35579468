#!/bin/bash
# make record-gpu on a rented machine that you reach by ssh; its records come back here:
#   bash .github/record-on-a-cloud.sh USER@HOST [ONLY=gpu/which_device] [CUDA_INDEX=…]
# It rents nothing and ends nothing: you start the machine, and you delete it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

refuse() { echo "$*" >&2; exit 1; }

host=${1:-}
[[ $host =~ ^[A-Za-z0-9] ]] || refuse "name a machine: USER@HOST"
shift
words=()
for word; do
  [[ $word =~ ^[A-Z_]+=[A-Za-z0-9_/:.\ -]*$ ]] || refuse "not for make: $word"
  words+=("'$word'")
done
[ -z "$(git status --porcelain)" ] || refuse "commit first: it gets the last commit"

# Names of files, for git; without blanks, and a shell must not expand them.
set -f
records="recorded/runs/gpu recorded/gpu_numbers.json snippets/*.cuda.out"
# There: the last commit in, all records of a GPU out, and last a file that says so. The
# machine ends the command after 40 minutes, as it would not hear that we are gone.
there='
place=$(mktemp -d) && trap "rm -rf $place" EXIT && cd "$place" && tar -x || exit
git init --quiet && git add --all || exit
git -c user.name=m -c user.email=m@example.org commit --quiet --message Copied || exit
code=0
timeout 40m make record-gpu "$@" >&2 </dev/null || code=$?
touch recorded/all.txt && git add --all || exit
{ git ls-files -z -- '"$records"'; printf "recorded/all.txt\0"; } |
  tar -c --null -T - || exit
exit $code'
ours='^(recorded/(runs/gpu/[a-z0-9_/]+|gpu_numbers)\.json|snippets/[a-z0-9_/]+\.cuda\.out)$'
mkdir -p build
tar=build/gpu-records.tar
rm -f "$tar"
trap 'rm -f "$tar.part"' EXIT

git archive HEAD | ssh -o BatchMode=yes -o ServerAliveInterval=15 -- "$host" \
  "bash -c '$there' record ${words[*]-}" > "$tar.part"
code=$?
came=$(tar -tf "$tar.part" 2>/dev/null)
if [ "${came##*$'\n'}" != recorded/all.txt ]; then
  echo "the records did not come back: ssh ended with $code, nothing changed here" >&2
  echo "is $host still running? It may cost money: look, and delete it" >&2
  [ "$code" -ne 0 ] || code=1
  exit "$code"
fi
others=$(grep -Ev "$ours" <<< "${came%recorded/all.txt}" | grep .)
[ -z "$others" ] || refuse "$host sent what is no record of a GPU: $others"
mv "$tar.part" "$tar"
# shellcheck disable=SC2086
git ls-files -z -- $records | xargs -0 rm -f --
tar -xf "$tar" --exclude=recorded/all.txt
echo "in $tar, and unpacked here:"
git status --short -- recorded snippets
echo "now delete $host: it may cost money, also when it is switched off"
exit "$code"
