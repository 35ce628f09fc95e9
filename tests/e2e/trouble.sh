#!/bin/bash
# Trouble with the tenant: credentials, rights, the network, answers that are none, and two
# runs at once. Said with a cure, and nothing is half done.
set -u
. "$TN_TOP/tests/e2e/common.bash"

is_refused() { # STATUS SAID...
	ended "$@"
	same writes "$(writes)" 0
}

# --- Each in a tenant of its own and all at once, as tenon waits and tries again ---

# broken SAID FAULT: every answer to the first question is like that
broken() {
	world "broken$BASHPID"
	fault "{\"method\":\"GET\",\"path\":\"/actions/actions\",$2}"
	t apply --yes
	ended 1 'Error: ' "$1"
	same writes "$(writes)" 0
}
beside 'an answer that is no JSON' broken JSON '"do":"status","status":200,"body":"<html>hello</html>"'
beside 'an answer of another shape' broken actions '"do":"status","status":200,"body":{"actions":7}'
beside 'an answer that is cut off' broken 'tried 5 times' '"do":"cut"'
beside 'a connection that breaks' broken 'tried 5 times' '"do":"drop"'
beside 'a server that is down' broken 503 '"do":"status","status":503'

closed() {
	world closed
	kill "${tenants[@]}"
	wait "${tenants[@]}"
	t apply --yes
	ended 1 'Error: ' "127.0.0.1:$port"
}
beside 'a closed port' closed

lucky() {
	world lucky
	fault '{"method":"POST","path":"/actions/actions","nth":2,"do":"drop"}'
	fault '{"method":"GET","path":"/actions/actions","nth":1,"do":"cut"}'
	fault '{"method":"GET","path":"/actions/actions/{id}","nth":1,"do":"status","status":502}'
	fault '{"method":"POST","path":"/actions/actions","nth":3,"do":"status","status":429}'
	t apply --yes
	ended 0 Applied
	same 'number of actions' "$(actions | wc -w)" 5
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
}
beside 'lost answers, a 502 and a 429 do not stop an apply' lucky

# --- who we are ---

world strangers --client "tenon:another-secret-than-ours" --client "reader:$client_secret:read:actions"
t apply --yes
check 'a wrong client secret' is_refused 1 401 'client secret'
sed -i 's/clientId: tenon/clientId: nobody/' "$TENON_CONNECTIONS"
t apply --yes
check 'an unknown client' is_refused 1 'client id'
sed -i 's/clientId: nobody/clientId: reader/' "$TENON_CONNECTIONS"
t plan
check 'who may only read can plan, and is told' is_refused 0 'Plan: 5 to create' \
	'lacks the right'
t apply --yes
check 'who may only read cannot apply: the right is named' is_refused 1 create:actions
cat >"$TENON_CONNECTIONS" <<-END_OF_FILE
	connections:
	  dev: {provider: auth0, domain: "http://127.0.0.1:$port", token: {env: E2E_TOKEN}}
END_OF_FILE
E2E_TOKEN=this-is-no-token TENON_SECRET_DIRECTORY_API_KEY=$api_key t apply --yes
check 'a token that is none' is_refused 1 token

world expired --client "tenon:$client_secret" --token-life 1s
login_as_alice
sleep 1.2
cat >"$TENON_CONNECTIONS" <<-END_OF_FILE
	connections:
	  dev: {provider: auth0, domain: "http://127.0.0.1:$port", token: {env: E2E_TOKEN}}
END_OF_FILE
E2E_TOKEN=$token TENON_SECRET_DIRECTORY_API_KEY=$api_key t apply --yes
check 'a token that expired' is_refused 1 401 'new token'
connect_to "http://127.0.0.1:$port"
fault '{"method":"POST","path":"/actions/actions","do":"delay","ms":1200,"when":"before","nth":1}'
t apply --yes
check 'a token that expires while applying is renewed' ended 0 Applied

# --- a failure in the middle ---

world fails
t apply --yes
before=$(actions && flow post-login)
sed -i 's/last_application/other/' record-login.js
sed -i 's/2000/1000/' enrich-token.js
fault '{"method":"PATCH","path":"/actions/actions/{id}","nth":2,"do":"fail-build"}'
t apply --yes
check_put_back() {
	ended 3 'put back'
	same 'actions and flow' "$(actions && flow post-login)" "$before"
}
check 'a build that fails: everything is put back, exit status 3' check_put_back
cp "$TN_TOP"/examples/acme-login/* .
t plan --detailed-exitcode
check 'and what ran before runs now' ended 0 'Nothing to do'

# --- two at once ---

world locked
fault '{"method":"POST","path":"/actions/actions","nth":1,"do":"hold"}'
tenon apply --yes >"$here/first" 2>&1 </dev/null &
first=$!
until_true struck
SECONDS=0
t apply --yes
check_locked() {
	ended 6
	at_most seconds $SECONDS 2
}
check 'while one apply runs another ends at once with 6' check_locked
check 'and says who has it, and since when' ended 6 "process $first of $(id -un)@" \
	'tenon apply' 'run 20' 'since 20'
t plan
check 'a plan beside it is not stopped' at_most 'exit status' "$status" 1
t unlock
check 'unlock tells who has the lock' ended 6 "process $first of" 'wait until'
t apply --yes --lock-timeout 500ms
check 'waiting for it ends in time' ended 6 'waiting for it' "process $first of"
t apply --yes --lock-timeout soon
check 'a time to wait that is none' ended 1 '--lock-timeout'
tenon apply --yes --lock-timeout 1m >"$here/second" 2>&1 </dev/null &
second=$!
waits() { grep -q 'waiting for it' "$here/second"; }
until_true waits
release
wait $first
status=$?
check 'the first one ends well' ended 0
wait $second
status=$?
check_second() {
	ended 0
	grep -q 'Nothing to do' "$here/second" || cat "$here/second"
}
check 'the one that waited goes on when it has ended' check_second
t unlock
check 'then there is nothing to unlock' ended 0 'Nobody has the lock of tenant dev'
t plan --detailed-exitcode
check 'and did everything' ended 0 'Nothing to do'

# --- a holder that dies ---

world dead
fault '{"method":"POST","path":"/actions/actions","nth":1,"do":"hold"}'
tenon apply --yes >"$here/first" 2>&1 </dev/null &
first=$!
until_true struck
kill -9 $first
wait $first 2>/dev/null
release
check_note() {
	grep -q "process $first of" "$XDG_STATE_HOME"/tenon/*.lock ||
		echo 'the dead one has left no note'
}
check 'a killed one leaves its note' check_note
t unlock
check 'and stops nobody: unlock says so, and what it has begun' ended 0 'Nobody has the lock' \
	'interrupted'
t apply --yes
check 'and the next one takes the lock' ended 0 interrupted Applied

# --- states that are none ---

world states
t apply --yes
before=$(writes)
mkdir -p "$here/kept"
cp "$XDG_STATE_HOME"/tenon/state.db "$here/kept"
bad_state() { # SAID...
	ended 1 'Error: ' state.db "$@"
	same writes "$(writes)" "$before"
}
head -c 20000 /dev/urandom >"$XDG_STATE_HOME/tenon/state.db"
chmod 600 "$XDG_STATE_HOME/tenon/state.db"
sum=$(cksum <"$XDG_STATE_HOME/tenon/state.db")
t apply --yes
check 'a state that is no database' bad_state 'is no database' 'nothing in the tenant is lost'
check 'and it is left as it is' same 'the file' "$(cksum <"$XDG_STATE_HOME/tenon/state.db")" "$sum"
head -c 8192 "$here/kept/state.db" >"$XDG_STATE_HOME/tenon/state.db"
t apply --yes
check 'a state that was cut short' bad_state damaged 'put a copy of it back'
cp "$here/kept/state.db" "$XDG_STATE_HOME/tenon/state.db"
chmod 644 "$XDG_STATE_HOME/tenon/state.db"
t apply --yes
check 'a state that everybody can read' bad_state 'every user' 'chmod o-rwx'
chmod 600 "$XDG_STATE_HOME/tenon/state.db"
t apply --yes
check 'with the copy back all is well' ended 0 'Nothing to do'

# --- disks that are full ---

# full KIB COMMAND...: no file may grow beyond that
full() {
	(
		trap '' XFSZ
		ulimit -f "$1"
		exec "${@:2}"
	) >"$out" 2>"$err" </dev/null
	status=$?
}
world full
full 8 tenon apply --yes
check_none() {
	ended 1 'Error: ' state.db 'see to the disk'
	same writes "$(writes)" 0
}
check 'no room for a state: nothing is written to the tenant' check_none
t apply --yes
check 'with room all is well' ended 0 Applied

# The log of the state has room for fewer or more records: the run does not begin, or goes
# back, or is done.
fill_up() {
	local room ends=' '
	for room in 20 60 300; do
		echo "// $room" >>record-login.js
		full "$room" tenon apply --yes
		case $status in
		0 | 1 | 3) ends+="$status " ;;
		*) ended 0 ;;
		esac
		t apply --yes
		ended 0
		t drift
		ended 0
	done
	case $ends in
	*' 0 '*) ;;
	*) echo "no run had room: $ends" ;;
	esac
	case $ends in
	*' 1 '* | *' 3 '*) ;;
	*) echo "each run had room: $ends" ;;
	esac
}
check 'a disk that fills up in the middle' fill_up

gather
finish
