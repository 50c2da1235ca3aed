/** What a file may unpack to on the command line: more than any upload. */
export const MOST_BYTES = 64 * 2 ** 30;
