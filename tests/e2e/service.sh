#!/bin/bash
# Units and manuals: systemd takes them and finds little that is exposed, and every command,
# option and key of a settings file stands in a manual.
set -u
. "$TN_TOP/tests/e2e/common.bash"

units=$work/units
mkdir "$units"
for unit in "$TN_TOP"/cmd/*/*.{service,timer}; do
	sed "s|@BINDIR@|$TN_BUILD/bin|" "$unit" >"$units/$(basename "$unit")"
done
known() { # UNIT
	# Manuals are not installed here.
	SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$units/$1" 2>&1
}
tap_check 'systemd takes the service' known tenond.service
tap_check 'systemd takes the look for drift' known tenon-drift@dev.service
tap_check 'systemd takes its timer' known tenon-drift@dev.timer

# Exposure as systemd counts it, from 0 to 10.
exposed() { # UNIT
	local said exposure
	said=$(systemd-analyze security --offline=true --no-pager "$units/$1" 2>&1)
	exposure=$(sed -nE 's/.*Overall exposure level.*: ([0-9]+)\.([0-9]).*/\1\2/p' <<<"$said")
	[ -n "$exposure" ] && [ "$exposure" -le 20 ] || printf '%s\n' "$said"
}
tap_check 'the exposure of the service is 2.0 at most' exposed tenond.service
tap_check 'and that of the look for drift' exposed tenon-drift@.service

for manual in "$TN_TOP"/cmd/*/*.[1-8]; do
	tap_check "mandoc finds no fault in $(basename "$manual")" mandoc -T lint -W warning "$manual"
done
as_text() { mandoc -T utf8 "$1" | sed 's/.\x08//g'; }

stand_in() { # MANUAL WORD...
	local text word
	text=$(as_text "$1")
	shift
	[ $# -gt 0 ] || echo 'nothing was looked for'
	for word; do
		grep -qE -- "(^|[^a-zA-Z-])$word([^a-zA-Z-]|\$)" <<<"$text" || echo "not there: $word"
	done
}
mapfile -t commands < <(tenon --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
tap_check 'every command stands in tenon(1)' stand_in "$TN_TOP/cmd/tenon/tenon.1" "${commands[@]}"
mapfile -t options < <(tenond --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p')
tap_check 'every option stands in tenond(8)' stand_in "$TN_TOP/cmd/tenond/tenond.8" "${options[@]}"
mapfile -t keys < <(node -e '
	const keys = new Set();
	const walk = (at) => {
		for (const key of Object.keys(at.properties ?? {})) keys.add(key);
		for (const below of Object.values(at)) if (below instanceof Object) walk(below);
	};
	walk(JSON.parse(require("fs").readFileSync(process.argv[1])));
	console.log([...keys].join("\n"));' "$TN_TOP/schemas/tenond.json")
tap_check 'every key stands in tenond.yaml(5)' stand_in "$TN_TOP/cmd/tenond/tenond.yaml.5" "${keys[@]}"

# The example in the manual is one.
example() {
	world example
	as_text "$TN_TOP/cmd/tenond/tenond.yaml.5" |
		sed -n '/^EXAMPLES/,/^SEE ALSO/{/^     /s/^     //p}' >"$here/operator/tenond.yaml"
	sed -e 's/  dev:/  staging:/' "$TENON_CONNECTIONS" >"$here/operator/connections.yaml.new"
	sed -n '2,$p' "$TENON_CONNECTIONS" | sed 's/  dev:/  prod:/' >>"$here/operator/connections.yaml.new"
	mv "$here/operator/connections.yaml.new" "$TENON_CONNECTIONS"
	tenond --check --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 0 'in order: 2 syncs.'
}
check 'the example of tenond.yaml(5) is one' example
operators() {
	world operators
	cp "$TN_TOP"/examples/operator/*.yaml "$here/operator"
	tenond --check --config "$here/operator/tenond.yaml" >"$out" 2>"$err"
	status=$?
	ended 0 'in order: 1 sync.'
}
check 'that of the examples is one' operators
finish
