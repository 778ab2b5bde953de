import type { ConsentWords } from "../deskWords";

export const consents: ConsentWords = {
  consents: {
    title: "Waiting for a second person",
    acts: { "residents.trace": "to see who passed then", "residents.export": "to export passages" },
    mine: (act) => `You ask ${act}`,
    asks: (name, act) => `${name} asks ${act}`,
    until: (time) => `Ends ${time}`,
    by: (name) => `decided by ${name}`,
    states: { waits: "Waits", agreed: "Agreed", refused: "Refused", used: "Used", over: "Over" },
    agree: "Agree",
    refuse: "Refuse",
    open: "Open it now, once",
    foot: "Another administrator with the same right decides, of the same region or a higher one. Requests and decisions are in the audit log.",
    begun: (time) =>
      `Two people are needed here. The request is in the audit log. Once another administrator with this right agrees, open it on the page of residents, by ${time} and once.`,
  },
};
