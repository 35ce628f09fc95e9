#!/bin/bash
# A plan in a file, by the real program: how it is written, what applies it, and what does
# not any more.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world saved
plan=$here/plan.json

umask 000
t plan --out "$plan"
umask 022
check_out() {
	ended 0 'Plan: 5 to create' "Saved: tenon apply $plan does this and nothing else."
	same mode "$(stat -c %a "$plan")" 600
	same format "$(json "$plan" tenon_plan)" 1
	same tenant "$(json "$plan" plan tenant)" dev
	same address "$(json "$plan" plan base_url)" "http://127.0.0.1:$port"
	same steps "$(json "$plan" plan steps '#')" 9
	[ "$(json "$plan" basis actions '#')" = 5 ] || echo 'the basis has not all actions'
	[ -n "$(json "$plan" key)" ] || echo 'the key of fingerprints is not named'
	same 'what else is there' "$(ls -A "$here" | grep plan)" plan.json
	same writes "$(writes)" 0
}
check 'a plan is kept for its owner alone' check_out
check 'no secret in it' "$TN_BUILD/tests/e2e/find_secrets" "$TN_TOP/tests/e2e/secrets.txt" "$plan"

t show --plan "$plan"
check_show() {
	ended 0 "acme-login on dev (http://127.0.0.1:$port)" "digest $(json "$plan" digest)" \
		'create enrich-token' 'deploy enrich-token' 'bind post-login' \
		"under the key $(json "$plan" key)"
	TENON_CONNECTIONS=/nowhere t show --plan "$plan" --json
	ended 0
	cmp -s "$out" "$plan" || echo 'as JSON it is the file'
	t show --plan tenon.yaml
	ended 1 'make one with'
	t show --plan "$plan" enrich-token
	ended 1 '--plan is shown alone'
	t show
	ended 1 'show needs a RUN, the name of an ACTION, or --plan FILE'
}
check 'what is in it can be shown' check_show

# A file that is replaced keeps neither its mode nor its other names.
echo old >"$here/other"
ln "$here/other" "$here/name"
chmod 666 "$here/other"
t plan --out "$here/other" --json
check_replaced() {
	ended 0
	json "$out" plan digest >"$here/digest"
	same digest "$(json "$here/other" digest)" "$(cat "$here/digest")"
	same mode "$(stat -c %a "$here/other")" 600
	same 'the other name' "$(cat "$here/name")" old
}
check 'a file that was there is replaced' check_replaced

ln -s "$here/elsewhere" "$here/link"
mkfifo "$here/fifo"
check_place() {
	local place
	for place in "$here/link" "$here/fifo" "$here" /dev/null; do
		t plan --out "$place"
		ended 1 'no regular file'
	done
	[ ! -e "$here/elsewhere" ] || echo 'a link was followed'
	[ -L "$here/link" ] || echo 'a link was replaced'
	[ -c /dev/null ] || echo '/dev/null is gone'
	t plan --out "$here/not/there.json"
	ended 1 'not/there.json'
}
check 'links, devices and directories are not written to' check_place

# --- applying ---

check_refused() {
	local what
	t apply "$here/nowhere.json"
	ended 1 'nowhere.json' 'make one with tenon plan --out FILE'
	t apply "$here/fifo"
	ended 1 'no regular file'
	t apply tenon.yaml
	ended 1 'the plan: line 1' 'make one with'
	: >"$here/empty"
	t apply "$here/empty"
	ended 1 'the plan: '
	printf '{"tenon_plan":1,' >"$here/half"
	head -c 1000 "$plan" >>"$here/half"
	t apply "$here/half"
	ended 1
	truncate -s 40M "$here/large"
	t apply "$here/large"
	ended 1 'is larger than'
	head -c 2000000 /dev/zero | tr '\0' '[' >"$here/deep"
	t apply "$here/deep"
	ended 1 'the plan: '
	t apply "$plan" "$plan"
	ended 1 'a word too many'
	t apply "$plan" --tenant prod
	ended 1 'the plan is for tenant dev'
	t plan "$plan"
	ended 1 'a word too many'
	same writes "$(writes)" 0
	rm "$here/large" "$here/deep"
}
check 'what is no plan, and what is said wrongly' check_refused

sed 's/"kind": "create"/"kind": "update"/' "$plan" >"$here/edited"
t apply "$here/edited"
check 'an edited plan' ended 5 'the plan was changed after it was saved'
t apply "$here/edited" --json
check_json() {
	ended 5
	same status "$(json "$out" exit_status)" 5
	same kind "$(json "$out" error kind)" conflict
}
check 'in JSON too, without --yes' check_json

echo '// one more line' >>record-login.js
t apply "$plan"
check_moved() {
	ended 5 '! files   action/record-login: the files want something else: code' \
		'the plan is stale'
	same writes "$(writes)" 0
}
check 'the files moved' check_moved
cp "$TN_TOP/examples/acme-login/record-login.js" .

E2E_API_KEY=another-value-of-it t apply "$plan" --json
check_secret() {
	ended 5
	same kind "$(json "$out" saved_plan moved 0 kind)" secret
	same message "$(json "$out" saved_plan moved 0 message)" \
		'the secret DIRECTORY_API_KEY has another value now'
	! grep -F another-value "$out" "$err"
}
check 'a secret moved' check_secret

TENON_KEY=another-key t apply "$plan"
check 'the key moved' ended 5 'fingerprints under the key' 'set TENON_KEY to the same key'

# From a commit of another repository, on another day: the content is what counts.
git init -q . && git add . && git commit -qm one
t apply "$plan" --no-input
check_applied() {
	ended 0 'The plan of 20' 'Plan: 5 to create' 'Applied'
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
	same question "$(grep -c 'Apply these' "$out")" 0
}
check 'without a question, and at another commit' check_applied

t apply "$plan"
check 'once' ended 5 'it is there now, and was not' 'the plan is stale'

t plan --out "$plan"
t apply "$plan"
check 'nothing to do is a plan too' ended 0 'Nothing to do'

# --- values that come later ---

t plan --no-secrets --out "$plan"
check_deferred() {
	ended 0 'checked at apply' 'Nothing to do as far as can be said: 1 secret is checked at apply.'
	before=$(writes)
	t apply "$plan"
	ended 0 'Nothing to do'
	same writes "$(writes)" "$before"
}
check 'a deferred value that is as it was is not written' check_deferred

E2E_API_KEY=a-rotated-value t apply "$plan"
check_rotated() {
	ended 0 'secret DIRECTORY_API_KEY (another value)' Applied
	state
	grep -q "\"sha256\":\"$(printf %s a-rotated-value | sha256sum | cut -d' ' -f1)\"" \
		"$here/state.json" || echo 'the value did not arrive'
}
check 'a deferred value that moved is written' check_rotated
finish
