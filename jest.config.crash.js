const common = require('./jest.config.js');

/** The long forms of the kill and race tests, one after the other: `npm run test:crash`. */
module.exports = { ...common, testMatch: ['**/test/crash/**/*.long.ts'], maxWorkers: 1 };
