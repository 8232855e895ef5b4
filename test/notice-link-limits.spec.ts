import { randomUUID } from 'node:crypto';
import { HOUR, plus } from '../src/kernel/clocks';
import { NoticeLinker } from '../src/notifications/domain/ports';
import { aPosting } from '../src/notifications/testing/notices-bench';
import { startMemoryApp } from './support/memory-app';

const PUBLIC = 'https://fleet.example.com';

it('links of notices stay open for who holds them, whatever strangers of the same address ask for', async () => {
  const narrow = await startMemoryApp({ FLEET_RATE_LIMIT_PER_MINUTE: '3', FLEET_PUBLIC_URL: PUBLIC });
  try {
    const notice = aPosting({ workerId: randomUUID(), deadline: plus(narrow.clock.now(), HOUR) });
    const urls = await narrow.app.get(NoticeLinker, { strict: false }).urlsOf(notice);
    const get = async (path: string) => (await narrow.as(null).get(path)).status;
    for (const expected of [404, 404, 404, 429, 429]) expect(await get('/notices/x')).toBe(expected);
    const path = urls?.keepOneHour.slice(PUBLIC.length) ?? '';
    for (const expected of [409, 409, 409, 429]) expect(await get(path)).toBe(expected);
    expect(await get(urls?.stopNow.slice(PUBLIC.length) ?? '')).toBe(409);
    // nor do they use up what callers of the API have
    expect(await get('/api/v1/workers')).toBe(401);
  } finally {
    await narrow.close();
  }
});
