#!/bin/bash
# Secrets from programs of the operator's: what they get, what is told of them, and what
# nobody else sees.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world commands
ops=$here/operator

# program NAME, its text on standard input: a program of the operator's
program() {
	{
		echo '#!/bin/sh'
		cat
	} >"$ops/$1"
	chmod +x "$ops/$1"
}
# connect CLIENT_SECRET API_KEY: from these sources
connect() {
	cat >"$TENON_CONNECTIONS" <<-CONNECTIONS
		connections:
		  dev:
		    provider: auth0
		    domain: http://127.0.0.1:$port
		    clientId: tenon
		    clientSecret: $1
		    secrets: {DIRECTORY_API_KEY: $2}
	CONNECTIONS
}

program client <<-'PROGRAM'
	echo "$0 $*" >>started
	printf '%s\n' "$E2E_CLIENT_SECRET"
PROGRAM
program key <<-'PROGRAM'
	echo "$0 $*" >>started
	tr '\0' '\n' <"/proc/$$/environ" | sed 's/=.*//' | sort >names
	tty >terminal
	printf '%s\n' "$E2E_API_KEY"
PROGRAM

# --- how they run ---

connect '{command: [./client, for, "a tenant"], passEnv: [E2E_CLIENT_SECRET]}' \
	'{command: [../operator/key], passEnv: [E2E_API_KEY, NOT_SET]}'
t plan
check 'values from programs' ended 0 'Plan: 5 to create'
check_how() {
	same 'what was started' "$(sort "$ops/started" | sed "s|$here|HERE|")" \
		$'HERE/operator/../operator/key \nHERE/operator/./client for a tenant'
	same 'the environment' "$(tr '\n' ' ' <"$ops/names")" 'E2E_API_KEY HOME PATH '
	same 'the terminal' "$(cat "$ops/terminal")" 'not a tty'
}
env -i HOME="$HOME" PATH="$PATH" XDG_STATE_HOME="$XDG_STATE_HOME" \
	TENON_CONNECTIONS="$TENON_CONNECTIONS" E2E_CLIENT_SECRET="$E2E_CLIENT_SECRET" \
	E2E_API_KEY="$E2E_API_KEY" TENON_KEY="$TENON_KEY" sh -c ': >"$1"; tenon plan' \
	sh "$ops/started" >"$out" 2>"$err"
check 'without a shell, in the place of the connections, with a small environment' check_how

rm -f "$ops/started"
t plan --no-secrets
check 'a plan without secrets starts what proves who we are alone' \
	same 'what was started' "$(grep -c . "$ops/started")" 1
rm -f "$ops/started"
t validate
check 'validate starts nothing' test ! -e "$ops/started"

sed -i 's/DIRECTORY_API_KEY\]/DIRECTORY_API_KEY, OTHER]/' tenon.yaml
connect '{command: [./client], passEnv: [E2E_CLIENT_SECRET]}' \
	'{command: [./key], passEnv: [E2E_API_KEY]}, OTHER: {command: [./key], passEnv: [E2E_API_KEY]}'
t apply --yes
check_once() {
	ended 0 Applied
	same 'what was started' "$(grep -c key "$ops/started")" 1
	same 'the values' "$(state && grep -o '"sha256":"[^"]*"' "$here/state.json" | sort -u)" \
		"\"sha256\":\"$(printf %s "$api_key" | sha256sum | cut -d' ' -f1)\""
}
check 'one that gives two secrets is started once' check_once
cp "$TN_TOP/examples/acme-login/tenon.yaml" .

# --- what nobody else sees ---

# It waits to be looked at; by then the other values are known to tenon.
program slow <<-'PROGRAM'
	echo $$ >pid
	while [ ! -e seen ]; do sleep 0.05; done
	rm seen
	printf '%s\n' "$E2E_API_KEY"
PROGRAM
connect '{env: E2E_CLIENT_SECRET}' '{command: [./slow, an, argument], passEnv: [E2E_API_KEY]}'
sed -i 's/passEnv: \[E2E_API_KEY\]/passEnv: [HOME]/' "$TENON_CONNECTIONS"
sed -i 's/"\$E2E_API_KEY"/value-of-a-vault/' "$ops/slow"
tenon plan --json >"$out" 2>"$err" </dev/null &
pid=$!
until_true test -s "$ops/pid"
child=$(cat "$ops/pid")
tr '\0' '\n' <"/proc/$child/cmdline" >"$here/child.cmdline"
tr '\0' '\n' <"/proc/$child/environ" >"$here/child.environ"
tr '\0' '\n' <"/proc/$pid/cmdline" >"$here/cmdline"
check_seen() {
	grep -qx argument "$here/child.cmdline" || echo 'its arguments were not read'
	grep -q '^PATH=' "$here/child.environ" || echo 'its environment was not read'
	! grep -E '^(E2E|TENON|AUTH0)_' "$here/child.environ"
	"$TN_BUILD/tests/e2e/find_secrets" "$TN_TOP/tests/e2e/secrets.txt" "$here/child.cmdline" \
		"$here/child.environ" "$here/cmdline"
}
check "no secret in a program's arguments and environment" check_seen
touch "$ops/seen"
wait $pid
status=$?
check 'and it gave its value' ended 0 DIRECTORY_API_KEY

rm -f "$ops/pid"
tenon plan >"$out" 2>"$err" </dev/null &
pid=$!
until_true test -s "$ops/pid"
child=$(cat "$ops/pid")
kill -TERM $pid
wait $pid
status=$?
check_stopped() {
	ended 1 stopped
	[ ! -d "/proc/$child" ] || ! grep -q '^State:[[:space:]]*[RSD]' "/proc/$child/status" ||
		echo 'the program still runs'
}
check 'a run that is stopped leaves no program behind' check_stopped

# --- what goes wrong ---

failing() { # WORDS SAID...: the connections are refused to a plan, which calls nobody
	local words=$1 before after
	shift
	before=$(http GET /_sim/calls | wc -c)
	t plan
	after=$(http GET /_sim/calls | wc -c)
	check "$words" has_failed "$before" "$after" "$@"
}
has_failed() {
	ended 1 "${@:3}"
	same 'the calls' "$2" "$1"
	! grep -F 'half-a-value' "$out" "$err"
}
key_from() { connect '{env: E2E_CLIENT_SECRET}' "$1"; }

program fails <<-'PROGRAM'
	echo half-a-value
	printf 'vault: half-a-value was not enough\n\033[2Jpermission denied\n' >&2
	exit 3
PROGRAM
key_from '{command: [./fails]}'
failing 'a program that fails' 'connections.yaml:7' './fails' 'ended with status 3' \
	'(secret) was not enough \x1b[2Jpermission denied' 'secret DIRECTORY_API_KEY of tenant dev'
program dies <<<'kill -9 $$'
key_from '{command: [./dies]}'
failing 'a program that dies' 'signal 9'
program says_nothing <<<'exit 0'
key_from '{command: [./says_nothing]}'
failing 'a program that says nothing' 'the value is empty'
program says_much <<<'head -c 100000 /dev/zero | tr "\0" x'
key_from '{command: [./says_much]}'
failing 'a program that says too much' './says_much'
program binary <<<'printf "a\000b"'
key_from '{command: [./binary]}'
failing 'a program that gives no text' 'no text'
key_from '{command: [./nowhere]}'
failing 'a program that is not there' './nowhere'
key_from '{command: [connections.yaml/x]}'
failing 'a program that cannot be' 'connections.yaml/x'
chmod -x "$ops/key"
key_from '{command: [./key]}'
failing 'a program that is none' './key'
connect '{command: [./fails]}' '{command: [./dies]}'
failing 'all of them are told in one run' 'status 3' 'signal 9'
key_from '{file: pipe}'
mkfifo "$ops/pipe"
failing 'a value from a pipe' 'no regular file'
rm "$ops/pipe"
key_from '{file: nothing}'
failing 'a value from a file that is not there' "$ops/nothing"

# --- programs of the project's ---

canary=$work/canary
printf '#!/bin/sh\ntouch %s\n' "$canary" >get-secret
chmod +x get-secret
key_from '{command: [get-secret]}'
check_project() {
	local path
	for path in ".:$PATH" "$PATH:." ":$PATH" "$PATH::/bin" "../project:$PATH"; do
		PATH=$path t plan
		ended 1 get-secret
	done
	[ ! -e "$canary" ] || echo 'it ran'
}
check 'a program in the project is not found by its name' check_project
rm get-secret
finish
