/** What Smart Licensing counts, by the name that a virtual account has seats under. */
export type SeatName = ProductLicense | 'CML_NODE_COUNT';

/** The product licences that CML 2.9 knows ([H], [C] of its clients' tests and tooling). */
export type ProductLicense =
  | 'CML_Enterprise'
  | 'CML_Education'
  | 'CML_Internal'
  | 'CML_NotForResale'
  | 'CML_Personal'
  | 'CML_Personal40';

/** A feature of a product licence as CML lists it. */
export interface FeatureFacts {
  readonly id: string;
  readonly seat: SeatName;
  readonly name: string;
  readonly description: string;
  readonly max: number;
  /** in use where nobody has set it */
  readonly usual: number;
}

const regid = (tag: string, uuid: string): string => `regid.2019-10.com.cisco.${tag},1.0_${uuid}`;

/** Expansion nodes, beyond those of the base licence. */
const NODES: FeatureFacts = {
  id: regid('CML_NODE_COUNT', '2607650b-6ca8-46d5-81e5-e6688b7383c4'),
  seat: 'CML_NODE_COUNT',
  name: 'CML – Expansion Nodes',
  description: 'Cisco Modeling Labs - Expansion node capacity for CML Enterprise Servers',
  max: 300,
  usual: 0,
};

/** The ids of these two are known from servers; those of the other base features are made up. */
export const ENTERPRISE_BASE_ID = regid('CML_ENT_BASE', '15d3393c-846c-4e00-a54e-1ea90f2b2160');
export const NODE_COUNT_ID = NODES.id;

function base(seat: ProductLicense, id: string, edition: string, nodes: number): FeatureFacts {
  const name = `CML - ${edition} License`;
  const description = `Cisco Modeling Labs - ${edition} License with ${nodes} nodes capacity included`;
  return { id, seat, name, description, max: 1, usual: 1 };
}

const PRODUCTS: Readonly<Record<ProductLicense, readonly FeatureFacts[]>> = {
  CML_Enterprise: [base('CML_Enterprise', ENTERPRISE_BASE_ID, 'Enterprise', 20), NODES],
  CML_Education: [
    base('CML_Education', regid('CML_EDU_BASE', '1f0c5a51-0000-4000-8000-000000000001'), 'Education', 20),
    NODES,
  ],
  CML_Internal: [
    base('CML_Internal', regid('CML_INT_BASE', '1f0c5a51-0000-4000-8000-000000000002'), 'Internal', 20),
    NODES,
  ],
  CML_NotForResale: [
    base('CML_NotForResale', regid('CML_NFR_BASE', '1f0c5a51-0000-4000-8000-000000000003'), 'NFR', 20),
    NODES,
  ],
  CML_Personal: [
    base('CML_Personal', regid('CML_PERSONAL', '1f0c5a51-0000-4000-8000-000000000004'), 'Personal', 20),
  ],
  CML_Personal40: [
    base(
      'CML_Personal40',
      regid('CML_PERSONAL40', '1f0c5a51-0000-4000-8000-000000000005'),
      'Personal Plus',
      40,
    ),
  ],
};

export function isProductLicense(name: string): name is ProductLicense {
  return name in PRODUCTS;
}

/** The base feature first; the personal editions have no expansion nodes. */
export function featuresOf(product: ProductLicense): readonly FeatureFacts[] {
  return PRODUCTS[product];
}
