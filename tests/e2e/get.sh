#!/bin/bash
# Looking at a tenant and running a draft, with nothing but a connection: no project, no
# state.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world main
t apply --yes
mkdir -p "$here/empty" && cd "$here/empty" || exit 1
rm -rf "$XDG_STATE_HOME"
before=$(writes)

check_actions() {
	ended 0 'enrich-token ' 'post-login@v3' 'version 1'
	same lines "$(wc -l <"$out")" 6
	same writes "$(writes)" "$before"
}
t get actions
check 'actions of the tenant' check_actions
t get actions --trigger credentials-exchange --deployed yes --installed no --page 0
check 'conditions' same lines "$(wc -l <"$out")" 2
check 'the one that they leave' ended 0 label-machine-tokens
t get actions enrich-token
check 'one of them, with its code' ended 0 'exports.onExecutePostLogin'

check_json() {
	ended 0
	same action "$(json "$out" got actions 0 name)" enrich-token
	same secret "$(json "$out" got actions 0 live content secrets 0 name)" DIRECTORY_API_KEY
}
t get actions --name enrich-token --json
check 'the same as JSON' check_json
id=$(json "$out" got actions 0 id)
t get versions "$id" --json
check 'versions of an action by its id' same number "$(json "$out" got versions 0 number)" 1

check_bindings() {
	ended 0 '1      require-verified-email' 'Enrich the token'
	same places "$(wc -l <"$out")" 6
}
t get bindings
check 'what is bound everywhere' check_bindings
t get bindings post-login
check 'what is bound at a trigger' same places "$(wc -l <"$out")" 4
t get triggers
check 'triggers' same lines "$(wc -l <"$out")" 21
t get modules
check 'modules' ended 0 NEWEST

http POST /_sim/executions '{"trigger_id":"post-login"}' >"$here/execution.json"
t get executions "$(json "$here/execution.json" id)"
check 'an execution' ended 0 'post-login: final' record-login
check 'nothing of it wrote to the tenant' same writes "$(writes)" "$before"
check 'nor to the disk' test ! -e "$XDG_STATE_HOME"

# --- a test run ---

echo '{"event": {"user": {"user_id": "auth0|1"}}}' >payload.json
t test enrich-token --payload payload.json
check 'a draft is run' ended 0 'enrich-token ran without an error' total_request_duration_ms
fault '{"path":"/actions/actions/{id}/test","do":"status","status":200,
	"body":{"payload":{"error":{"message":"it broke"}}}}'
t test "$id" --payload payload.json
check 'a draft that throws ends with 1' ended 1 'enrich-token failed: it broke'
t test "$id" --payload payload.json --json
check 'and says so as JSON' same error "$(json "$out" test error)" 'it broke'
release

bad_payload() { # WORDS, the payload on standard input
	cat >bad.json
	t test enrich-token --payload bad.json
	check "a payload that is bad: $1" ended 1 "the payload bad.json" "$1"
}
bad_payload 'of type array' <<<'[1]'
bad_payload 'line 1' <<<'{"event": '
t test enrich-token --payload nowhere.json
check 'a payload that is not there' ended 1 nowhere.json

# --- what is not understood ---

wrong() { # WORDS ARGUMENT...
	local words=$1
	shift
	t "$@"
	check "tenon $*: $words" ended 1 "$words"
}
wrong 'one kind' get
wrong 'did you mean actions' get action
wrong 'a word too many' get actions a b
wrong 'versions ACTION' get versions
wrong 'executions ID' get executions
wrong 'shown all together' get triggers post-login
wrong 'list of actions' get bindings --page 1
wrong 'list of actions' get actions enrich-token --deployed yes
wrong 'yes or no' get actions --deployed maybe
wrong '--page is a number' get actions --page -1
wrong '--page is a number' get actions --page 1234567
wrong 'does not take' get actions --state x
wrong 'does not take' plan --page 1
wrong 'tenon test ACTION --payload FILE' test enrich-token
wrong 'tenon test ACTION --payload FILE' test --payload payload.json
wrong 'no action "nobody"' get actions nobody
wrong 'nothing is called ""' get executions ''
wrong 'nothing is called ".."' get actions ..

# --- an older tenant ---

world older --dialect older --client "tenon:$client_secret"
echo '    dialect: older' >>"$TENON_CONNECTIONS"
t apply --yes
t get actions --deployed no
check 'a condition that an older tenant does not know' same lines "$(wc -l <"$out")" 1
t get actions --deployed yes
check 'holds all the same' same lines "$(wc -l <"$out")" 6
echo '{}' >payload.json
t test enrich-token --payload payload.json
check 'a draft is run there' ended 0 'ran without an error' '"logs"'
finish
