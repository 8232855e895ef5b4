import { isUuid } from '../../kernel/ids';
import { type ResolvedTemplate, TemplateNotFound, TemplateNotForRegion, TemplateSource } from '../../workers';
import { type TemplateRepository } from '../domain/ports';
import { type PerRegion } from '../domain/template-details';
import { WorkerTemplateNotFound } from '../domain/template-errors';
import { type WorkerTemplate } from '../domain/worker-template';

/** The templates of this installation, for the creation of workers; read from their streams, so never out of date. */
export class StoredTemplates extends TemplateSource {
  constructor(private readonly templates: TemplateRepository) {
    super();
  }

  async resolve(template: string, region: string): Promise<ResolvedTemplate> {
    const found = await this.find(template);
    if (!found) throw new TemplateNotFound(template);
    const { id, version, state } = found;
    const { name, amiName, amiIds, tags, cmlVersion } = state;
    const { instanceTypes, keyName, rootVolume, iamInstanceProfile, userData, market, amiOwners } = state;
    const of = <T>(values: PerRegion<T>, what: string) => valueFor(values, { region, name, what });
    const launch = {
      ...{ instanceTypes, keyName, rootVolume, iamInstanceProfile, userData, market, amiOwners },
      subnetIds: of(state.subnetIds, 'subnetIds') ?? [],
      securityGroupIds: of(state.securityGroupIds, 'securityGroupIds') ?? [],
      template: { id, name, version },
    };
    const amiId = state.amiId ?? of(amiIds, 'amiIds');
    return { launch, amiId, amiName, tags, cmlVersion };
  }

  /** No name looks like an id. */
  private async find(template: string): Promise<WorkerTemplate | null> {
    if (!isUuid(template)) return this.templates.named(template);
    try {
      return await this.templates.get(template.toLowerCase());
    } catch (error) {
      if (error instanceof WorkerTemplateNotFound) return null;
      throw error;
    }
  }
}

/**
 * Null where nothing is said for any region. Once one is named, all are meant that are named: an instance that came up
 * in a default network because its region was forgotten would stand open.
 */
function valueFor<T>(
  values: PerRegion<T>,
  { region, name, what }: { region: string; name: string; what: string },
): T | null {
  if (Object.keys(values).length === 0) return null;
  const value = Object.hasOwn(values, region) ? values[region] : undefined;
  if (value === undefined) throw new TemplateNotForRegion(name, region, what);
  return value;
}
