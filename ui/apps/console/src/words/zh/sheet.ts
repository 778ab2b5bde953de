import type { SheetWords } from "../deskWords";

export const sheet: SheetWords = {
  sheet: {
    ticket: "入网票",
    validUntil: "有效至",
    day: (date) => `${date.getFullYear()} 年 ${date.getMonth() + 1} 月 ${date.getDate()} 日`,
    once: "一次有效。用过即作废。",
    fingerprint: "核对字",
    notHere: "不在票上，在部署卡上",
    notHereNote: "票能伪造，卡另外带去。",
    ticketSteps: [
      "把这台电脑打开，屏幕显示“请出示入网票”。",
      "把这一页举到镜头前，占满取景框。",
      "拿部署卡逐组核对屏幕上的八组字，都一致才按 Enter。",
    ],
    noCamera: "没有摄像头：把下面的文字发给自己，在那台电脑上粘贴。换行不要紧。",
    printed: (by, time) => `打印：${by}，${time}`,
    ticketWarns: "谁拿着这张票，谁就能让一台电脑入网。用后请撕毁。",
    card: "部署卡",
    cardFor: "入网时核对",
    cardFingerprint: "根指纹",
    cardCa: "证书指纹",
    address: "地址",
    cardSteps: [
      "与入网票分开带，不要夹在一起。",
      "电脑显示八组字，逐组与这张卡核对。",
      "有一组不同，就不要按 Enter，报告给签发人。",
    ],
    cardWarns: "这张卡不是秘密。可以多印，贴在卡点。",
    invitation: "邀请",
    invitationSteps: [
      "用手机或电脑扫这个码，或打开地址，输入口令。",
      "设密码和电脑口令，绑定验证器。",
      "完成就已登录。",
    ],
    invitationWord: "邀请口令",
    invitationWarns: "只给本人。谁拿着它，谁就能以你的名义登录。用后请撕毁。",
    words: "一次性口令",
    wordsSteps: [
      "登录时选“改用纸上的一次性口令”。",
      "输入任何一个没划掉的，用完划掉。",
      "剩两个时，在“我的账号”换新的一页。",
    ],
    wordsWarns: "和密码分开放。丢了就去换新的一页，旧的随即作废。",
    sample: "试用",
  },
};
