/** Every public format that is read without a mapping. New ones are added at the end. */
import { ABSEE_AUTO_LOAN_XML } from "./absee-auto-loan-xml.ts";
import type { TapeFormat } from "./tape-format.ts";

export const FORMATS: readonly TapeFormat[] = [ABSEE_AUTO_LOAN_XML];
