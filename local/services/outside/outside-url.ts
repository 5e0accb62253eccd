/** The header in which a worker's network says where its request was to go. Apart, for each worker loads it. */
export const outsideUrlHeader = 'x-local-outside-url';
