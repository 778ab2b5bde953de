import type { PictureWords } from "../deskWords";

export const pictures: PictureWords = {
  pictures: {
    choose: "健康码图片",
    note: "选一张健康码的图片，或拖到窗口里，或粘贴。图片只用来读码，不保存。",
    done: "已读出码的文字。",
    problems: {
      "no-code": "图片里没有码。请让整个二维码露出来，再拍一张。",
      "one-of-several": "这是分成几张的码中的一张。请扫每一张，或粘贴文字。",
      empty: "文件是空的。",
      "too-large": "文件大于 12 MB。请把图片存小一些。",
      heic: "这是 HEIC 图片。请存成 JPEG 再选。",
      "other-picture": "不读这种图片格式。请存成 PNG 或 JPEG。",
      "web-page": "这是网页，不是图片。请把图片本身存下来。",
      "other-file": "这是别的文件，不是图片。",
      unknown: "这既不是图片，也不是文字。",
      "cut-off": "文件不完整，结尾缺了一段。请重新传一次。",
      damaged: "图片损坏，打不开。",
      "too-many-pixels": "图片像素太多。请存小一些：每边不超过 8,192。",
      unsupported: "这张图片的编码方式不支持。请存成 PNG 或 JPEG。",
      locked: "PDF 有密码。请存成没有密码的。",
      "no-pages": "PDF 里没有页。",
      "too-many-pages": "PDF 超过 100 页。请只存有码的那一页。",
      "too-slow": "PDF 的页太复杂，画得太久。请存成图片。",
      "code-too-far": "看到码了，但太小。请靠近些再拍。",
      "code-blurred": "看到码了，但模糊。请拿稳再拍。",
      "code-too-bright": "看到码了，但反光。请换个角度再拍。",
      "code-cut-off": "看到码了，但没拍全。请拍下整个码和四周的白边。",
      "code-too-dark": "看到码了，但太暗。请换个亮的地方再拍。",
    },
  },
};
