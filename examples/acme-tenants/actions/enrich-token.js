const axios = require('axios');
const { greet } = require('actions:greeter');

exports.onExecutePostLogin = async (event, api) => {
  const { data } = await axios.get('${vars.issuer}/directory/' + event.user.user_id, {
    headers: { authorization: `Bearer ${event.secrets.DIRECTORY_API_KEY}` },
    timeout: 3000,
  });
  api.idToken.setCustomClaim('${vars.issuer}/department', data.department);
  api.idToken.setCustomClaim('${vars.issuer}/greeting', greet(event.user.name));
};
