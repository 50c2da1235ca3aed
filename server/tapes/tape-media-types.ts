/** Media types that a tape is sent as; what it is, is told by its content. */
export const TAPE_TYPES = [
  "application/xml",
  "text/xml",
  "text/csv",
  "text/plain",
  "application/octet-stream",
  "application/gzip",
  "application/x-gzip",
  "application/zip",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];
