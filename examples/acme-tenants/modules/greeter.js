exports.greet = (name) => `Good day, ${name}`;
