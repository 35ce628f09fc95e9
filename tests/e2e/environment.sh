#!/bin/bash
# A connection from variables alone, beside files and against them.
set -u
. "$TN_TOP/tests/e2e/common.bash"

world environment
git init -q -b main .
domain=http://127.0.0.1:$port
file=$TENON_CONNECTIONS
unset TENON_CONNECTIONS
export TENON_SECRET_DIRECTORY_API_KEY=$api_key

with() { # NAME=VALUE... -- ARGUMENT...: runs tenon with these variables
	local variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	timeout 60 env "${variables[@]}" tenon "$@" >"$out" 2>"$err" </dev/null
	status=$?
	cat "$out" "$err" >>"$work/all-output"
}
client=("AUTH0_CLIENT_ID=tenon" "AUTH0_CLIENT_SECRET=$client_secret")

t plan
check 'without a file and without variables all places are named' ended 1 \
	"$XDG_CONFIG_HOME/tenon/connections.yaml or /etc/tenon/connections.yaml" AUTH0_DOMAIN \
	--connections TENON_CONNECTIONS
XDG_CONFIG_HOME='' t plan
check 'the home stands in for the configuration directory' ended 1 \
	"$HOME/.config/tenon/connections.yaml"
XDG_CONFIG_HOME='' HOME='' t plan
check 'without either one place is left' ended 1 '(/etc/tenon/connections.yaml)'

with "AUTH0_DOMAIN=$domain" "${client[@]}" -- plan
check 'a client and its secret' ended 0 'Plan: 5 to create'
with "AUTH0_DOMAIN=$domain" "${client[@]}" -- apply --yes
check 'which can apply' ended 0 Applied
login_as_alice
for name in AUTH0_API_TOKEN AUTH0_ACCESS_TOKEN; do
	with "AUTH0_DOMAIN=$domain" "$name=$token" -- drift
	check "a token in $name" ended 0
done
token=''

# With a private key, at a tenant that checks every signature.
keys=$TN_TOP/tests/data/jwt
kept=$port
start_tenant "$here" --client-key "signer:$keys/key.pub"
signer=("AUTH0_DOMAIN=http://127.0.0.1:$port" AUTH0_CLIENT_ID=signer)
check_keys() {
	with "${signer[@]}" "AUTH0_CLIENT_SIGNING_KEY_PATH=$keys/key.pem" -- plan --tenant other
	ended 1 other
	sed -i '/^  dev:/a\  other:' tenon.yaml
	with "${signer[@]}" "AUTH0_CLIENT_SIGNING_KEY_PATH=$keys/key.pem" -- plan --tenant other
	ended 0 'Plan: 5 to create'
	for algorithm in RS256 RS384 PS256; do
		with "${signer[@]}" "AUTH0_CLIENT_ASSERTION_PRIVATE_KEY=$(cat "$keys/key.pem")" \
			"AUTH0_CLIENT_ASSERTION_SIGNING_ALG=$algorithm" -- plan --tenant other
		ended 0 'Plan: 5 to create'
	done
	with "${signer[@]}" "AUTH0_CLIENT_SIGNING_KEY_PATH=$keys/locked.pem" -- plan --tenant other
	ended 1 AUTH0_CLIENT_SIGNING_KEY_PATH 'without a passphrase'
	with "${signer[@]}" "AUTH0_CLIENT_SIGNING_KEY_PATH=$keys/strange.pem" -- plan --tenant other
	ended 1 401 'private key'
	sed -i '/^  other:/d' tenon.yaml
}
check 'a private key in either form, and every algorithm' check_keys
port=$kept

halves() {
	with "AUTH0_DOMAIN=$domain" -- plan
	ended 1 AUTH0_DOMAIN: 'no variable holds a credential' 'there is no connections file'
	with "${client[@]}" -- plan
	ended 1 'AUTH0_DOMAIN is not set, and AUTH0_CLIENT_SECRET is'
	with "AUTH0_DOMAIN=$domain" "${client[@]}" AUTH0_API_TOKEN=x -- plan
	ended 1 'AUTH0_CLIENT_SECRET and AUTH0_API_TOKEN are both set'
	with "AUTH0_DOMAIN=https://127.0.0.1:$port/x" "${client[@]}" -- plan --json
	ended 1 '"AUTH0_DOMAIN"' bad-format
	with ZITADEL_DOMAIN=zitadel.acme.example -- plan
	ended 1 ZITADEL_DOMAIN 'not there yet'
}
check 'half a connection is refused and says why' halves

# A file that is there is the operator's word; variables are not mixed into it.
mkdir -p "$XDG_CONFIG_HOME/tenon"
cp "$file" "$XDG_CONFIG_HOME/tenon/connections.yaml"
with AUTH0_DOMAIN=elsewhere.acme.example "${client[@]}" -- plan
check 'a file goes before variables' ended 0 "http://127.0.0.1:$port"
sed -i 's/^  dev:/  test:/' "$XDG_CONFIG_HOME/tenon/connections.yaml"
with "AUTH0_DOMAIN=$domain" "${client[@]}" -- plan
check 'also when it does not name the tenant' ended 1 \
	'the connections file does not say where tenant dev is'
chmod 666 "$XDG_CONFIG_HOME/tenon/connections.yaml"
with "AUTH0_DOMAIN=$domain" "${client[@]}" -- plan
check 'and when it is refused' ended 1 'can be written by others'
rm "$XDG_CONFIG_HOME/tenon/connections.yaml"
ln -s /nowhere "$XDG_CONFIG_HOME/tenon/connections.yaml"
with "AUTH0_DOMAIN=$domain" "${client[@]}" -- plan
check 'and when it is a link to nothing' ended 1 'there is no file'
with "AUTH0_DOMAIN=$domain" "${client[@]}" TENON_CONNECTIONS=/nowhere -- plan
check 'and when it is named and not there' ended 1 /nowhere TENON_CONNECTIONS
with "AUTH0_DOMAIN=$domain" "${client[@]}" TENON_CONNECTIONS=/nowhere -- plan \
	--connections "$file"
check 'the option goes before the variable' ended 0

# The same name for another tenant is an accident, not a wish.
rm "$XDG_CONFIG_HOME/tenon/connections.yaml"
start_tenant "$here"
with "AUTH0_DOMAIN=http://127.0.0.1:$port" "${client[@]}" -- apply --yes
check 'a tenant that is known stays where it is' ended 1 dev
check 'and nothing is written elsewhere' same writes "$(writes)" 0
finish
