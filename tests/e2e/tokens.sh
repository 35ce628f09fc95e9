#!/bin/bash
# Our JavaScript tokens beside acorn's: see tests/js/acorn.mjs.
exec node tests/js/acorn.mjs "$TN_BUILD/tests/js/tokens" "$NODE_PATH"
