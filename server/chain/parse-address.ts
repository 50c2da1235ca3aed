import { getAddress, isAddress } from "ethers";
import { problem } from "../errors.ts";

/** The checksummed spelling of an address. @throws Problem address-invalid */
export function parseAddress(text: string): string {
  if (!isAddress(text)) throw problem("address-invalid", { address: text });
  return getAddress(text);
}
