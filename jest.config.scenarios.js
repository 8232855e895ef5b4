const common = require('./jest.config.js');

/** The long forms of the matrix of failures and of the random scenarios: `npm run test:scenarios`. */
module.exports = { ...common, testMatch: ['**/test/convergence/**/*.long.ts'] };
