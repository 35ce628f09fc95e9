#include "model/execution.h"

#include "base/value.h"

void
tn_execution_copy(struct tn_arena *arena, struct tn_execution *to,
    const struct tn_execution *from)
{
	struct tn_execution_result *results = tn_arena_array(arena, from->n_results,
	    struct tn_execution_result);

	for (size_t i = 0; i < from->n_results; i++) {
		const struct tn_execution_result *result = &from->results[i];

		results[i] = (struct tn_execution_result){
			.action_name = tn_arena_text(arena, result->action_name),
			.failed = result->failed,
			.error = tn_arena_text(arena, result->error),
			.started_at = tn_arena_text(arena, result->started_at),
			.ended_at = tn_arena_text(arena, result->ended_at),
		};
	}
	*to = (struct tn_execution){
		.id = tn_arena_text(arena, from->id),
		.trigger = tn_arena_text(arena, from->trigger),
		.status = tn_arena_text(arena, from->status),
		.results = results,
		.n_results = from->n_results,
		.created_at = tn_arena_text(arena, from->created_at),
		.updated_at = tn_arena_text(arena, from->updated_at),
	};
}

void
tn_test_run_copy(struct tn_arena *arena, struct tn_test_run *to,
    const struct tn_test_run *from)
{
	*to = (struct tn_test_run){
		.failed = from->failed,
		.error = tn_arena_text(arena, from->error),
		.answer = tn_value_clone(arena, from->answer),
	};
}
