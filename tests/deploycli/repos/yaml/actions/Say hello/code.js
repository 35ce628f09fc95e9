// $& and @@password@@ are nothing special, ##ISSUER## is.
exports.onExecutePostLogin = async (event, api) => {
	const packages = '@@PACKAGES@@', stage = @@STAGE@@;
	api.idToken.setCustomClaim("##ISSUER##", `##ISSUER##${packages.length}${stage}`);
};
