/** A text as it stands in an event: itself, or the address of its content. */
export type StoredText = { readonly text: string } | { readonly bodyHash: string };
