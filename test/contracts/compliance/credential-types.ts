/** The EIP-712 type of what an issuer signs. */
export const CREDENTIAL_TYPES = {
  Credential: [
    { name: "identityId", type: "bytes32" },
    { name: "topic", type: "uint8" },
    { name: "value", type: "uint16" },
    { name: "validFrom", type: "uint40" },
    { name: "validUntil", type: "uint40" },
    { name: "vcHash", type: "bytes32" },
    { name: "epoch", type: "uint8" },
    { name: "issuer", type: "address" },
  ],
};
