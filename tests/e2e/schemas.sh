#!/bin/bash
# The schemas mean the same to our engine and to ajv, which stands for the validators in
# editors: on every document of tests/schemas/cases.json both say what stands there. The
# documents are JSON for both, as plain words of YAML are typed by the schema here and by
# YAML's rules there.
set -u
. "$TN_TOP/tests/tools/tap.sh"

work=$(mktemp -d "$TMPDIR/schemas.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT

expand() {
	node "$TN_TOP/tests/schemas/ajv.cjs" "$work" &&
		[ "$(wc -l <"$work/expected.txt")" -ge 400 ] || echo 'few documents'
}
judge() {
	"$TN_BUILD/tests/schemas/verdict" "$work/documents.json" >"$work/words.txt" &&
		cut -d' ' -f2- "$work/expected.txt" | paste -d' ' "$work/words.txt" - >"$work/ours.txt"
}
same() { diff "$work/expected.txt" "$work/$1.txt"; }
all_broken() { sed 's/^/no document breaks /' "$work/unmet.txt"; }

tap_check 'ajv takes the schemas in its strict mode' expand
tap_check 'our engine takes the documents' judge
tap_check "ajv says what is expected of $(wc -l <"$work/expected.txt") documents" same ajv
tap_check 'our engine says the same' same ours
tap_check 'every constraint of the schemas is broken by a document' all_broken
tap_done
