/**
 * Writes a line into the tenant's log, so that logins can be counted.
 */
exports.onExecutePostLogin = async (event) => {
	console.log(`login of ${event.user.user_id} to ##STAGE##`);
};
