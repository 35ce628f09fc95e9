#!/bin/bash
# The work of every day: plan, apply, change, drift; from a directory and from git.
set -u
. "$TN_TOP/tests/e2e/common.bash"

all='company-addresses-only enrich-token label-machine-tokens record-login require-verified-email '
world main

check_validate() { ended 0 'Valid: 1 tenant, 5 actions, 3 flows.'; }
t validate
check 'validate says what it found' check_validate
check 'validate asks the tenant nothing' same calls "$(count GET /actions/actions)" 0

check_plan() {
	ended 0 'Plan: 5 to create, 0 to update' '3 bindings to set'
	same writes "$(writes)" 0
	same actions "$(actions)" ''
}
t plan
check 'a plan shows what is to come and writes nothing' check_plan
t plan --detailed-exitcode
check 'with --detailed-exitcode a plan with changes ends with 2' ended 2

check_applied() {
	ended 0 'Plan: 5 to create' 'Applied'
	same actions "$(actions)" "$all"
	same post-login "$(flow post-login)" 'require-verified-email enrich-token record-login '
	same credentials-exchange "$(flow credentials-exchange)" 'label-machine-tokens '
	same pre-user-registration "$(flow pre-user-registration)" 'company-addresses-only '
}
t apply --yes
check 'an apply makes the tenant what the files say' check_applied

check_content() {
	local i
	for i in 0 1 2 3 4; do
		name=$(json "$here/state.json" actions $i name)
		same "versions of $name" "$(json "$here/state.json" actions $i versions '#')" 1
		same "code of $name" "$(json "$here/state.json" actions $i versions 0 code)" \
			"$(cat "$name.js")"
		[ "$name" = enrich-token ] || continue
		same secret "$(json "$here/state.json" actions $i versions 0 secrets 0 sha256)" \
			"$(printf %s "$api_key" | sha256sum | cut -d' ' -f1)"
		same dependency "$(json "$here/state.json" actions $i versions 0 dependencies 0)" \
			'{"name":"axios","version":"1.7.2"}'
	done
	same 'name in the flow' "$(json "$here/state.json" bindings post-login 1 display_name)" \
		'Enrich the token'
}
check 'code, dependencies, secrets and names arrive as written' check_content

before=$(writes)
lists=$(count GET /actions/actions)
bindings=$(count GET '/actions/triggers/{triggerId}/bindings')
tokens=$(count POST /oauth/token)
check_nothing() {
	ended 0 'Nothing to do'
	same writes "$(writes)" "$before"
	same 'lists of actions' "$(count GET /actions/actions)" $((lists + 1))
	same 'lists of bindings' "$(count GET '/actions/triggers/{triggerId}/bindings')" \
		$((bindings + 3))
	same tokens "$(count POST /oauth/token)" $((tokens + 1))
	same 'lists of triggers' "$(count GET /actions/triggers)" "$triggers"
}
triggers=$(count GET /actions/triggers)
t apply --yes
check 'nothing changed, nothing written, five calls to see it' check_nothing
t plan --detailed-exitcode
check 'with --detailed-exitcode a plan without changes ends with 0' ended 0 'Nothing to do'
t drift
check 'no drift' ended 0 'No drift'

# --- a change in the files ---

check_changed() {
	ended 0 'Plan: 0 to create, 1 to update' '1 binding to set'
	same post-login "$(flow post-login)" 'require-verified-email record-login enrich-token '
	same writes "$(writes)" $((before + 3))
}
sed -i 's/2000/1000/' enrich-token.js
sed -i -e '/^    - record-login$/d' -e 's/^    - enrich-token.*/    - record-login\n&/' tenon.yaml
t apply --yes
check 'new code and another order take three writes' check_changed

secret_time() {
	state
	for i in 0 1 2 3 4; do
		[ "$(json "$here/state.json" actions $i name)" = enrich-token ] || continue
		json "$here/state.json" actions $i draft secrets 0 updated_at
	done
}
check_secret() {
	ended 0 'secret DIRECTORY_API_KEY (another value)' 'Plan: 0 to create, 1 to update'
	[ "$(secret_time)" != "$time" ] || echo "the secret was not written"
}
time=$(secret_time)
E2E_API_KEY=$password t apply --yes
check 'another value of a secret is a change' check_secret
t apply --yes
before=$(writes)
t apply --yes
check 'the same value again is none' same writes "$(writes)" "$before"

# --- other people ---

login_as_alice
alice() { http "$@" >"$here/alice.json" || cat "$here/alice.json"; }
id_of() {
	http GET "/api/v2/actions/actions?actionName=$1" >"$here/alice.json"
	json "$here/alice.json" actions 0 id
}
alice_deploys() { http POST "/api/v2/actions/actions/$1/deploy" >"$here/alice.json"; }

check_drift() {
	ended 2 record-login 'not what the files say' 'rogue = 1' 'bindings post-login'
	same writes "$(writes)" "$before"
}
id=$(id_of record-login)
alice PATCH "/api/v2/actions/actions/$id" '{"code":"const rogue = 1;\n"}'
until_true alice_deploys "$id"
alice PATCH /api/v2/actions/triggers/post-login/bindings \
	'{"bindings":[{"ref":{"type":"action_name","value":"record-login"}}]}'
alice_sees() { alice GET "/api/v2/actions/actions/$id"; grep -q 'deployed_version.*rogue' "$here/alice.json"; }
until_true alice_sees
before=$(writes)
t drift
check 'drift names what somebody else did, and ends with 2' check_drift

check_mended() {
	ended 0 '1 to roll back' '1 binding to set'
	same post-login "$(flow post-login)" 'require-verified-email record-login enrich-token '
}
t apply --yes
check 'an apply brings back the earlier version and the flow' check_mended
t drift
check 'and then there is no drift' ended 0 'No drift'

check_stranger() {
	ended 0 'Nothing to do'
	same post-login "$(flow post-login)" \
		'require-verified-email record-login enrich-token stranger '
}
alice POST /api/v2/actions/actions '{"name":"stranger","code":"x","runtime":"node22",
	"supported_triggers":[{"id":"post-login","version":"v3"}]}'
id=$(json "$here/alice.json" id)
until_true alice_deploys "$id"
alice_binds() {
	http PATCH /api/v2/actions/triggers/post-login/bindings '{"bindings":[
		{"ref":{"type":"action_name","value":"require-verified-email"}},
		{"ref":{"type":"action_name","value":"record-login"}},
		{"ref":{"type":"action_name","value":"enrich-token"},"display_name":"Enrich the token"},
		{"ref":{"type":"action_name","value":"stranger"}}]}' >"$here/alice.json"
}
until_true alice_binds
t apply --yes
check "another person's action in our flow is left where it is" check_stranger
t drift
check "and shown as other people's" ended 0 'left alone (1): stranger'

check_draft() {
	ended 1 record-login draft
	same writes "$(writes)" "$before"
}
id=$(id_of record-login)
alice PATCH "/api/v2/actions/actions/$id" '{"code":"const half_done = 1;\n"}'
sed -i 's/last_application/application/' record-login.js
before=$(writes)
t apply --yes
check "somebody's draft is not overwritten unasked" check_draft
t apply --yes --overwrite-drafts
check 'with --overwrite-drafts it is' ended 0 'Applied'

check_gone() {
	ended 0 'not in the files any more: kept'
	[[ "$(actions)" = *label-machine-tokens* ]] || echo 'it was deleted'
	same credentials-exchange "$(flow credentials-exchange)" ''
}
sed -i -e '/^  label-machine-tokens:$/,/^$/d' -e 's/^  credentials-exchange:$/  credentials-exchange: []/' \
	-e '/^    - label-machine-tokens$/d' tenon.yaml
t apply --yes
check 'what is gone from the files is unbound and kept' check_gone

# --- git ---

world git
git init -q -b main . && git add -A && git commit -qm one && git tag v1
commit=$(git rev-parse HEAD)
check_ref() {
	ended 0 'Plan: 5 to create' "commit ${commit:0:10}"
	! grep -q 'not committed' "$out" || echo 'a revision has no changes that are not committed'
}
echo 'this: is: no: project' >tenon.yaml
rm record-login.js
t plan --ref v1
check '--ref reads the revision and not the work tree' check_ref
t plan --source "$here/project" --ref main
check '--source names another place' check_ref
git checkout -q . && echo '// more' >>record-login.js
t plan
check 'a directory with changes says so' ended 0 "commit ${commit:0:10} with changes"
mkdir "$here/elsewhere" && cd "$here/elsewhere" || exit 1
t plan --source "$here/project" --ref "$commit"
check 'a commit id names a revision too' check_ref
git -C "$here" clone -q --bare project bare.git
t plan --source "$here/bare.git" --ref main
check 'a bare repository will do' check_ref

# --- for programs ---

world json
check_json() { # STATUS COMMAND CALLS
	ended "$1"
	same exit_status "$(json "$out" exit_status)" "$1"
	same command "$(json "$out" command)" "$2"
	same format_version "$(json "$out" format_version)" 1.0
	same findings "$(json "$out" findings '#')" "${3-0}"
	same 'bytes on standard error' "$(wc -c <"$err")" 0
}
t validate --json
check 'validate --json' check_json 0 validate
t plan --json
check 'plan --json' check_json 0 plan
# Five are created, the one with a package is deployed after its build, three flows are set.
check 'plan --json has the steps' same steps "$(json "$out" plan steps '#')" 9
t apply --json --yes
check 'apply --json' check_json 0 apply
check 'apply --json tells the outcome' same outcome "$(json "$out" apply outcome)" applied
t drift --json
check 'drift --json without drift' check_json 0 drift
sed -i 's/last_application/x/' record-login.js
t drift --json
check 'drift --json with drift' check_json 2 drift
echo 'color: red' >>tenon.yaml
t plan --json
check 'findings come as JSON too' check_json 1 plan 1
check 'with their place' same line "$(json "$out" findings 0 line)" "$(wc -l <tenon.yaml)"

# --- how it looks ---

world looks
check_plain() { ! grep -q $'\e' "$out" "$err" || echo 'there are escapes'; }
check_colour() { grep -q $'\e\[32m' "$out" || echo 'there is no green'; }
t plan
check 'no colours without a terminal' check_plain
CLICOLOR_FORCE=1 t plan
check 'CLICOLOR_FORCE brings them' check_colour
CLICOLOR_FORCE=1 NO_COLOR=1 t plan
check 'NO_COLOR wins' check_plain
CLICOLOR_FORCE=1 t plan --no-color
check 'and so does --no-color' check_plain
t --help
check '--help' ended 0 validate plan apply drift 'Exit status'
t apply --help
check 'help of a command has its options' ended 0 --yes --overwrite-drafts
t help plan
check 'help names the command that it is about' ended 0 'tenon plan' --no-secrets
t help unknown-key
check 'help of a code explains it, with an example' \
	ended 0 'unknown-key (error): an unknown key' 'To mend it' '    actions:'
t help codes
check 'help lists the codes with their severity' \
	ended 0 'unknown-key              error    an unknown key' 'deprecated-trigger       warning'
t version
check version ended 0 'tenon 0.'
finish
