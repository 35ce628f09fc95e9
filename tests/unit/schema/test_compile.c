/* Schemas that compile and schemas that do not: the subset, and what it refuses. */
#include "help.h"

#include <string.h>

/* ' stands for ". */
static const char *const good[] = {
	"{}",
	"{'title':'t','description':'d','examples':[1],'default':null,'$comment':'c','$id':'i',"
	"'$schema':'http://json-schema.org/draft-07/schema#'}",
	"{'type':'string'}",
	"{'type':['object','null']}",
	"{'type':'object','properties':{'a':{},'b':{'type':'integer'}},'required':['a'],"
	"'additionalProperties':false}",
	"{'type':'object','additionalProperties':true}",
	"{'type':'object','additionalProperties':{'type':'string'},'minProperties':1,"
	"'maxProperties':2}",
	"{'type':'object','required':['anything']}",
	"{'type':'object','propertyNames':{'type':'string','maxLength':3}}",
	"{'type':'object','propertyNames':{'enum':['a','b']}}",
	"{'type':'array','items':{'type':'string'},'minItems':0,'maxItems':2,'uniqueItems':true}",
	"{'type':'array','items':{'type':'object'},'uniqueItems':false}",
	"{'type':'string','minLength':1,'maxLength':5,'pattern':'^a+$'}",
	"{'type':'integer','minimum':-5,'maximum':9223372036854775807}",
	"{'enum':['a',1,null,true]}",
	"{'type':'integer','enum':[1,2]}",
	"{'const':1}",
	"{'definitions':{}}",
	"{'definitions':{'a':{'type':'string'}},'$ref':'#/definitions/a'}",
	"{'definitions':{'a/b~c':{'type':'string'}},'$ref':'#/definitions/a/b~c'}",
	"{'definitions':{'a':{'$ref':'#/definitions/b'},'b':{'type':'string'}},"
	"'$ref':'#/definitions/a'}",
	/* Itself, but one step further down. */
	"{'definitions':{'tree':{'type':'object','additionalProperties':"
	"{'$ref':'#/definitions/tree'}}},'$ref':'#/definitions/tree'}",
	"{'$ref':'tenon.json#/definitions/action'}",
	"{'oneOf':[{'$ref':'tenon.json#/definitions/action'},"
	"{'$ref':'tenon.json#/definitions/actionName'}]}",
	"{'oneOf':[{'type':'string'},{'type':'integer'},{'type':'array'},{'type':'object'},"
	"{'type':'null'},{'type':'boolean'}]}",
	"{'anyOf':[{'type':'string'}]}",
	"{'title':'t','oneOf':[{'type':['string','null']},{'type':'object'}]}",
	"{'oneOf':[{'type':'object','required':['a'],'properties':{'a':{}},"
	"'additionalProperties':false},{'type':'object','required':['b'],'properties':{'b':{}},"
	"'additionalProperties':false}]}",
	"{'definitions':{'s':{'type':'string'}},'oneOf':[{'$ref':'#/definitions/s'},"
	"{'type':'object'}]}",
};

static void
schemas_of_the_subset_compile(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(good); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_schema_freep)
		struct tn_schema *schema = compile(arena, good[i], &err);

		if (schema == NULL)
			fail_msg("%s: %s", good[i], err.message);
	}
}

#define TELL                                                                              \
	": branches 0 and 1 cannot be told apart by kind or by a required key that only " \
	"one of them knows"

static const struct {
	const char *schema;
	const char *message;
} bad[] = {
	/* no schema */
	{ "true", "#: a schema must be an object" },
	{ "[]", "#: a schema must be an object" },
	{ "{'type':'object','properties':{'a':true}}",
	    "#/properties/a: a schema must be an object" },
	{ "{'type':'array','items':[{}]}", "#/items: a schema must be an object" },
	/* unknown */
	{ "{'foo':1}", "#: unknown keyword \"foo\"" },
	{ "{'type':'object','properties':{'a/b~c':{'patern':'x'}}}",
	    "#/properties/a~1b~0c: unknown keyword \"patern\"" },
	{ "{'type':'object','patternProperties':{}}",
	    "#: unknown keyword \"patternProperties\"" },
	{ "{'not':{}}", "#: unknown keyword \"not\"" },
	{ "{'definitions':{'x':{'if':{}}}}", "#/definitions/x: unknown keyword \"if\"" },
	{ "{'oneOf':[{'type':'string'},{'format':'uri'}]}",
	    "#/oneOf/1: unknown keyword \"format\"" },
	/* values of keywords */
	{ "{'type':'text'}", "#/type: names a type that JSON Schema does not have" },
	{ "{'type':['string',1]}",
	    "#/type: names a type that JSON Schema does not have" },
	{ "{'type':[]}", "#/type: names no type" },
	{ "{'type':1}", "#/type: names a type that JSON Schema does not have" },
	{ "{'enum':[]}", "#/enum: must be a list of one or more values" },
	{ "{'enum':'a'}", "#/enum: must be a list of one or more values" },
	{ "{'type':'object','properties':[]}", "#/properties: must be an object" },
	{ "{'type':'object','required':'a'}", "#/required: must be a list of keys" },
	{ "{'type':'object','required':[1]}", "#/required: must be a list of keys" },
	{ "{'type':'object','required':{'a':1}}", "#/required: must be a list of keys" },
	{ "{'type':'object','additionalProperties':1}",
	    "#/additionalProperties: a schema must be an object" },
	{ "{'type':'object','minProperties':-1}",
	    "#/minProperties: must be an integer of 0 or more" },
	{ "{'type':'array','maxItems':'1'}",
	    "#/maxItems: must be an integer of 0 or more" },
	{ "{'type':'array','minItems':1.5}",
	    "#/minItems: must be an integer of 0 or more" },
	{ "{'type':'string','minLength':1e3}",
	    "#/minLength: must be an integer of 0 or more" },
	{ "{'type':'array','uniqueItems':1}", "#/uniqueItems: must be true or false" },
	{ "{'type':'integer','minimum':0.5}", "#/minimum: must be an integer" },
	{ "{'type':'integer','maximum':9223372036854775808}",
	    "#/maximum: must be an integer" },
	{ "{'type':'string','maxLength':1,'pattern':1}", "#/pattern: must be a string" },
	{ "{'title':1}", "#/title: must be a string" },
	{ "{'oneOf':[]}", "#/oneOf: must be a list of 1 to 8 schemas" },
	{ "{'oneOf':{}}", "#/oneOf: must be a list of 1 to 8 schemas" },
	{ "{'anyOf':[{},{},{},{},{},{},{},{},{}]}",
	    "#/anyOf: must be a list of 1 to 8 schemas" },
	{ "{'$ref':'#'}", "#/$ref: must be \"#/definitions/NAME\"" },
	{ "{'$ref':1}", "#/$ref: must be \"#/definitions/NAME\"" },
	{ "{'$ref':'other.json#/definitions/a'}",
	    "#/$ref: there is no such built-in schema" },
	{ "{'$ref':'tenon.json#/definitions/nothing'}",
	    "#/$ref: there is no such definition" },
	{ "{'$ref':'tenon#/definitions/action'}", "#/$ref: must name a file NAME.json" },
	{ "{'oneOf':[{'$ref':'tenon.json#/definitions/action'},"
	  "{'$ref':'connections.json#/definitions/secret'}]}",
	    "#/oneOf/1/$ref: refers to a second other schema" },
	{ "{'$ref':'#/definitions/a'}", "#/$ref: there is no such definition" },
	{ "{'definitions':{'b':{}},'$ref':'#/definitions/a'}",
	    "#/$ref: there is no such definition" },
	{ "{'definitions':[]}", "#/definitions: must be an object" },
	{ "{'type':'object','properties':{'a':{'definitions':{}}}}",
	    "#/properties/a/definitions: definitions stand at the top only" },
	/* keywords that do not go together */
	{ "{'maxLength':1}",
	    "#/maxLength: \"type\" does not name the type that this is about" },
	{ "{'type':'string','minItems':1}",
	    "#/minItems: \"type\" does not name the type that this is about" },
	{ "{'properties':{}}",
	    "#/properties: \"type\" does not name the type that this is about" },
	{ "{'type':'number','minimum':1}",
	    "#/minimum: \"type\" does not name the type that this is about" },
	{ "{'type':['integer','number'],'minimum':1}",
	    "#: minimum and maximum are for integers only" },
	{ "{'type':'string','oneOf':[{'type':'string'}]}",
	    "#: oneOf, anyOf and $ref stand alone" },
	{ "{'oneOf':[{'type':'string'}],'anyOf':[{'type':'string'}]}",
	    "#: oneOf, anyOf and $ref stand alone" },
	{ "{'definitions':{'a':{}},'$ref':'#/definitions/a','type':'string'}",
	    "#: oneOf, anyOf and $ref stand alone" },
	{ "{'type':'string','pattern':'^a$'}", "#: a pattern needs maxLength beside it" },
	{ "{'type':'integer','enum':['a']}",
	    "#: a value of enum or const is not of the type" },
	{ "{'const':{'a':1}}", "#: enum and const take no lists and mappings" },
	{ "{'enum':['a',[]]}", "#: enum and const take no lists and mappings" },
	{ "{'type':'object','required':['a'],'additionalProperties':false}",
	    "#: \"a\" is required and not among the properties" },
	{ "{'type':'object','propertyNames':{}}", "#: propertyNames needs type string" },
	{ "{'type':'object','propertyNames':{'oneOf':[{'type':'string'}]}}",
	    "#: propertyNames needs type string" },
	{ "{'type':'array','uniqueItems':true}",
	    "#: uniqueItems needs items of type string" },
	{ "{'type':'array','items':{'type':'object'},'uniqueItems':true}",
	    "#: uniqueItems needs items of type string" },
	/* references in a circle */
	{ "{'definitions':{'a':{'$ref':'#/definitions/a'}},'type':'null'}",
	    "#/definitions/a: the reference leads to itself" },
	{ "{'definitions':{'a':{'$ref':'#/definitions/b'},'b':{'$ref':'#/definitions/a'}},"
	  "'oneOf':[{'$ref':'#/definitions/a'}]}",
	    NULL },
	{ "{'definitions':{'a':{'oneOf':[{'$ref':'#/definitions/a'}]}},'type':'null'}",
	    "#/definitions/a: a branch cannot be a choice itself" },
	/* choices that cannot be told apart */
	{ "{'oneOf':[{'type':'string'},{'type':['integer','string']}]}", "#" TELL },
	{ "{'oneOf':[{'type':'integer'},{'type':'number'}]}", "#" TELL },
	{ "{'oneOf':[{'type':'string','maxLength':1},{'enum':['xx']}]}", "#" TELL },
	{ "{'oneOf':[{},{'type':'string'}]}", "#" TELL },
	{ "{'oneOf':[{'type':'object'},{'type':'object'}]}", "#" TELL },
	{ "{'oneOf':[{'type':'object','required':['a']},{'type':'object','required':['b']}]}",
	    "#" TELL },
	{ "{'oneOf':[{'type':'object','required':['a'],'properties':{'a':{},'b':{}},"
	  "'additionalProperties':false},{'type':'object','required':['b'],"
	  "'properties':{'b':{}},'additionalProperties':false}]}",
	    "#" TELL },
	{ "{'oneOf':[{'type':['object','null'],'required':['a'],'properties':{'a':{}},"
	  "'additionalProperties':false},{'type':['object','null'],'required':['b'],"
	  "'properties':{'b':{}},'additionalProperties':false}]}",
	    "#" TELL },
	{ "{'oneOf':[{'type':'string'},{'oneOf':[{'type':'null'}]}]}",
	    "#: a branch cannot be a choice itself" },
};

static void
other_schemas_are_refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(bad); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

		if (compile(arena, bad[i].schema, &err) != NULL)
			fail_msg("compiled: %s", bad[i].schema);
		assert_int_equal(err.kind, TN_E_INPUT);
		if (bad[i].message != NULL)
			assert_string_equal(err.message, bad[i].message);
		else
			assert_true(
			    tn_text_ends(err.message, ": the reference leads to itself"));
	}
}

static void
an_unknown_keyword_comes_with_the_nearest_right_one(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;

	(void)state;
	assert_null(compile(arena, "{'type':'object','propertyes':{}}", &err));
	assert_string_equal(err.hint, "did you mean \"properties\"?");
}

/* Around a pattern that ECMA and POSIX read alike. */
static const struct {
	const char *pattern;
	const char *why; /* NULL: good */
} patterns[] = {
	{ "^$", NULL },
	{ "^a$", NULL },
	{ "^[a-z0-9][a-z0-9-]{0,62}$", NULL },
	{ "^[^/]+$", NULL },
	{ "^(a|b)*c?d+(e{2}|f{1,})g{1,3}$", NULL },
	{ "^\\\\.\\\\(\\\\)\\\\[\\\\]\\\\{\\\\}\\\\*\\\\+\\\\?\\\\^\\\\$\\\\|\\\\\\\\$",
	    NULL },
	{ "^[.()*+?{}$|]$", NULL },
	{ "^[^\\u0001-\\u001f\\u007f]+$", NULL },
	{ "", "does not begin with ^ and end with $" },
	{ "^", "does not begin with ^ and end with $" },
	{ "a", "does not begin with ^ and end with $" },
	{ "^a", "does not begin with ^ and end with $" },
	{ "a$", "does not begin with ^ and end with $" },
	{ "^a\\\\$", "ends with an escaped $" },
	{ "^a|b$", "has a | outside of parentheses" },
	{ "^a.b$", "counts bytes where ECMA counts characters" },
	{ "^é$", "counts bytes where ECMA counts characters" },
	{ "^\\\\d$", "has an escape that is not common to ECMA and POSIX" },
	{ "^\\\\w+$", "has an escape that is not common to ECMA and POSIX" },
	{ "^\\\\/$", "has an escape that is not common to ECMA and POSIX" },
	{ "^\\\\n$", "has an escape that is not common to ECMA and POSIX" },
	{ "^[\\\\d]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[\\\\]]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[]a]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[^]a]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[[:alpha:]]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[é]$", "has a class that is not common to ECMA and POSIX" },
	{ "^[a$", "has a class that is not common to ECMA and POSIX" },
	{ "^(?:a)$", "has a group that is not common to ECMA and POSIX" },
	{ "^(?=a)a$", "has a group that is not common to ECMA and POSIX" },
	{ "^a*?$", "has a special character where it cannot stand" },
	{ "^a++$", "has a special character where it cannot stand" },
	{ "^a{2}?$", "has a special character where it cannot stand" },
	{ "^*a$", "has a special character where it cannot stand" },
	{ "^a^b$", "has a special character where it cannot stand" },
	{ "^a$b$", "has a special character where it cannot stand" },
	{ "^{a}$", "has a special character where it cannot stand" },
	{ "^a}$", "has a special character where it cannot stand" },
	{ "^(+a)$", "has a special character where it cannot stand" },
	{ "^a{,3}$", "has a count that is not {m}, {m,} or {m,n}" },
	{ "^a{x}$", "has a count that is not {m}, {m,} or {m,n}" },
	{ "^a{1,2,3}$", "has a count that is not {m}, {m,} or {m,n}" },
	{ "^a{1$", "has a count that is not {m}, {m,} or {m,n}" },
	{ "^a)$", "has a parenthesis without its partner" },
	{ "^(a$", "has a parenthesis without its partner" },
	{ "^[z-a]$", "does not compile: Invalid range end" },
	{ "^a{3,2}$", "does not compile: Invalid content of \\{\\}" },
};

static void
patterns_are_what_ecma_and_posix_have_in_common(void **state)
{
	(void)state;
	for (size_t i = 0; i < TN_ARRAY_LEN(patterns); i++) {
		TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
		TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
		TN_CLEANUP(tn_str_done) struct tn_str text = TN_STR_INIT;
		TN_CLEANUP(tn_schema_freep) struct tn_schema *schema = NULL;

		tn_str_addf(&text, "{'type':'string','maxLength':9,'pattern':'%s'}",
		    patterns[i].pattern);
		schema = compile(arena, tn_str_text(&text), &err);
		if ((schema == NULL) != (patterns[i].why != NULL))
			fail_msg("%s: %s", patterns[i].pattern,
			    schema == NULL ? err.message : "compiled");
		if (schema != NULL)
			continue;
		assert_true(tn_text_starts(err.message, "#/pattern: the pattern "));
		assert_string_equal(err.message + strlen("#/pattern: the pattern "),
		    patterns[i].why);
	}
}

static void
a_schema_in_a_schema_has_its_bound(void **state)
{
	TN_CLEANUP(tn_arena_freep) struct tn_arena *arena = tn_arena_new();
	TN_CLEANUP(tn_error_done) struct tn_error err = TN_ERROR_INIT;
	struct tn_value *value = tn_value_object(arena);
	struct tn_schema *schema = NULL;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct tn_value *outer = tn_value_object(arena);

		tn_value_set_text(arena, outer, "type", "array");
		tn_value_set(arena, outer, "items", value);
		value = outer;
	}
	assert_int_equal(tn_schema_compile(value, &schema, &err), -TN_E_INPUT);
	assert_true(
	    tn_text_ends(err.message, "schemas stand too deep inside of each other"));
}

static void
nobody_frees_nothing(void **state)
{
	(void)state;
	tn_schema_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(schemas_of_the_subset_compile),
		cmocka_unit_test(other_schemas_are_refused_with_the_place),
		cmocka_unit_test(an_unknown_keyword_comes_with_the_nearest_right_one),
		cmocka_unit_test(patterns_are_what_ecma_and_posix_have_in_common),
		cmocka_unit_test(a_schema_in_a_schema_has_its_bound),
		cmocka_unit_test(nobody_frees_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
