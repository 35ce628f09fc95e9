#!/bin/bash
# A tenant of the older dialect: the whole work of every day, with the real programs.
set -u
. "$TN_TOP/tests/e2e/common.bash"

older() { echo '    dialect: older' >>"$TENON_CONNECTIONS"; }
all='company-addresses-only enrich-token label-machine-tokens record-login require-verified-email '
order='require-verified-email enrich-token record-login '

# The operator says which dialect it is; nothing is found out by trying.
check_wrong() {
	ended 1 'list the actions' dialect
	same writes "$(writes)" 0
}
world wrong --dialect older --client "tenon:$client_secret"
t apply --yes
check 'a tenant of the older dialect is not taken for one of today' check_wrong
world other
older
t apply --yes
check 'nor the reverse' check_wrong

world main --dialect older --client "tenon:$client_secret"
older
t validate
check 'validate' ended 0 'Valid: 1 tenant, 5 actions, 3 flows.'
check_plan() {
	ended 0 'Plan: 5 to create, 0 to update' '3 bindings to set'
	same lists "$(count GET /actions)" 1
	same writes "$(writes)" 0
}
t plan
check 'a plan reads at the paths of that dialect and writes nothing' check_plan

check_applied() {
	ended 0 'Applied'
	same creations "$(count POST /actions)" 5
	same actions "$(actions)" "$all"
	same post-login "$(flow post-login)" "$order"
}
t apply --yes
check 'an apply creates, deploys and binds' check_applied
before=$(writes)
t apply --yes
check 'a second one has nothing to do' same writes "$(writes)" "$before"
check 'and says so' ended 0 'Nothing to do'

# --- a failure, and everything is put back ---

runs() { # ACTION: its code
	local i
	state
	for i in 0 1 2 3 4; do
		[ "$(json "$here/state.json" actions $i name)" != "$1" ] ||
			json "$here/state.json" actions $i draft code
	done
}
check_put_back() {
	ended 3 'everything was put back'
	same post-login "$(flow post-login)" "$order"
	same code "$(runs enrich-token)" "$was"
}
was=$(runs enrich-token)
sed -i 's/2000/1000/' enrich-token.js
sed -i -e '/^    - record-login$/d' -e 's/^    - enrich-token.*/    - record-login\n&/' tenon.yaml
fault '{"method":"PATCH","path":"/actions/triggers/{triggerId}/bindings","do":"status","status":400}'
t apply --yes
check 'an apply that fails at the last step puts all of it back' check_put_back
release

check_changed() {
	ended 0 Applied
	same post-login "$(flow post-login)" 'require-verified-email record-login enrich-token '
	same code "$(runs enrich-token)" "$(cat enrich-token.js)"
}
t apply --yes
check 'without the fault it goes through' check_changed

# --- somebody else ---

login_as_alice
check_drift() { ended 2 record-login 'rogue = 1'; }
http GET '/api/v2/actions?actionName=record-login' >"$here/alice.json"
id=$(json "$here/alice.json" actions 0 id)
http PATCH "/api/v2/actions/$id" '{"code":"const rogue = 1;\n"}' >"$here/alice.json"
alice_deploys() { http POST "/api/v2/actions/$id/deploy" >"$here/alice.json"; }
until_true alice_deploys
alice_sees() {
	http GET "/api/v2/actions/$id" >"$here/alice.json"
	grep -q 'deployed_version.*rogue' "$here/alice.json"
}
until_true alice_sees
t drift
check 'drift names what somebody else did' check_drift
t apply --yes
check 'an apply brings the earlier version back' ended 0 '1 to roll back' Applied
t drift
check 'and then there is no drift' ended 0 'No drift'
finish
