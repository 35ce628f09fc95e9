// Nobody logs in with an address that was never confirmed.
exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email_verified) {
    api.access.deny('Please confirm your e-mail address first.');
  }
};
