/*
 * The files of schemas/ as they are, between two names each; see builtin.c. The assembler is
 * started at the top of the project.
 */
	.macro embed name, path
	.global tn_schema_text_\name
	.global tn_schema_text_\name\()_end
tn_schema_text_\name:
	.incbin "\path"
tn_schema_text_\name\()_end:
	.byte 0
	.endm

	.section .rodata
	embed tenon, "schemas/tenon.json"
	embed tenon_include, "schemas/tenon-include.json"
	embed connections, "schemas/connections.json"
	embed tenond, "schemas/tenond.json"
	embed deploycli, "schemas/deploycli.json"

	.section .note.GNU-stack, "", %progbits
