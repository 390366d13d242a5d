import { describe, expect, it } from "vitest";
import { lackSpaces } from "./unspaced.ts";

describe("lackSpaces", () => {
  it.each([
    ["Chinese", ["这家餐厅的汤非常好喝，服务员也很热情。", "下次还会再来！ 价格公道。", "好"]],
    ["short Chinese", ["很好", "不错", "一般"]],
    ["Japanese", ["スープがとても美味しかったです。また来ます！", "店員さんが親切でした"]],
    ["Japanese in katakana", ["コーヒー", "ラーメン"]],
    ["Thai, whose spaces part phrases", ["ร้านนี้อาหารอร่อยมาก บริการดี ราคาไม่แพง", "จะกลับมาอีกแน่นอน"]],
    ["Khmer", ["ខ្ញុំចូលចិត្តហាងនេះណាស់"]],
    ["Lao", ["ຂ້ອຍມັກຮ້ານນີ້ຫຼາຍ"]],
    ["Burmese", ["ဒီဆိုင်ကိုကြိုက်တယ်"]],
    ["Tibetan", ["བཀྲ་ཤིས་བདེ་ལེགས་ཞུས་པ་ཡིན"]],
    ["Chinese with a few English words", ["这家店的 wifi 很快，咖啡也好喝，下次还会再来的"]],
  ])("is so of %s", (_, texts) => {
    expect(lackSpaces(texts)).toBe(true);
  });

  it.each([
    ["English", ["The soup was cold.", "We shall not come again, ever."]],
    [
      "German, whose words are long",
      ["Donaudampfschifffahrtsgesellschaftskapitän", "Die Rechtsschutzversicherung zahlte."],
    ],
    ["Korean", ["수프가 정말 맛있었어요.", "다음에 또 올게요"]],
    ["Russian, Greek, Arabic and Hindi", ["Суп был холодным", "Η σούπα", "كان الحساء باردا", "सूप ठंडा था"]],
    ["Chinese cut into words", ["我们 很 喜欢 这 家 餐厅", "汤 非常 好喝"]],
    ["English that quotes Chinese", ["They call it 豆腐 here, and it was very good indeed."]],
    ["emoji, numbers and nothing", ["👍👍👍👍👍👍👍👍👍", "12345678901234567890", ""]],
  ])("is not so of %s", (_, texts) => {
    expect(lackSpaces(texts)).toBe(false);
  });
});
