// Remembers through which application somebody came in last.
exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata('last_application', event.client.name);
};
