#!/bin/bash
# A tour of tenon on a tenant of its own, on this machine: plan, apply, drift, a crash, and a
# daemon that does it by itself. It
# needs no network and no account, leaves nothing behind, and checks at every step what
# that step says; when something is not so, it ends with the step's name and status 1.
#
# `make demo` builds tenon and starts this. An argument names another directory of programs.
set -u

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/examples/http.bash"

# --- An environment of our own -----------------------------------------------------------

while read -r name; do
	unset "$name"
done < <(compgen -e | grep -E '^(AUTH0|TENON|GIT|XDG|ACME)_|_proxy$|_PROXY$')
export LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=Robin GIT_AUTHOR_EMAIL=robin@acme.example
export GIT_COMMITTER_NAME=Robin GIT_COMMITTER_EMAIL=robin@acme.example
export PATH=${1:-$top/build}:$PATH
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	export CLICOLOR_FORCE=1
	bold=$'\e[1m' faint=$'\e[2m' plain=$'\e[0m'
else
	export NO_COLOR=1
	bold='' faint='' plain=''
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/tenon-demo.XXXXXX") || exit 1
started=$SECONDS
tenant_pid=''
apply_pid=''
daemon_pid=''

clean_up() {
	local pid
	for pid in $daemon_pid $apply_pid $tenant_pid; do
		kill "$pid" 2>/dev/null
		{ wait "$pid"; } 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- How a step looks --------------------------------------------------------------------

step='before the first step'

step() { # NAME
	step=$1
	printf '\n%s%s%s\n\n' "$bold" "$1" "$plain"
}

say() { printf '%s\n' "$@"; }

fail() { # WHY
	printf '\n%sThe demo failed%s in "%s": %s\n' "$bold" "$plain" "$step" "$1" >&2
	exit 1
}

show() { printf '%s$ %s%s\n' "$faint" "$*" "$plain"; }

# run STATUS COMMAND...: shows the command and its output, which stays in $work/out
run() {
	local expected=$1 status
	shift
	show "$@"
	"$@" >"$work/out" 2>&1
	status=$?
	if [ -n "${shown-}" ]; then
		say '  (the same plan)'
		sed '1,/^Digest: /d' "$work/out"
	else
		cat "$work/out"
	fi
	[ "$status" -eq "$expected" ] || fail "$* ended with $status instead of $expected"
	sed -i 's/\x1b\[[0-9;]*m//g' "$work/out"
}

# The same for an apply whose plan was shown already: its output begins after that plan.
run_shown() { # STATUS COMMAND...
	shown=1 run "$@"
}

says() { # WORDS: the last output has them
	grep -qF -- "$1" "$work/out" || fail "the output does not say \"$1\""
}

# --- What the tenant knows ---------------------------------------------------------------

# number KEY: of a member in JSON on standard input
number() { grep -oE "\"$1\": ?[0-9]+" | grep -oE '[0-9]+$' | head -n 1; }

writes() { http GET /_sim/calls | number writes; }

actions() { http GET /_sim/state | grep -oE '"installed":' | grep -c .; }

# Names of the actions that run in a flow, in their order.
flow() { # TRIGGER
	http GET "/api/v2/actions/triggers/$1/bindings" |
		grep -oE '"action": ?\{"id": ?"[^"]*", ?"name": ?"[^"]*"' | sed 's/.*"\(.*\)"$/\1/' |
		tr '\n' ' '
}

expect_flow() { # TRIGGER NAMES
	local is
	is=$(flow "$1")
	[ "$is" = "$2 " ] || fail "$1 runs \"$is\" instead of \"$2\""
}

id_of() { # ACTION
	http GET "/api/v2/actions/actions?actionName=$1" |
		grep -oE '"id": ?"[^"]*"' | head -n 1 | sed 's/.*"\(.*\)"$/\1/'
}

login_as() { # CLIENT SECRET: sets token
	token=$(http POST /oauth/token "{\"grant_type\":\"client_credentials\",
		\"client_id\":\"$1\",\"client_secret\":\"$2\",
		\"audience\":\"http://127.0.0.1:$port/api/v2/\"}" |
		grep -oE '"access_token": ?"[^"]*"' | sed 's/.*"\(.*\)"$/\1/')
	[ -n "$token" ] || fail "$1 got no token"
}

# until_true COMMAND...: for ten seconds at most
until_true() {
	local tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || fail "this did not come true in 10 s: $*"
		sleep 0.05
	done
}

# --- 1 -----------------------------------------------------------------------------------

step '1. A tenant, a repository, a connection'
say 'tenon-sim is a tenant on this machine. The project is a git repository; the file that' \
	'says where the tenant is and how to log in belongs to the operator and lies elsewhere.'
echo

export ACME_DEV_CLIENT_SECRET=a-secret-of-the-demo-1
export ACME_DEV_DIRECTORY_API_KEY=a-secret-of-the-demo-2
tenon-sim --port 0 --build-time 2s --client "tenon:$ACME_DEV_CLIENT_SECRET" --client alice:alices-password \
	>"$work/tenant.out" 2>"$work/tenant.err" &
tenant_pid=$!
listens() {
	port=$(head -n 1 "$work/tenant.out" | sed -nE 's/.*:([0-9]+).*/\1/p')
	[ -n "$port" ] || ! kill -0 "$tenant_pid" 2>/dev/null
}
until_true listens
[ -n "$port" ] || fail "tenon-sim did not start: $(cat "$work/tenant.err")"
login_as alice alices-password

mkdir "$work/operator" "$work/home"
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_STATE_HOME=$work/home/.local/state
sed "s|domain:.*|domain: http://127.0.0.1:$port|" "$top/examples/operator/connections.yaml" \
	>"$work/operator/connections.yaml"
export TENON_CONNECTIONS=$work/operator/connections.yaml
cp -r "$top/examples/acme-login" "$work/acme-login"
cd "$work/acme-login" || fail 'there is no project'
{ git init -q -b main . && git add -A && git commit -qm 'The login of acme'; } ||
	fail 'git could not make the repository'

run 0 tail -n 9 tenon.yaml
echo
run 0 tenon validate

# --- 2 -----------------------------------------------------------------------------------

step '2. The first plan and apply: five actions on three triggers'
say 'A plan only reads. An apply makes the tenant what the files say.'
echo
run 0 tenon plan
says '5 to create'
[ "$(writes)" -eq 0 ] || fail 'the plan wrote to the tenant'
echo
run_shown 0 tenon apply --yes
[ "$(actions)" -eq 5 ] || fail "the tenant has $(actions) actions instead of 5"
expect_flow post-login 'require-verified-email enrich-token record-login'
expect_flow credentials-exchange label-machine-tokens
expect_flow pre-user-registration company-addresses-only

# --- 3 -----------------------------------------------------------------------------------

step '3. Nothing changed, so nothing is written'
before=$(writes)
run 0 tenon plan
says 'Nothing to do'
run 0 tenon apply --yes
says 'Nothing to do'
[ "$(writes)" -eq "$before" ] || fail 'something was written'
say "The tenant counted $before writes before these two commands, and $(writes) after them."

# --- 4 -----------------------------------------------------------------------------------

step '4. A commit that changes code and the order of a flow'
sed -i "s/Please confirm your e-mail address first./Confirm your address, then try again./" \
	require-verified-email.js
sed -i -e '/^    - record-login$/d' \
	-e 's/^    - require-verified-email$/    - record-login\n&/' tenon.yaml
git commit -qam 'Record every login, also a refused one' || fail 'git could not commit'
run 0 git --no-pager log --oneline
echo
run 0 tenon plan
says '1 to update'
echo
run_shown 0 tenon apply --yes
expect_flow post-login 'record-login require-verified-email enrich-token'

# --- 5 -----------------------------------------------------------------------------------

step '5. A change behind the back of git'
say 'Alice changes one action and takes another out of its flow, "only for a test".'
echo
id=$(id_of record-login)
http PATCH "/api/v2/actions/actions/$id" \
	'{"code":"exports.onExecutePostLogin = async () => {};\n"}' >"$work/patch" ||
	fail "Alice could not change the action: $(cat "$work/patch")"
built() { http POST "/api/v2/actions/actions/$id/deploy" >"$work/deploy"; }
until_true built
http PATCH /api/v2/actions/triggers/post-login/bindings '{"bindings":[
	{"ref":{"type":"action_name","value":"record-login"}},
	{"ref":{"type":"action_name","value":"enrich-token"},
		"display_name":"Enrich the token"}]}' >"$work/patch" ||
	fail "Alice could not change the flow: $(cat "$work/patch")"
live() { http GET "/api/v2/actions/actions/$id" | grep -q 'async () => {}.*deployed_version.*async () => {}'; }
until_true live
run 2 tenon drift
says 'record-login'
says 'require-verified-email'
echo
say 'Exit status 2 means drift. The next apply puts it right: the code of before is still' \
	'there as an earlier version, and goes live again.'
echo
run 0 tenon apply --yes
says '1 to roll back'
expect_flow post-login 'record-login require-verified-email enrich-token'

# --- 6 -----------------------------------------------------------------------------------

step '6. kill -9 in the middle of an apply'
say 'The next commit changes two actions and the order. The tenant is told to hold its answer' \
	'when the first of them was deployed: then one action is new, and the rest is not.'
echo
sed -i "s/timeout: 2000/timeout: 1000/" enrich-token.js
sed -i "s/'last_application'/'application'/" record-login.js
sed -i -e '/^    - record-login$/d' -e 's/^    - enrich-token: .*/&\n    - record-login/' tenon.yaml
git commit -qam 'A shorter wait for the directory' || fail 'git could not commit'
fault=$(http POST /_sim/faults '{"method":"POST","nth":1,"do":"hold",
	"path":"/actions/actions/{id}/deploy"}' | number id)
[ -n "$fault" ] || fail 'the tenant did not take the fault'
show tenon apply --yes
tenon apply --yes >"$work/killed" 2>&1 &
apply_pid=$!
held() { [ "$(http GET /_sim/state | number hits)" = 1 ] || ! kill -0 "$apply_pid"; }
until_true held
killed=$apply_pid
kill -9 "$killed" || fail 'the apply ended before it could be killed'
{ wait "$apply_pid"; } 2>/dev/null
[ $? -eq 137 ] || fail 'the apply was not killed'
apply_pid=''
cat "$work/killed"
show "kill -9 $killed"
http DELETE "/_sim/faults/$fault" >/dev/null || fail 'the tenant did not release the call'
half_done() { http GET '/api/v2/actions/actions?actionName=enrich-token' | grep -q 'deployed_version.*timeout: 1000'; }
until_true half_done
echo
run 0 tenon plan
says 'interrupted'
echo
say 'The next apply first mends what was begun. It waits 10 s for calls of the dead run that' \
	'may still arrive, puts back what was half done, then plans and applies again.'
echo
run 0 tenon apply --yes
says 'interrupted'
[ "$(actions)" -eq 5 ] || fail "the tenant has $(actions) actions instead of 5"
expect_flow post-login 'require-verified-email enrich-token record-login'

# --- 7 -----------------------------------------------------------------------------------

step '7. A daemon: commits applied, changes of others corrected, by themselves'
say 'tenond looks after any number of tenants. Its settings are the operator'"'"'s; this one asks' \
	'the repository every second, and compares the tenant every two.'
echo
cat >"$work/operator/tenond.yaml" <<SETTINGS
tenond: 1
connections: connections.yaml
control: $work/control.sock
syncs:
  acme-login:
    source: file://$work/acme-login
    revision: main
    connection: dev
    mode: enforce
    interval: 1s
    drift: 2s
SETTINGS
run 0 cat "$work/operator/tenond.yaml"
echo
show "tenond --config $work/operator/tenond.yaml &"
tenond --config "$work/operator/tenond.yaml" >"$work/events" 2>"$work/daemon.err" &
daemon_pid=$!
told() { grep -q "\"event\":\"$1\"" "$work/events" || ! kill -0 "$daemon_pid" 2>/dev/null; }
ready() { tenon status --control "$work/control.sock" >"$work/out" 2>&1 && grep -q equal "$work/out"; }
until_true told started
until_true ready
run 0 tenon status --control "$work/control.sock"
echo
say 'Somebody pushes a commit.'
sed -i "s/timeout: 1000/timeout: 1500/" enrich-token.js
git commit -qam 'A little more patience with the directory' || fail 'git could not commit'
until_true told applied
grep '"applied"' "$work/events" || fail "the commit was not applied: $(cat "$work/daemon.err")"
echo
say 'Alice takes an action out of its flow again.'
http PATCH /api/v2/actions/triggers/post-login/bindings '{"bindings":[
	{"ref":{"type":"action_name","value":"enrich-token"},
		"display_name":"Enrich the token"}]}' >"$work/patch" ||
	fail "Alice could not change the flow: $(cat "$work/patch")"
until_true told corrected
grep '"corrected"' "$work/events" || fail "her change was not corrected: $(cat "$work/daemon.err")"
expect_flow post-login 'require-verified-email enrich-token record-login'
kill "$daemon_pid"
wait "$daemon_pid" || fail "tenond ended with $?"
daemon_pid=''

# --- 8 -----------------------------------------------------------------------------------

step '8. In the end: no drift'
before=$(writes)
run 0 tenon drift
says 'No drift'
[ "$(writes)" -eq "$before" ] || fail 'drift wrote to the tenant'
if grep -rqF -e "$ACME_DEV_CLIENT_SECRET" -e "$ACME_DEV_DIRECTORY_API_KEY" \
	"$XDG_STATE_HOME" "$work/acme-login"; then
	fail 'a secret value was written to a file'
fi

printf '\n%sEvery step did what it says%s (%d s).\n' "$bold" "$plain" $((SECONDS - started))
