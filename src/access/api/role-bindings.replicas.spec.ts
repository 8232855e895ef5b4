import { CqrsModule } from '@nestjs/cqrs';
import { eventually } from '../../../test/support/eventually';
import { connectTo, openTestDatabase } from '../../../test/support/test-database';
import { startHttpApp } from '../../http/testing/http-app';
import { Secret } from '../../kernel/secret';
import { AccessModule } from '../access.module';
import { OidcModule } from '../oidc.module';
import { AUDIENCE, startTestIssuer } from '../testing/test-issuer';

const ROOT_KEY = 'the-first-key-of-the-first-admin-1234';

/** Two applications on one database, as two replicas. */
describe('two replicas on MongoDB', () => {
  it('both take a role from a group at either, and know what was bound before they began', async () => {
    const [database, issuer] = await Promise.all([openTestDatabase(), startTestIssuer()]);
    const second = await connectTo(database.uri);
    const start = (connection: typeof second) => {
      const oidc = OidcModule.forRoot({
        ...{ issuer: issuer.url, audience: AUDIENCE, jwksUri: null, algorithms: ['ES256'] },
        claims: { name: 'name', groups: 'groups' },
      });
      const keys = { bootstrapKey: new Secret(ROOT_KEY), onGenerated: null };
      const access = AccessModule.forRoot({ persistence: 'mongo', imports: [oidc], ...keys });
      const imports = [CqrsModule.forRoot(), access];
      return startHttpApp({ imports, roleKeys: false, database: connection });
    };
    const here = await start(database.connection);
    const admin = { headers: { Authorization: `Bearer ${ROOT_KEY}` } };
    const body = { group: 'ops', role: 'admin' };
    const { id } = (await here.call('POST', '/api/v1/role-bindings', { ...admin, body })).body as {
      id: string;
    };
    const there = await start(second);
    try {
      const token = await issuer.token(here.clock.now(), { groups: 'ops' });
      const ann = { headers: { Authorization: `Bearer ${token}` } };
      const statusAt = async (replica: typeof here) =>
        (await replica.call('GET', '/api/v1/role-bindings', ann)).status;
      expect([await statusAt(here), await statusAt(there)]).toEqual([200, 200]);
      expect((await here.call('DELETE', `/api/v1/role-bindings/${id}`, admin)).status).toBe(204);
      expect(await statusAt(here)).toBe(403);
      await eventually(async () => expect(await statusAt(there)).toBe(403));
      expect((await there.call('POST', '/api/v1/role-bindings', { ...admin, body })).status).toBe(201);
      await eventually(async () => expect(await statusAt(here)).toBe(200));
    } finally {
      await here.close();
      await there.close();
      await issuer.close();
      await second.close();
      await database.drop();
    }
  });
});
