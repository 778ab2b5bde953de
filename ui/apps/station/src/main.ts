import { mount } from "svelte";
import "@kadian/kit/styles/tokens.css";
import "@kadian/kit/styles/base.css";
import "./drawing/drawing.css";
import "./drawing/flood.css";
import "./drawing/entrance.css";
import App from "./App.svelte";
import { connect } from "./backend/connect";

const backend = await connect();
const wantsContrast = matchMedia("(prefers-contrast: more)").matches;
document.documentElement.dataset["theme"] = backend.theme ?? (wantsContrast ? "contrast" : "dark");
const target = document.getElementById("app");
if (target !== null) mount(App, { target, props: { backend } });
