# To be sourced by the scripts of this directory: tenants, projects and runs of tenon, all
# in one directory that is gone at the end. `finish` is the last line of a script.
#
#   world NAME [OPTION...]   a tenant (tenon-sim with these options), a project and an
#                            operator's side in $work/NAME, which is made the current one
#   t [ARGUMENT...]          runs tenon there: $status, and what it printed in $out and $err
#   writes, count            how many calls the tenant has counted
#   json FILE PATH...        looks into JSON

. "$TN_TOP/tests/tools/tap.sh"
. "$TN_TOP/examples/http.bash"

export PATH=$TN_BUILD/bin:$PATH
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@acme.example
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@acme.example

mapfile -t secret_values < <(grep -v '^#' "$TN_TOP/tests/e2e/secrets.txt")
client_secret=${secret_values[0]}
api_key=${secret_values[1]}
password=${secret_values[2]}
fingerprint_key=${secret_values[3]}

work=$(mktemp -d "$TMPDIR/e2e.XXXXXX") || exit 1
tenants=()

json() { "$TN_BUILD/tests/e2e/json" "$@"; }

clean_up() {
	local pid
	for pid in $(jobs -p) ${tenants[@]+"${tenants[@]}"}; do
		kill "$pid" 2>/dev/null
	done
	wait
	rm -rf "$work"
} 2>/dev/null
trap clean_up EXIT
trap 'exit 1' INT TERM

# until_true COMMAND...: for 20 seconds at most
until_true() {
	local tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ $tries -ge 400 ]; then
			echo "# never came true: $*"
			return 1
		fi
		sleep 0.05
	done
}

start_tenant() { # DIRECTORY [OPTION...]
	local directory=$1
	shift
	[ $# -gt 0 ] || set -- --client "tenon:$client_secret"
	: >"$directory/tenant.out"
	tenon-sim --port 0 --build-time 200ms \
		--client "alice:$password" "$@" >"$directory/tenant.out" 2>"$directory/tenant.err" &
	tenants+=($!)
	listening() {
		port=$(head -n 1 "$directory/tenant.out" | sed -nE 's/.*:([0-9]+).*/\1/p')
		[ -n "$port" ]
	}
	until_true listening || cat "$directory/tenant.err"
}

# Writes the operator's side for the tenant at $1 (a domain).
connect_to() {
	cat >"$TENON_CONNECTIONS" <<-CONNECTIONS
		connections:
		  dev:
		    provider: auth0
		    domain: $1
		    clientId: tenon
		    clientSecret: {env: E2E_CLIENT_SECRET}
		    secrets: {DIRECTORY_API_KEY: {env: E2E_API_KEY}}
	CONNECTIONS
}

enter() { # NAME
	here=$work/$1
	out=$here/out
	err=$here/err
	export HOME=$here/home XDG_STATE_HOME=$here/state XDG_CONFIG_HOME=$here/config
	export TENON_CONNECTIONS=$here/operator/connections.yaml
	export E2E_CLIENT_SECRET=$client_secret E2E_API_KEY=$api_key TENON_KEY=$fingerprint_key
	cd "$here/project" || exit 1
}

world() { # NAME [OPTION...]
	mkdir -p "$work/$1"/{operator,home}
	cp -r "$TN_TOP/examples/acme-login" "$work/$1/project"
	enter "$1"
	shift
	start_tenant "$here" "$@"
	connect_to "http://127.0.0.1:$port"
	token=''
}

t() {
	timeout 60 tenon "$@" >"$out" 2>"$err" </dev/null
	status=$?
	# Kept for the search at the end.
	cat "$out" "$err" >>"$work/all-output"
}

state() { http GET /_sim/state >"$here/state.json"; }
writes() {
	http GET /_sim/calls >"$here/calls.json"
	json "$here/calls.json" writes
}
count() { # METHOD RESOURCE
	http GET /_sim/calls >"$here/calls.json"
	json "$here/calls.json" counts "$1 $2" || echo 0
}

login_as_alice() {
	http POST /oauth/token "{\"grant_type\":\"client_credentials\",\"client_id\":\"alice\",
		\"client_secret\":\"$password\",
		\"audience\":\"http://127.0.0.1:$port/api/v2/\"}" >"$here/token.json"
	token=$(json "$here/token.json" access_token)
	rm "$here/token.json"
}

# Names of the actions in the tenant, sorted, on one line.
actions() {
	local i n
	state
	n=$(json "$here/state.json" actions '#')
	for ((i = 0; i < n; i++)); do
		json "$here/state.json" actions $i name
	done | sort | tr '\n' ' '
}

# Names of the actions that run in a flow, in their order.
flow() { # TRIGGER
	local i k n
	state
	n=$(json "$here/state.json" bindings "$1" '#') || return 0
	for ((i = 0; i < n; i++)); do
		k=0
		until [ "$(json "$here/state.json" actions $k id || echo none)" = \
			"$(json "$here/state.json" bindings "$1" $i action_id)" ]; do
			k=$((k + 1))
			[ $k -lt 100 ] || break
		done
		json "$here/state.json" actions $k name
	done | tr '\n' ' '
}

fault() { # JSON: sets fault_id
	http POST /_sim/faults "$1" >"$here/fault.json" || cat "$here/fault.json"
	fault_id=$(json "$here/fault.json" id)
}
release() { http DELETE "/_sim/faults/$fault_id" >/dev/null; }
# The fault has struck.
struck() {
	state
	[ "$(json "$here/state.json" faults 0 hits)" != 0 ]
}

# same WHAT IS EXPECTED: a complaint unless they are equal
same() { [ "$2" = "$3" ] || echo "$1 is \"$2\", not \"$3\""; }
# at_most WHAT IS LIMIT: a complaint when it is more
at_most() { [ "$2" -le "$3" ] || echo "$1: $2, more than $3"; }

# ended STATUS [WORDS...]: complaints about the last run
ended() {
	local words
	[ "$status" -eq "$1" ] || echo "exit status $status, not $1"
	shift
	for words in "$@"; do
		cat "$out" "$err" | grep -qF -- "$words" || echo "nothing says: $words"
	done
}

shown() { # COMMAND...: its complaints, with the output of the last run if there are any
	local complaints
	complaints=$("$@")
	[ -z "$complaints" ] || printf '%s\n' "$complaints" "--- out" "$(cat "$out")" \
		"--- err" "$(cat "$err")"
}

# check WORDS COMMAND...: a test that passes when the command has no complaints
check() { tap_check "$1" shown "${@:2}"; }

# beside WORDS COMMAND...: the same, in the background and with tenants of its own: most of
# the time tenon waits. `gather` waits for them all and tells how they went.
beside() {
	(
		tenants=()
		trap 'kill ${tenants[@]+"${tenants[@]}"} 2>/dev/null' EXIT
		trap 'exit 1' INT TERM
		complaints=$work/beside${#beside[@]}
		"${@:2}" >"$complaints" 2>&1
		[ ! -s "$complaints" ] || cat "$out" "$err" >>"$complaints"
	) &
	beside_pids+=($!)
	beside+=("$1")
}
beside=()
beside_pids=()
gather() {
	local i
	wait "${beside_pids[@]}"
	for i in "${!beside[@]}"; do
		tap_check "${beside[$i]}" cat "$work/beside$i"
	done
}

# Nothing that this script's programs printed or kept holds a secret.
finish() {
	tap_check 'no secret in any output or file' \
		"$TN_BUILD/tests/e2e/find_secrets" "$TN_TOP/tests/e2e/secrets.txt" "$work"
	tap_done
}
