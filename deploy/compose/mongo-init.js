// Run once by the image of MongoDB, before it listens: the user of the application, who may touch its database only.
db.getSiblingDB('cml-fleet').createUser({
  user: 'cml-fleet',
  pwd: require('fs').readFileSync('/run/secrets/mongo-password', 'utf8').trim(),
  roles: [{ role: 'readWrite', db: 'cml-fleet' }],
});
