# What we read of auth0-deploy-cli's files: tests/e2e/deploycli-peer.sh compares it with
# what the tool itself reads.
KIND := deploycli
deploycli_PROGS := reads
deploycli_MANUAL := reads
deploycli_NEEDS := deploycli source schema json yaml model base
