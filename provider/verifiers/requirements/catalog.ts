import { attestation } from "./attestation";
import { signature } from "./signature";

/** What can be asked for. A new kind is one file and one word here. */
export const requirementKinds = { signature, attestation } as const;
