// Lets an API tell the tokens of programs from those of people.
exports.onExecuteCredentialsExchange = async (event, api) => {
  api.accessToken.setCustomClaim('https://acme.example/kind', 'machine');
};
