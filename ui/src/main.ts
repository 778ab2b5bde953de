import { mount } from "svelte";
import { connect } from "./backend";
import "./shared/tokens.css";
import "./shared/base.css";
import "./station/flood.css";
import App from "./station/App.svelte";

const backend = await connect();
const wantsContrast = matchMedia("(prefers-contrast: more)").matches;
document.documentElement.dataset["theme"] = backend.theme ?? (wantsContrast ? "contrast" : "dark");
const target = document.getElementById("app");
if (target !== null) mount(App, { target, props: { backend } });
