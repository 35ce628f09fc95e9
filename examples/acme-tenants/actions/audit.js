exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata('last_client', event.client.client_id);
};
