import type { Words } from "../words";
import { board } from "./board";
import { common } from "./common";
import { consents } from "./consents";
import { door } from "./door";
import { erasures } from "./erasures";
import { people } from "./people";
import { pictures } from "./pictures";
import { record } from "./record";
import { residents } from "./residents";
import { roster } from "./roster";
import { sheet } from "./sheet";
import { stations } from "./stations";
import { sticks } from "./sticks";
import { traces } from "./traces";

export const zh: Words = {
  tag: "zh-Hans",
  ...common,
  ...door,
  ...people,
  ...stations,
  sticks,
  ...roster,
  ...record,
  ...residents,
  ...traces,
  ...consents,
  ...board,
  ...pictures,
  ...erasures,
  ...sheet,
};
