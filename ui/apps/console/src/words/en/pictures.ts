import type { PictureWords } from "../deskWords";

export const pictures: PictureWords = {
  pictures: {
    choose: "Picture of a code",
    note: "Choose one, drop it on this window, or paste it. It is only read, and not kept.",
    done: "The code was read.",
    problems: {
      "no-code": "No code is in this picture. Take one that shows the whole code.",
      "one-of-several": "This is one of several codes that belong together. Scan each, or paste the text.",
      empty: "This file is empty.",
      "too-large": "This file is larger than 12 MB. Save a smaller picture.",
      heic: "A HEIC picture: save it as JPEG.",
      "other-picture": "This kind of picture is not read here. Save it as PNG or JPEG.",
      "web-page": "A web page, not a picture: save the picture itself.",
      "other-file": "Another kind of file, not a picture.",
      unknown: "Neither a picture nor a text.",
      "cut-off": "This file is cut off: its end is missing. Copy it again.",
      damaged: "This picture is damaged.",
      "too-many-pixels": "Too many pixels: at most 8,192 a side.",
      unsupported: "A picture of a kind that is not read here. Save it as PNG or JPEG.",
      locked: "A PDF that is locked by a password. Save it without one.",
      "no-pages": "A PDF without a page.",
      "too-many-pages": "A PDF of more than 100 pages. Save the page with the code alone.",
      "too-slow": "A page of this PDF takes too long to draw. Save it as a picture.",
      "code-too-far": "A code is there, too small to read. Take the picture from nearer.",
      "code-blurred": "A code is there, and blurred. Hold still and take it again.",
      "code-too-bright": "A code is there, with too much light on it. Tilt it and take it again.",
      "code-cut-off": "A code is there, and cut off. Show all of it, and the white around it.",
      "code-too-dark": "A code is there, and it is too dark. Take it where there is more light.",
    },
  },
};
