/* Keyword by keyword: what is valid, what is found, where and with what words. */
#include "help.h"

#include <string.h>

#include "base/mem.h"
#include "base/secret.h"

static const struct {
	const char *schema, *yaml, *json;
} valid[] = {
	/* scalars: as written, unless the schema wants another kind */
	{ "{}", "1.10", "1.10" },
	{ "{}", "v1.10", "'v1.10'" },
	{ "{}", "[no, ~, 1, {a: true}]", "['no',null,1,{'a':true}]" },
	{ "{'type':'string'}", "no", "'no'" },
	{ "{'type':'string'}", "1.10", "'1.10'" },
	{ "{'type':'string'}", "null", "'null'" },
	{ "{'type':'string'}", "'1'", "'1'" },
	{ "{'type':['string','integer']}", "12", "'12'" },
	{ "{'type':['string','boolean','null']}", "true", "'true'" },
	{ "{'type':['string','null']}", "~", "'~'" },
	{ "{'type':['string','null']}", "", "null" },
	{ "{'type':'boolean'}", "true", "true" },
	{ "{'type':'boolean'}", "false", "false" },
	{ "{'type':'null'}", "null", "null" },
	{ "{'type':'null'}", "~", "null" },
	{ "{'type':'null'}", "", "null" },
	{ "{'type':'integer'}", "0", "0" },
	{ "{'type':'integer'}", "-12", "-12" },
	{ "{'type':'integer'}", "123456789012345678901234567890",
	    "123456789012345678901234567890" },
	{ "{'type':'number'}", "1.10", "1.10" },
	{ "{'type':'number'}", "-0.5e+3", "-0.5e+3" },
	{ "{'type':'number'}", "7", "7" },
	{ "{'type':['integer','boolean']}", "true", "true" },
	{ "{'type':['integer','boolean']}", "1", "1" },
	{ "{'type':['array','null']}", "~", "null" },
	/* enum and const type what has no type */
	{ "{'const':1}", "1", "1" },
	{ "{'const':true}", "true", "true" },
	{ "{'const':null}", "~", "null" },
	{ "{'const':'1'}", "1", "'1'" },
	{ "{'enum':['a','b']}", "b", "'b'" },
	{ "{'enum':[1,2.5]}", "2.5", "2.5" },
	/* text: characters, not bytes */
	{ "{'type':'string','minLength':3,'maxLength':3}", "é€😀", "'é€😀'" },
	{ "{'type':'string','minLength':0}", "''", "''" },
	{ "{'type':'string','maxLength':9,'pattern':'^a+$'}", "aaa", "'aaa'" },
	{ "{'type':'string','maxLength':9,'pattern':'^[^x]+$'}", "\"é\\n\"", "'é\\n'" },
	/* integers */
	{ "{'type':'integer','minimum':-1,'maximum':1}", "-1", "-1" },
	{ "{'type':'integer','minimum':-1,'maximum':1}", "1", "1" },
	{ "{'type':'integer','minimum':-9223372036854775808}", "-9223372036854775808",
	    "-9223372036854775808" },
	/* lists */
	{ "{'type':'array'}", "[]", "[]" },
	{ "{'type':'array','minItems':1,'maxItems':2}", "[1, 2]", "[1,2]" },
	{ "{'type':'array','items':{'type':'integer'}}", "[1, 2]", "[1,2]" },
	{ "{'type':'array','items':{'type':'string'},'uniqueItems':true}", "[a, A, 'a ']",
	    "['a','A','a ']" },
	/* mappings */
	{ "{'type':'object'}", "{a: 1}", "{'a':1}" },
	{ "{'type':'object','additionalProperties':true}", "{a: no, b: true, c: 1.10}",
	    "{'a':'no','b':true,'c':1.10}" },
	{ "{'type':'object','properties':{'a':{}}}", "{a: [~, null, '1', 0x1, 007]}",
	    "{'a':[null,null,'1','0x1','007']}" },
	{ "{'type':'object','properties':{'a':{'type':'integer'}}}", "{a: 1, b: 2}",
	    "{'a':1,'b':2}" },
	{ "{'type':'object','properties':{'a':{'type':'integer'}},"
	  "'additionalProperties':{'type':'boolean'}}",
	    "{a: 1, b: true}", "{'a':1,'b':true}" },
	{ "{'type':'object','properties':{'a':{}},'additionalProperties':false}", "{}",
	    "{}" },
	{ "{'type':'object','required':['a'],'minProperties':1,'maxProperties':1}",
	    "{a: }", "{'a':null}" },
	{ "{'type':'object','propertyNames':{'type':'string','maxLength':1}}", "{é: x}",
	    "{'é':'x'}" },
	/* references and choices */
	{ "{'definitions':{'t':{'type':'object','additionalProperties':"
	  "{'$ref':'#/definitions/t'}}},'$ref':'#/definitions/t'}",
	    "{a: {b: {c: {}}}}", "{'a':{'b':{'c':{}}}}" },
	{ "{'oneOf':[{'type':'integer'},{'type':'array','items':{'type':'integer'}}]}",
	    "1", "1" },
	{ "{'oneOf':[{'type':'integer'},{'type':'array','items':{'type':'integer'}}]}",
	    "[1]", "[1]" },
	{ "{'anyOf':[{'type':'string'},{'type':'integer'}]}", "1", "'1'" },
	{ "{'anyOf':[{'type':'boolean'},{'type':'integer'},{'type':'null'}]}", "1", "1" },
};

static void
valid_documents_are_typed_by_the_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(valid); i++)
		expect_valid(valid[i].schema, valid[i].yaml, valid[i].json);
}

static const struct {
	const char *schema, *yaml, *findings;
} invalid[] = {
	/* type */
	{ "{'type':'object'}", "a",
	    "1:1 wrong-type -: expected a mapping, found text\n" },
	{ "{'type':'object'}", "",
	    "1:1 wrong-type -: expected a mapping, found nothing\n" },
	{ "{'type':'object'}", "[a]",
	    "1:1 wrong-type -: expected a mapping, found a list\n" },
	{ "{'type':'string'}", "[a]", "1:1 wrong-type -: expected text, found a list\n" },
	{ "{'type':'string'}", "a: 1",
	    "1:1 wrong-type -: expected text, found a mapping\n" },
	{ "{'type':'string'}", "", "1:1 wrong-type -: expected text, found nothing\n" },
	{ "{'type':'array'}", "a", "1:1 wrong-type -: expected a list, found text\n" },
	{ "{'type':'integer'}", "a",
	    "1:1 wrong-type -: expected an integer, found text\n" },
	{ "{'type':'integer'}", "+1",
	    "1:1 wrong-type -: expected an integer, found text\n" },
	{ "{'type':'integer'}", "0x10",
	    "1:1 wrong-type -: expected an integer, found text\n" },
	{ "{'type':'integer'}", "010",
	    "1:1 wrong-type -: expected an integer, found text\n" },
	{ "{'type':'integer'}", "1_000",
	    "1:1 wrong-type -: expected an integer, found text\n" },
	{ "{'type':'integer'}", "1.0",
	    "1:1 wrong-type -: expected an integer, found a number with a fraction\n" },
	{ "{'type':'integer'}", "1e3",
	    "1:1 wrong-type -: expected an integer, found a number with a fraction\n" },
	{ "{'type':'number'}", ".5",
	    "1:1 wrong-type -: expected a number, found text\n" },
	{ "{'type':'number'}", "1.",
	    "1:1 wrong-type -: expected a number, found text\n" },
	{ "{'type':'number'}", "1e",
	    "1:1 wrong-type -: expected a number, found text\n" },
	{ "{'type':'number'}", "--1",
	    "1:1 wrong-type -: expected a number, found text\n" },
	{ "{'type':'number'}", ".nan",
	    "1:1 wrong-type -: expected a number, found text\n" },
	{ "{'type':'integer'}", "'1'",
	    "1:1 wrong-type -: expected an integer, found text in quotes [write it without "
	    "quotes]\n" },
	{ "{'type':'boolean'}", "\"true\"",
	    "1:1 wrong-type -: expected true or false, found text in quotes [write it without "
	    "quotes]\n" },
	{ "{'type':'boolean'}", "'yes'",
	    "1:1 wrong-type -: expected true or false, found text in quotes\n" },
	{ "{'type':'boolean'}", "yes",
	    "1:1 wrong-type -: expected true or false, found text [write true or false]\n" },
	{ "{'type':'boolean'}", "True",
	    "1:1 wrong-type -: expected true or false, found text [write true or false]\n" },
	{ "{'type':'boolean'}", "1",
	    "1:1 wrong-type -: expected true or false, found text\n" },
	{ "{'type':'null'}", "none", "1:1 wrong-type -: expected nothing, found text\n" },
	{ "{'type':['object','array','string','null'],'title':'t'}", "a", "" },
	{ "{'type':['object','array'],'title':'a list of things'}", "a",
	    "1:1 wrong-type -: expected a list or a mapping, found text [expected a list of "
	    "things]\n" },
	{ "{'type':['object','array','integer','null']}", "a",
	    "1:1 wrong-type -: expected an integer, a list, a mapping or nothing, found text\n" },
	/* enum, const */
	{ "{'enum':['auth0','zitadel']}", "auth1",
	    "1:1 not-allowed -: \"auth1\" is not allowed here [did you mean \"auth0\"?]\n" },
	{ "{'enum':['auth0','zitadel']}", "okta",
	    "1:1 not-allowed -: \"okta\" is not allowed here [expected auth0 or zitadel]\n" },
	{ "{'enum':['a','b','c']}", "long",
	    "1:1 not-allowed -: \"long\" is not allowed here [expected a, b or c]\n" },
	{ "{'const':1}", "2",
	    "1:1 not-allowed -: this value is not allowed here [expected 1]\n" },
	{ "{'enum':[1,true,null]}", "2",
	    "1:1 not-allowed -: this value is not allowed here [expected 1, true or nothing]\n" },
	{ "{'const':1}", "x", "1:1 wrong-type -: expected an integer, found text\n" },
	/* text */
	{ "{'type':'string','minLength':1}", "''",
	    "1:1 too-short -: the text is empty\n" },
	{ "{'type':'string','minLength':3,'title':'three'}", "é€",
	    "1:1 too-short -: the text has 2 characters, at least 3 are needed [expected "
	    "three]\n" },
	{ "{'type':'string','maxLength':2}", "é€😀",
	    "1:1 too-long -: the text has 3 characters, at most 2 are allowed\n" },
	{ "{'type':'string','maxLength':9,'pattern':'^a+$'}", "aab",
	    "1:1 bad-format -: the text does not have the right form [expected a match of "
	    "^a+$]\n" },
	{ "{'type':'string','maxLength':9,'pattern':'^a+$','title':'some a'}", "\"a\\n\"",
	    "1:1 bad-format -: the text does not have the right form [expected some a]\n" },
	{ "{'type':'string','maxLength':2,'pattern':'^a+$'}", "bbb",
	    "1:1 too-long -: the text has 3 characters, at most 2 are allowed [expected a match "
	    "of ^a+$]\n" },
	/* integers */
	{ "{'type':'integer','minimum':1}", "0",
	    "1:1 out-of-range -: the number must be at least 1\n" },
	{ "{'type':'integer','maximum':5,'title':'a digit'}", "6",
	    "1:1 out-of-range -: the number must be at most 5 [expected a digit]\n" },
	{ "{'type':'integer','minimum':1}", "-99999999999999999999",
	    "1:1 out-of-range -: the number must be at least 1\n" },
	{ "{'type':'integer','minimum':1}", "99999999999999999999",
	    "1:1 out-of-range -: the number must be at most 9223372036854775807\n" },
	{ "{'type':'integer','maximum':-9223372036854775808}", "-9223372036854775807",
	    "1:1 out-of-range -: the number must be at most -9223372036854775808\n" },
	/* lists: at the first item that is too many */
	{ "{'type':'array','minItems':1}", "[]",
	    "1:1 too-few -: there are 0 items, at least 1 are needed\n" },
	{ "{'type':'array','maxItems':1,'title':'one'}", "- a\n- b\n- c\n",
	    "2:3 too-many -: there are 3 items, at most 1 are allowed [expected one]\n" },
	{ "{'type':'array','maxItems':0}", "[a]",
	    "1:2 too-many -: there are 1 items, at most 0 are allowed\n" },
	{ "{'type':'array','items':{'type':'integer'}}", "- 1\n- x\n- 3\n- y\n",
	    "2:3 wrong-type [1]: expected an integer, found text\n"
	    "4:3 wrong-type [3]: expected an integer, found text\n" },
	{ "{'type':'array','items':{'type':'string'},'uniqueItems':true}",
	    "[a, b, a, c, b, a]",
	    "1:8 duplicate-item -: \"a\" is already there [it stands first at line 1, column 2]\n"
	    "1:14 duplicate-item -: \"b\" is already there [it stands first at line 1, column "
	    "5]\n"
	    "1:17 duplicate-item -: \"a\" is already there [it stands first at line 1, column "
	    "2]\n" },
	{ "{'type':'array','items':{'type':'string'},'uniqueItems':true}", "[a, [x], a]",
	    "1:5 wrong-type [1]: expected text, found a list\n"
	    "1:10 duplicate-item -: \"a\" is already there [it stands first at line 1, column "
	    "2]\n" },
	/* mappings */
	{ "{'type':'object','minProperties':2}", "a: 1",
	    "1:1 too-few -: there are 1 entries, at least 2 are needed\n" },
	{ "{'type':'object','maxProperties':1}", "a: 1\nb: 2\nc: 3\n",
	    "2:1 too-many -: there are 3 entries, at most 1 are allowed\n" },
	{ "{'type':'object','required':['a','b'],'properties':{'a':{'title':'an a'}}}",
	    "c: 1",
	    "1:1 missing-key -: \"a\" is missing [expected an a]\n"
	    "1:1 missing-key -: \"b\" is missing\n" },
	{ "{'type':'object','properties':{'runtime':{},'trigger':{}},"
	  "'additionalProperties':false}",
	    "runtme: 1\nxyz: 2\n",
	    "1:1 unknown-key runtme: unknown key \"runtme\" [did you mean \"runtime\"?]\n"
	    "2:1 unknown-key xyz: unknown key \"xyz\" [expected runtime or trigger]\n" },
	{ "{'type':'object','additionalProperties':false}", "a: 1",
	    "1:1 unknown-key a: unknown key \"a\" [no keys are known here]\n" },
	{ "{'type':'object','propertyNames':{'type':'string','maxLength':9,"
	  "'pattern':'^[a-z]+$','title':'small letters'}}",
	    "ab: 1\nA: 2\n\"\": 3\n",
	    "2:1 bad-format A: the name \"A\" does not have the right form [expected small "
	    "letters]\n"
	    "3:1 bad-format [\"\"]: the name \"\" does not have the right form [expected small "
	    "letters]\n" },
	{ "{'type':'object','propertyNames':{'type':'string','minLength':1,'maxLength':2}}",
	    "abc: 1\n\"\": 3\n",
	    "1:1 too-long abc: the name \"abc\" has 3 characters, at most 2 are allowed\n"
	    "2:1 too-short [\"\"]: the name \"\" is empty\n" },
	{ "{'type':'object','propertyNames':{'enum':['dev','prod']}}",
	    "dev: 1\npord: 2\n",
	    "2:1 not-allowed pord: the name \"pord\" is not allowed here [did you mean "
	    "\"prod\"?]\n" },
	/* choices: by kind */
	{ "{'title':'a word or words','oneOf':[{'type':'string'},{'type':'array'}]}",
	    "{a: 1}",
	    "1:1 wrong-type -: expected text or a list, found a mapping [expected a word or "
	    "words]\n" },
	{ "{'oneOf':[{'type':'string'},{'type':'array','items':{'type':'integer'}}]}",
	    "[x]", "1:2 wrong-type [0]: expected an integer, found text\n" },
	{ "{'oneOf':[{'type':'string','maxLength':2},{'type':'array'}]}", "abc",
	    "1:1 too-long -: the text has 3 characters, at most 2 are allowed\n" },
};

static void
what_is_not_valid_is_found_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(invalid); i++)
		expect_findings(invalid[i].schema, invalid[i].yaml, invalid[i].findings);
}

/* --- Choices of mappings ----------------------------------------------------------- */

static const char forms[] =
    "{'oneOf':["
    "{'type':'object','additionalProperties':false,'required':['domain','clientId','secret'],"
    "'properties':{'domain':{},'clientId':{'type':'integer'},'secret':{},'note':{}}},"
    "{'type':'object','additionalProperties':false,'required':['domain','token'],"
    "'properties':{'domain':{},'token':{'type':'integer'},'note':{}}}]}";

static void
a_mapping_is_checked_by_the_form_that_is_meant(void **state)
{
	(void)state;
	expect_valid(forms, "{domain: d, token: 1}", "{'domain':'d','token':1}");
	expect_valid(forms, "{domain: d, clientId: 1, secret: s, note: n}",
	    "{'domain':'d','clientId':1,'secret':'s','note':'n'}");
	expect_findings(forms, "{domain: d, token: x}",
	    "1:20 wrong-type token: expected an integer, found text\n");
	/* Incomplete, but one form knows more of it. */
	expect_findings(forms, "{domain: d, clientId: 1}",
	    "1:1 missing-key -: \"secret\" is missing\n");
	expect_findings(forms, "token: 1\n",
	    "1:1 missing-key -: \"domain\" is missing\n");
}

static void
keys_of_two_forms_exclude_each_other(void **state)
{
	(void)state;
	expect_findings(forms, "token: 1\ndomain: d\nsecret: s\nclientId: 1\n",
	    "4:1 not-together -: \"token\" and \"clientId\" exclude each other [remove one of "
	    "them]\n");
	expect_findings(forms, "clientId: 1\nsecret: s\ntoken: x\n",
	    "1:1 missing-key -: \"domain\" is missing\n"
	    "3:1 unknown-key token: unknown key \"token\" [expected domain, clientId, secret or "
	    "note]\n");
}

static void
where_no_form_is_meant_all_of_them_are_named(void **state)
{
	(void)state;
	expect_findings(forms, "domain: d\n",
	    "1:1 missing-key -: one of these is missing: \"clientId\" and \"secret\", or "
	    "\"token\"\n");
	expect_findings(forms, "{}",
	    "1:1 missing-key -: \"domain\" is missing\n"
	    "1:1 missing-key -: one of these is missing: \"clientId\" and \"secret\", or "
	    "\"token\"\n");
	/* A key that nobody knows is told beside it, with the words of all forms. */
	expect_findings(forms, "domain: d\ntokn: 1\n",
	    "1:1 missing-key -: one of these is missing: \"clientId\" and \"secret\", or "
	    "\"token\"\n"
	    "2:1 unknown-key tokn: unknown key \"tokn\" [did you mean \"token\"?]\n");
}

/* --- Paths, many findings, other trees --------------------------------------------- */

static void
findings_carry_the_path_of_the_value(void **state)
{
	(void)state;
	expect_findings(
	    "{'type':'object','additionalProperties':{'type':'object',"
	    "'additionalProperties':{'type':'array','items':{'type':'integer'}}}}",
	    "actions:\n"
	    "  enrich-token: [1, x]\n"
	    "  \"My action\": [x]\n"
	    "  a.b: [x]\n"
	    "  \"a\\\"\\n\": [x]\n"
	    "  post-login@v3: [x]\n"
	    "  é: [x]\n"
	    "My map: {a: 1}\n",
	    "2:21 wrong-type actions.enrich-token[1]: expected an integer, found text\n"
	    "3:17 wrong-type actions[\"My action\"][0]: expected an integer, found text\n"
	    "4:9 wrong-type actions[\"a.b\"][0]: expected an integer, found text\n"
	    "5:13 wrong-type actions[\"a\\\"\\n\"][0]: expected an integer, found text\n"
	    "6:19 wrong-type actions.post-login@v3[0]: expected an integer, found text\n"
	    "7:7 wrong-type actions[\"é\"][0]: expected an integer, found text\n"
	    "8:13 wrong-type [\"My map\"].a: expected a list, found text\n");
}

static void
long_words_are_cut_in_messages(void **state)
{
	TN_CLEANUP(tn_str_done) struct tn_str yaml = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str short_name = TN_STR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str findings = TN_STR_INIT;

	(void)state;
	tn_str_add(&yaml, "x");
	tn_str_add(&short_name, "x");
	for (int i = 0; i < 100; i++) {
		tn_str_add(&yaml, "é");
		tn_str_add(&short_name, i < 29 ? "é" : "");
	}
	tn_str_add(&yaml, ": 1");
	tn_str_addf(&findings,
	    "1:1 unknown-key [\"%s…\"]: unknown key \"%s…\" [no keys are known here]\n",
	    tn_str_text(&short_name), tn_str_text(&short_name));
	expect_findings("{'type':'object','additionalProperties':false}",
	    tn_str_text(&yaml), tn_str_text(&findings));
}

static void
the_text_of_a_value_of_the_wrong_kind_is_not_repeated(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *schema = compile(arena,
	    "{'type':'array','items':{'oneOf':[{'type':'object'},{'type':'integer'}]}}",
	    &err);
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *texts = compile(arena,
	    "{'type':'array','items':{'type':'string','maxLength':7,'pattern':'^[A-Z]+$'}}",
	    &err);

	(void)state;
	validate(schema, arena, document(arena, "[hunter2, 'hunter2']"), &out);
	validate(texts, arena, document(arena, "[hunter2, hunter2hunter2]"), &out);
	assert_null(strstr(tn_str_text(&out), "hunter2"));
	assert_non_null(strstr(tn_str_text(&out), "bad-format"));
}

static void
json_documents_are_validated_as_they_are(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *schema = compile(arena,
	    "{'type':'array','items':{'type':['integer','null']}}", &err);
	struct tn_value *list = tn_value_array(arena);

	(void)state;
	tn_value_push(arena, list, tn_value_int(arena, 5));
	tn_value_push(arena, list, tn_value_null(arena));
	tn_value_push(arena, list, tn_value_number(arena, "5.0", 3));
	tn_value_push(arena, list, tn_value_bool(arena, true));
	tn_value_push(arena, list, tn_value_bool(arena, false));
	tn_value_push(arena, list, tn_value_string(arena, "x"));
	validate(schema, arena, list, &out);
	assert_string_equal(tn_str_text(&out),
	    "0:0 wrong-type [2]: expected an integer or nothing, found a number with a fraction\n"
	    "0:0 wrong-type [3]: expected an integer or nothing, found true\n"
	    "0:0 wrong-type [4]: expected an integer or nothing, found false\n"
	    "0:0 wrong-type [5]: expected an integer or nothing, found text in quotes\n");
}

static void
a_secret_stands_for_text(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_secret_unrefp)
	struct tn_secret *secret = tn_secret_new("hunter2!", 8);
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *text = compile(arena, "{'type':'string','maxLength':2}", &err);
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *list = compile(arena, "{'type':'array'}", &err);

	(void)state;
	validate(text, arena, tn_value_secret(arena, secret), &out);
	assert_string_equal(tn_str_text(&out), "");
	validate(list, arena, tn_value_secret(arena, secret), &out);
	assert_string_equal(tn_str_text(&out),
	    "0:0 wrong-type -: expected a list, found a secret\n");
}

static void
a_tree_that_no_reader_made_has_its_bound(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_str_done) struct tn_str out = TN_STR_INIT;
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *schema = compile(arena,
	    "{'definitions':{'t':{'type':'array','items':{'$ref':'#/definitions/t'}}},"
	    "'$ref':'#/definitions/t'}",
	    &err);
	struct tn_value *value = tn_value_array(arena);

	(void)state;
	for (int i = 0; i < 10000; i++) {
		struct tn_value *outer = tn_value_array(arena);

		tn_value_push(arena, outer, value);
		value = outer;
	}
	validate(schema, arena, value, &out);
	assert_true(tn_text_ends(tn_str_text(&out),
	    ": lists and mappings are nested more than 512 deep\n"));
}

/* A hundred thousand findings are counted, and few of them are put into words. */
static void
very_many_findings_are_quick_and_counted(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	TN_CLEANUP(tn_diags_freep) struct tn_diags *diags = tn_diags_new();
	TN_CLEANUP(tn_schema_freep)
	struct tn_schema *schema = compile(arena,
	    "{'type':'object','properties':{'abcdefgh':{},'bcdefghi':{},'cdefghij':{}},"
	    "'additionalProperties':false}",
	    &err);
	struct tn_value *object = tn_value_object(arena);

	(void)state;
	for (int i = 0; i < 100000; i++)
		tn_value_set(arena, object, tn_arena_printf(arena, "abcdefg%d", i),
		    tn_value_null(arena));
	assert_int_equal(tn_schema_validate(schema, arena, object, diags), -TN_E_INPUT);
	assert_int_equal(tn_diags_errors(diags), 100000);
	assert_int_equal(tn_diags_count(diags), TN_DIAGS_MAX + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(valid_documents_are_typed_by_the_schema),
		cmocka_unit_test(what_is_not_valid_is_found_with_its_place),
		cmocka_unit_test(a_mapping_is_checked_by_the_form_that_is_meant),
		cmocka_unit_test(keys_of_two_forms_exclude_each_other),
		cmocka_unit_test(where_no_form_is_meant_all_of_them_are_named),
		cmocka_unit_test(findings_carry_the_path_of_the_value),
		cmocka_unit_test(long_words_are_cut_in_messages),
		cmocka_unit_test(the_text_of_a_value_of_the_wrong_kind_is_not_repeated),
		cmocka_unit_test(json_documents_are_validated_as_they_are),
		cmocka_unit_test(a_secret_stands_for_text),
		cmocka_unit_test(a_tree_that_no_reader_made_has_its_bound),
		cmocka_unit_test(very_many_findings_are_quick_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
