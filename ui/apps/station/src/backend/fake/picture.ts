import { encode } from "uqr";

/** Where the drawn resident holds the phone. */
export type Pose = "none" | "far" | "low" | "black";

/** A drawn camera picture: dusk, somebody with a mask, and perhaps a phone with a sample code. */
export function picture(pose: Pose): string {
  const body = pose === "black" ? '<rect width="868" height="724" fill="#020203"/>' : scene(pose);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 868 724" width="868" height="724">${body}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

const LIGHTS: [number, number, number, string, number][] = [
  [92, 118, 36, "#FFB45E", 0.5],
  [196, 78, 22, "#FFD29A", 0.5],
  [282, 150, 27, "#FF9A4A", 0.34],
  [352, 64, 15, "#9CC7FF", 0.4],
  [622, 88, 42, "#FFC477", 0.42],
  [742, 142, 26, "#9CC7FF", 0.35],
  [802, 66, 31, "#FFB45E", 0.46],
  [44, 244, 21, "#FF9A4A", 0.4],
  [702, 232, 18, "#FF9A4A", 0.42],
];

function scene(pose: Pose): string {
  const lights = LIGHTS.map(
    ([x, y, r, fill, opacity]) =>
      `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" opacity="${opacity}"/>`,
  ).join("");
  return `<defs>
<linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#131C2B"/><stop offset=".45" stop-color="#26303F"/><stop offset=".62" stop-color="#3A3638"/><stop offset="1" stop-color="#15171B"/></linearGradient>
<radialGradient id="v" cx=".5" cy=".46" r=".76"><stop offset=".5" stop-opacity="0"/><stop offset="1" stop-opacity=".62"/></radialGradient>
<filter id="a" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="24"/></filter>
<filter id="b" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="5"/></filter></defs>
<rect width="868" height="724" fill="url(#s)"/>
<g filter="url(#b)"><path d="M0 306h104v-88h92v88h64v-72h64v72h270v-112h80v86h60v-56h134v262H0z" fill="#1B222D"/><rect y="404" width="868" height="16" fill="#6B6257" opacity=".5"/>${lights}</g>
<g filter="url(#a)"><path d="M330 724c4-210 40-330 130-372 40-18 120-18 160 0 96 44 136 170 140 372z" fill="#2C3950"/><ellipse cx="546" cy="232" rx="96" ry="124" fill="#B58768"/><path d="M440 214c-4-120 214-130 212-4-60-40-150-30-212 4z" fill="#15181D"/><path d="M454 262c60-22 124-22 184 0-2 70-46 98-92 98s-90-28-92-98z" fill="#C7D3E2"/></g>
${phone(pose)}<rect width="868" height="724" fill="url(#v)"/>`;
}

function phone(pose: Pose): string {
  if (pose === "none" || pose === "black") return "";
  const place = pose === "far" ? "translate(434 384) rotate(-5)" : "translate(700 636) rotate(9)";
  return `<g transform="${place}">
<path d="M10 190c30-40 70-70 110-64 40 10 60 90 40 170H-10z" fill="#39424F"/>
<rect x="-88" y="-180" width="176" height="352" rx="27" fill="#0B0E13"/><rect x="-81" y="-173" width="162" height="338" rx="21" fill="#F4F7FB"/>
<path d="M-81-106v-46a21 21 0 0 1 21-21H60a21 21 0 0 1 21 21v46z" fill="#3B5878"/><rect x="-20" y="-168" width="40" height="9" rx="4.500" fill="#0B0E13"/>
<text x="0" y="-122" font-family="Noto Sans CJK SC, sans-serif" font-size="17" font-weight="700" fill="#fff" text-anchor="middle">样例健康码</text>
<g transform="translate(-70 -90)">${code(140)}</g>
<text x="0" y="76" font-family="Noto Sans CJK SC, sans-serif" font-size="11" fill="#566274" text-anchor="middle">仅作样例 · SAMPLE</text>
<rect x="-62" y="96" width="124" height="8" rx="4" fill="#D6DDE6"/><rect x="-62" y="112" width="84" height="8" rx="4" fill="#D6DDE6"/>
<g fill="#6A7585"><rect x="-104" y="30" width="36" height="27" rx="13"/><rect x="-104" y="66" width="40" height="27" rx="13"/><rect x="-102" y="102" width="40" height="27" rx="13"/></g>
<path d="M98 20c20 0 30 20 18 44L86 128 62 92z" fill="#7C8797"/></g>`;
}

function code(size: number): string {
  const { data } = encode("KD1:SAMPLE ONLY, SIGNED BY NOBODY. ".repeat(9), { ecc: "M", border: 0 });
  const unit = size / data.length;
  const dots = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return `<path transform="scale(${unit})" d="${dots}" fill="#10151B"/>`;
}
