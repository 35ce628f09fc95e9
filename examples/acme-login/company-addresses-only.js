// Accounts are for people of the company.
exports.onExecutePreUserRegistration = async (event, api) => {
  if (!event.user.email || !event.user.email.endsWith('@acme.example')) {
    api.access.deny('outside_company', 'Please use your company address.');
  }
};
