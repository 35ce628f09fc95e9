#!/bin/bash
# The projects below examples/ are valid, and what the reports say of them is what is there.
set -u
. "$TN_TOP/tests/e2e/common.bash"
world examples

is_valid() { # DIRECTORY EXPECTED
	local said
	said=$(tenon validate --no-color --source "$TN_TOP/examples/$1" 2>&1) ||
		echo "exit status $?"
	[ "$(tail -n 1 <<<"$said")" = "$2" ] || printf '%s\n' "$said"
}

check 'the project of one tenant' is_valid acme-login \
	'Valid: 1 tenant, 5 actions, 3 flows.'
check 'the project of two tenants' is_valid acme-tenants \
	'Valid: 2 tenants, 3 actions, 1 module, 2 flows.'
check 'the repository of auth0-deploy-cli' is_valid acme-deploycli 'Valid: 2 actions, 1 flow.'
all_named() {
	local directory
	for directory in "$TN_TOP"/examples/*/tenon.yaml; do
		directory=$(dirname "$directory")
		grep -q "is_valid $(basename "$directory") " "$TN_TOP/tests/e2e/examples.sh" ||
			echo "not here: $directory"
	done
}
check 'every example is among them' all_named

# The file that README shows with every key, with something for each file that it names.
readme_is_valid() {
	local project=$work/readme
	mkdir -p "$project"/{src,modules,tests}
	awk '/^## The project file/ { here = 1 } /^```$/ && block { exit }
		block { print } here && /^```yaml$/ { block = 1 }' \
		"$TN_TOP/README.md" >"$project/tenon.yaml"
	cp "$TN_TOP/examples/acme-login/enrich-token.js" "$project"
	cp "$TN_TOP/examples/acme-login/record-login.js" "$project/src/audit.js"
	echo 'exports.greet = () => {};' >"$project/modules/greeter.js"
	echo '{"event": {}}' >"$project/tests/login.json"
	said=$(tenon validate --no-color --source "$project" 2>&1) || echo "exit status $?"
	[ "$(tail -n 1 <<<"$said")" = 'Valid: 2 tenants, 2 actions, 1 module, 1 flow.' ] ||
		printf '%s\n' "$said"
}
check 'the project that README shows is valid' readme_is_valid

# The first line by which an editor with the YAML language server finds the schema.
schemas_found() {
	local file line
	while IFS=: read -r file line; do
		line=${line##*=}
		[ -f "$(dirname "$file")/$line" ] || echo "$file names no file: $line"
	done < <(grep -rH '^# yaml-language-server: \$schema=' "$TN_TOP/examples")
	grep -rq '^# yaml-language-server: ' "$TN_TOP/examples/acme-tenants" || echo 'none'
}
check 'the schemas that the examples name are there' schemas_found

finish
