import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, decodeCursor, page, pageQuery, Problems, RequiresRole, wholeNumber } from '../../http';
import { ComparePolicyVersions } from '../application/compare-policy-versions.query';
import { ListPolicyVersions } from '../application/list-policy-versions.query';
import {
  anyPolicyId,
  comparisonView,
  type ComparisonView,
  toChangeView,
  toVersionView,
  versionPage,
  type VersionPage,
} from './policy-version.view';

const versionNumber = wholeNumber(0, 1_000_000_000);
const comparisonQuery = z.strictObject({
  against: versionNumber
    .optional()
    .describe('The version before it where this is left out; 0 is before the first'),
});

@ApiTags('idle policies')
@Controller('api/v1/reaper/policies/:id/versions')
export class PolicyVersionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequiresRole('viewer')
  @ApiOperation({
    summary: "List the versions of an idle policy: a named one's, `fleet`, or `worker-<id of a worker>`",
    description:
      'Newest first, with who changed what, when and why. Those of deleted policies are there as well.',
  })
  @Answers(200, versionPage, { description: 'A page of versions' })
  @Problems('policy-not-found')
  async list(
    @Param('id', { schema: anyPolicyId }) id: string,
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
  ): Promise<VersionPage> {
    const below = decodeCursor(cursor, versionNumber);
    const found = await this.queries.execute(new ListPolicyVersions(id.toLowerCase(), limit + 1, below));
    const { items, nextCursor } = page(found, limit, ({ version }) => version);
    return { items: items.map(toVersionView), nextCursor };
  }

  @Get(':version/diff')
  @RequiresRole('viewer')
  @ApiOperation({ summary: 'What a version of an idle policy says otherwise than another one' })
  @Answers(200, comparisonView, {
    description: 'The differences, by JSON pointers; lists are compared as wholes',
  })
  @Problems('policy-not-found')
  async compare(
    @Param('id', { schema: anyPolicyId }) id: string,
    @Param('version', { schema: versionNumber }) version: number,
    @Query({ schema: comparisonQuery }) query: z.output<typeof comparisonQuery>,
  ): Promise<ComparisonView> {
    const policyId = id.toLowerCase();
    const against = query.against ?? Math.max(0, version - 1);
    const changes = await this.queries.execute(new ComparePolicyVersions(policyId, version, against));
    return { policyId, version, against, changes: changes.map(toChangeView) };
  }
}
