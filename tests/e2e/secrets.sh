#!/bin/bash
# Secret values: the search that looks for them in every output finds planted ones in every
# form, and tenon shows none, also when the tenant says one back.
set -u
. "$TN_TOP/tests/e2e/common.bash"

list=$TN_TOP/tests/e2e/secrets.txt
find_secrets() { "$TN_BUILD/tests/e2e/find_secrets" "$list" "$@"; }

# --- the search itself ---

vault=$(mktemp -d "$TMPDIR/planted.XXXXXX")

# planted FORM, the file's bytes on standard input: the search finds it
planted() {
	{
		echo 'before '
		cat
		echo ' after'
	} >"$vault/planted"
	find_secrets "$vault" >"$vault.found" 2>&1
	tap_check "a planted secret is found: $1" planted_complaints $? "$1"
	rm "$vault/planted"
}
planted_complaints() {
	[ "$1" -eq 1 ] || echo "status $1"
	grep -qF ", $2" "$vault.found" || cat "$vault.found"
}

percent() { printf %s "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' %; }
first=$client_secret
second=$api_key
planted plain < <(printf %s "$first")
planted 'escaped as in JSON' < <(
	printf '{"a":"cs-V8q/Zt+4=K \\"quoted\\" back\\\\slash 7f31"}'
)
planted 'escaped as in JSON' < <(
	printf '{"a":"cs-V8q\\/Zt+4=K \\u0022quoted\\u0022 back\\u005Cslash 7f31"}'
)
planted 'escaped as in JSON' < <(
	printf '{"a":"dk-\\tum l\\u00e4ut \\u20acuro/\\uD83D\\ude00 & <x> 100%% 5d02"}'
)
planted 'escaped twice as in JSON' < <(
	printf '{"a":"{\\"b\\":\\"dk-\\\\tum läut €uro/😀 & <x> 100%% 5d02\\"}"}'
)
planted percent-encoded < <(percent "$second")
planted percent-encoded < <(percent "$second" | tr a-f A-F)
planted 'encoded as a form' < <(
	printf 'secret=cs-V8q%%2FZt%%2b4%%3DK+%%22quoted%%22+back%%5Cslash+7f31&x=1'
)
for before in '' . ..; do
	planted base64 < <(printf %s "$before$first-and-more" | base64 -w 0)
	planted base64 < <(printf %s "$before$second" | base64 -w 0 | tr '+/' '-_')
done
planted hexadecimal < <(printf %s "$first" | od -An -v -tx1 | tr -d ' \n')
echo "almost: ${first%?} ${second#?}" >"$vault/planted"
tap_check 'what is almost a secret is none' find_secrets "$vault"
rm -r "$vault" "$vault.found"

# --- the programs ---

# As everybody does it: letters, digits and -._~ stay.
url_encode() {
	local LC_ALL=C i c
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		case $c in
		[a-zA-Z0-9._~-]) printf %s "$c" ;;
		*) printf %%%02X "'$c" ;;
		esac
	done
}

# What a tenant might say back, in every form.
echo_back() {
	local json=${api_key//\\/\\\\}
	json=${json//$'\t'/\\t}
	printf '{"statusCode":400,"error":"Bad Request","message":"%s"}' "$1$json"
}

world back
says_nothing() {
	ended "$1" '400'
	find_secrets "$out" "$err"
}
fault "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\",\"status\":400,
	\"body\":$(echo_back 'refused: ')}"
t apply --yes
check 'a tenant that says a secret back: plain' says_nothing 1
release
fault "{\"method\":\"POST\",\"path\":\"/actions/actions\",\"do\":\"status\",\"status\":400,
	\"body\":{\"statusCode\":400,\"message\":\"$(url_encode "$api_key") $(printf %s "$api_key" | base64 -w 0)\"}}"
t apply --yes
check 'percent-encoded and in base64' says_nothing 1
t apply --yes --json
check 'in JSON too' says_nothing 1
release
quoted=${client_secret//\\/\\\\}
quoted=${quoted//\"/\\\"}
fault "{\"method\":\"POST\",\"path\":\"/oauth/token\",\"do\":\"status\",\"status\":401,
	\"body\":{\"error\":\"access_denied\",\"error_description\":\"no: $quoted\"}}"
t plan
check_token() {
	ended 1 401
	find_secrets "$out" "$err"
}
check 'a token endpoint that does the same' check_token
release

# Somebody pasted the value into the code: it is in git then, but no plan shows it.
sed -i "s|'last_application'|'$client_secret'|" record-login.js
t plan
check_pasted() {
	ended 0 'Plan: 5 to create'
	find_secrets "$out" "$err"
}
check 'a secret that was pasted into the code' check_pasted
cp "$TN_TOP/examples/acme-login/record-login.js" .

# From a file instead of the environment; that file is the only one that may hold it.
vault=$(mktemp -d "$TMPDIR/vault.XXXXXX")
printf '%s\n' "$api_key" >"$vault/api-key"
sed -i "s|{env: E2E_API_KEY}|{file: $vault/api-key}|" "$TENON_CONNECTIONS"
unset E2E_API_KEY
t apply --yes
check 'a secret from a file' ended 0 Applied
state
hash_of() {
	grep -o '"sha256":"[^"]*"' "$here/state.json" | sort -u
}
check 'without the newline at its end' same hash "$(hash_of)" \
	"\"sha256\":\"$(printf %s "$api_key" | sha256sum | cut -d' ' -f1)\""
t drift --json
check 'drift knows it by its fingerprint' ended 0
TENON_KEY=another-key-than-before t plan --detailed-exitcode
check 'under another key the value cannot be compared, and is written again' ended 2 DIRECTORY_API_KEY
rm -r "$vault"

# Somebody wrote the values themselves where sources belong: they are refused unsaid.
check_literal() {
	local line
	for line in 'clientSecret: lit3ral-value' 'clientSecret: {value: lit3ral-value}' \
		'clientSecret: {env: lit3ral-value}' 'clientSecret: [lit3ral-value]' \
		'clientSecret: {command: lit3ral-value}' 'clientSecret: "lit3ral-value' \
		'privateKey: lit3ral-value' 'token: lit3ral-value'; do
		sed "s|^    clientSecret:.*|    $line|" "$TENON_CONNECTIONS" >"$here/literal.yaml"
		for format in '' --json; do
			t plan --connections "$here/literal.yaml" $format
			ended 1 literal.yaml
			! grep -F lit3ral "$out" "$err" | sed "s|^|said for $line: |"
		done
	done
	rm "$here/literal.yaml"
}
check 'a value in the connections file is refused and not said' check_literal

# Nobody else on the machine sees a value in the list of processes.
world listed
fault '{"method":"GET","path":"/actions/actions","do":"hold"}'
tenon plan >"$out" 2>"$err" </dev/null &
pid=$!
until_true struck
tr '\0' '\n' <"/proc/$pid/cmdline" >"$here/cmdline"
release
wait $pid
status=$?
check_listed() {
	ended 0
	grep -qx plan "$here/cmdline" || echo 'the list of processes was not read'
	find_secrets "$here/cmdline"
}
check 'no secret in the list of processes' check_listed
check_core() {
	[ -s "$XDG_STATE_HOME/tenon/state.db" ] || echo 'there is no state to look into'
	same mode "$(stat -c %a "$XDG_STATE_HOME/tenon")" 700
}
check 'the state is for its owner alone' check_core
finish
