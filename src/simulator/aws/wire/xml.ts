import { XMLBuilder } from 'fast-xml-parser';

/** A tree of element names; an array repeats its element, and what is undefined is left out. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [name: string]: Xml };
export type XmlElements = { readonly [name: string]: Xml };

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  suppressEmptyNode: true,
});

export function toXml(root: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(root)}`;
}

/** A list as EC2 writes it: `<item>` by `<item>` within the element that holds it. */
export function items<T>(list: Iterable<T>, one: (value: T) => Xml): Xml {
  return { item: [...list].map(one) };
}
